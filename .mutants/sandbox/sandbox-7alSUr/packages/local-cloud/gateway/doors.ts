import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { AwsError } from "../aws-api/errors.ts";
import { rawError } from "./answer.ts";

export interface DoorKeeper {
  onRequest(port: number, req: IncomingMessage, res: ServerResponse): void;
  /** Something came in that could not be read as a request, and was answered with this status. */
  onRefused(port: number, status: number): void;
}

/** The HTTP servers on 127.0.0.1 through which requests come in, by port. */
export interface Doors {
  /** Opens one; port 0 means any free one. Answers the port. Refuses a port that is taken. */
  open(port: number): Promise<number>;
  /** Stops listening on a port and ends its connections. */
  shut(port: number): void;
  /**
   * A connection on which nothing moves this long (real time) ends: at once between requests, with a `timeout` event
   * of the response during one. A request's headers must be there within the same time.
   */
  setIdleTimeout(port: number, idleTimeoutMs: number): void;
  close(): Promise<void>;
}

/** ELB quotas: the whole request header may have 64 KB. */
const MAX_HEADER_BYTES = 64 * 1024;

/** How often node:http looks for requests whose headers take too long. */
const CHECK_EVERY_MS = 500;

export function createDoors(keeper: DoorKeeper): Doors {
  const servers = new Map<number, Server>();

  const shut = (port: number): Promise<void> => {
    const server = servers.get(port);
    if (server === undefined) return Promise.resolve();
    servers.delete(port);
    const { promise, resolve } = Promise.withResolvers<void>();
    server.close(() => resolve());
    server.closeAllConnections();
    return promise;
  };

  return {
    open(wanted) {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const server = createServer({
        maxHeaderSize: MAX_HEADER_BYTES,
        // Uploads may take as long as they make progress, so there is no limit for a whole request.
        requestTimeout: 0,
        connectionsCheckingInterval: CHECK_EVERY_MS,
        // A missing Host is refused in the load balancer's own words (admission.ts).
        requireHostHeader: false,
      });
      // node:http drops headers after the 2,000th without a word; the limit is their size.
      server.maxHeadersCount = 0;
      server.once("error", (error: NodeJS.ErrnoException) => {
        reject(
          error.code === "EADDRINUSE"
            ? new AwsError(
                "InvalidConfigurationRequest",
                `port ${wanted} on 127.0.0.1 is in use by another process: stop that process`,
              )
            : error,
        );
      });
      server.listen(wanted, "127.0.0.1", () => {
        // An address is an object for every server on TCP.
        const { port } = server.address() as AddressInfo;
        serve(server, port, keeper);
        servers.set(port, server);
        resolve(port);
      });
      return promise;
    },
    shut: (port) => void shut(port),
    setIdleTimeout(port, idleTimeoutMs) {
      const server = servers.get(port);
      if (server === undefined) return;
      server.keepAliveTimeout = idleTimeoutMs;
      server.headersTimeout = idleTimeoutMs;
      server.timeout = idleTimeoutMs;
    },
    async close() {
      await Promise.all([...servers.keys()].map(shut));
    },
  };
}

function serve(server: Server, port: number, keeper: DoorKeeper): void {
  /** The latest answer of each connection that has had a request. */
  const answers = new WeakMap<Duplex, ServerResponse>();

  const refuse = (socket: Duplex, status: 400 | 408) => {
    const res = answers.get(socket);
    const underWay = res !== undefined && !res.writableFinished;
    // Into an answer that has begun nothing else can be written; one that has not is counted where it is given up.
    if (socket.writable && !(underWay && res.headersSent)) {
      socket.write(rawError(status));
      if (!underWay) keeper.onRefused(port, status);
    }
    socket.destroy();
  };

  server.on("request", (req, res) => {
    answers.set(req.socket, res);
    keeper.onRequest(port, req, res);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // The client is gone, and whoever was answering it learns that from its response.
    if (error.code === "ECONNRESET" || error.code === "EPIPE") socket.destroy();
    // ELB guide, HTTP 408 and 400: data did not come in time; or malformed, or a header of more than 64 K.
    else refuse(socket, error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400);
  });
  server.on("timeout", (socket) => {
    const res = answers.get(socket);
    if (res === undefined) refuse(socket, 408);
    // A response under way has got the event too; without a listener of its own nobody would end it.
    else if (res.writableFinished || res.listenerCount("timeout") === 0) socket.destroy();
  });
}
