import {
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
  createServer,
} from "node:http";
import type { Duplex } from "node:stream";
import type { Predict } from "./faults.ts";
import { Refusal, readFeatures } from "./request.ts";

export interface ServiceOptions {
  readonly predict: Predict;
  /** The version that answers carry. */
  readonly modelVersion: string;
  /** What GET /metadata answers. */
  readonly metadata: object;
  /** Gets the answer to a request that has an id of its own (`x-request-id`). */
  readonly onPrediction?: (requestId: string, prediction: number) => void;
  /** A request that has not arrived completely by then is answered with 408. */
  readonly requestTimeoutMs?: number;
}

interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly answer: (request: IncomingMessage) => object | Promise<object>;
}

/** The service as an HTTP server that does not listen yet. The model is loaded, so /health is good from the start. */
export function createService(options: ServiceOptions): Server {
  const { predict, modelVersion, metadata, onPrediction = () => {}, requestTimeoutMs = 10_000 } = options;
  const routes: readonly Route[] = [
    { method: "GET", path: "/health", answer: () => ({ status: "ok" }) },
    { method: "GET", path: "/metadata", answer: () => metadata },
    {
      method: "POST",
      path: "/predict",
      answer: async (request) => {
        const prediction = await predict(await readFeatures(request));
        const requestId = request.headers["x-request-id"];
        if (typeof requestId === "string") onPrediction(requestId, prediction);
        return { prediction, model: "digits", modelVersion };
      },
    },
  ];
  const server = createServer({
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(requestTimeoutMs, 1000),
    // AWS, "Edit attributes for your Application Load Balancer": keep the application's idle timeout above the load
    // balancer's (60 s). Otherwise it sends a request into a connection that just closed, and its user gets a 502.
    keepAliveTimeout: 75_000,
  });
  server.on("request", async (request, response) => {
    try {
      respond(server, response, 200, await findRoute(routes, request).answer(request));
    } catch (error) {
      respondWithError(server, request, response, error, modelVersion);
    }
  });
  server.on("clientError", answerBrokenRequest);
  return server;
}

/**
 * Stops accepting, lets the requests in flight finish, closes the connections that wait for another request.
 * What is still open after `graceMs` is cut.
 */
export function stopGracefully(server: Server, graceMs: number): Promise<void> {
  const deadline = setTimeout(() => server.closeAllConnections(), graceMs);
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(deadline);
      resolve();
    });
  });
}

function findRoute(routes: readonly Route[], request: IncomingMessage): Route {
  const path = request.url?.split("?")[0];
  const route = routes.find((route) => route.path === path);
  if (route === undefined) {
    throw new Refusal(404, `no such path: there are ${routes.map(({ path }) => path).join(", ")}`);
  }
  if (route.method !== request.method) {
    throw new Refusal(405, `${route.path} takes ${route.method} only`, { allow: route.method });
  }
  return route;
}

function respond(server: Server, response: ServerResponse, status: number, body: object, headers = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    // A stopping server takes no further request on this connection; the client has to know before it sends one.
    ...(server.listening ? {} : { connection: "close" }),
  });
  response.end(text);
}

function respondWithError(
  server: Server,
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  modelVersion: string,
): void {
  // The client hung up in the middle of its request: there is nobody to answer.
  if (request.destroyed && !request.complete) return;
  if (error instanceof Refusal) {
    respond(server, response, error.status, { error: error.message }, error.headers);
    return;
  }
  console.error(`digits: ${error instanceof Error ? error.message : String(error)}`);
  respond(server, response, 500, {
    error: "the model failed on this request",
    model: "digits",
    modelVersion,
  });
}

const brokenRequests: ReadonlyMap<string | undefined, { status: number; error: string }> = new Map([
  ["ERR_HTTP_REQUEST_TIMEOUT", { status: 408, error: "the request did not arrive completely in time" }],
  ["HPE_HEADER_OVERFLOW", { status: 431, error: "the request's header is too large" }],
]);

/** For what never became a request, Node gives the bare socket and leaves the answer to us. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, error: message } = brokenRequests.get(error.code) ?? {
    status: 400,
    error: "this is not HTTP/1.1",
  };
  const body = JSON.stringify({ error: message });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
