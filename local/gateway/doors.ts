import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AwsError } from "../aws-api/errors.ts";

export type Handler = (port: number, req: IncomingMessage, res: ServerResponse) => void;

/** The HTTP servers on 127.0.0.1 through which requests come in, by port. */
export interface Doors {
  /** Opens one; port 0 means any free one. Answers the port. Refuses a port that is taken. */
  open(port: number): Promise<number>;
  /** Stops listening on a port and ends its connections. */
  shut(port: number): void;
  /** Idle connections of clients are kept this long (real time). */
  setIdleTimeout(port: number, idleTimeoutMs: number): void;
  close(): Promise<void>;
}

/** ELB quotas: the whole request header may have 64 KB. */
const MAX_HEADER_BYTES = 64 * 1024;

export function createDoors(handle: Handler): Doors {
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
      // Uploads may take as long as they make progress, so there is no limit for a whole request.
      const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: 0 });
      server.once("error", (error: NodeJS.ErrnoException) => {
        reject(
          error.code === "EADDRINUSE"
            ? new AwsError(
                "InvalidConfigurationRequest",
                `port ${wanted} on 127.0.0.1 is in use by another process: stop that process, or let the local cloud choose another port`,
              )
            : error,
        );
      });
      server.listen(wanted, "127.0.0.1", () => {
        // An address is an object for every server on TCP.
        const { port } = server.address() as AddressInfo;
        server.on("request", (req, res) => handle(port, req, res));
        servers.set(port, server);
        resolve(port);
      });
      return promise;
    },
    shut: (port) => void shut(port),
    setIdleTimeout(port, idleTimeoutMs) {
      const server = servers.get(port);
      if (server !== undefined) server.keepAliveTimeout = idleTimeoutMs;
    },
    async close() {
      await Promise.all([...servers.keys()].map(shut));
    },
  };
}
