import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { answerError } from "./answer.ts";
import { responseHeaders } from "./headers.ts";
import { begin, end } from "./target.ts";
import type { Exchange, Target } from "./target.ts";

/** What became of a forwarded request. */
export type Outcome =
  | { readonly kind: "answered"; readonly status: number; readonly seconds: number }
  /** The load balancer answered `status` for the target; `connected` says whether there was a connection at all. */
  | { readonly kind: "failed"; readonly status: 502 | 504; readonly connected: boolean }
  | { readonly kind: "client-left" };

export interface ForwardOptions {
  readonly path: string;
  /** Name, value, name, value… */
  readonly headers: string[];
  /** Real milliseconds without a byte from the target. */
  readonly idleTimeoutMs: number;
  /** Set-Cookie values to add to the target's answer. */
  readonly setCookies: readonly string[];
  /** Called exactly once: at the response headers, or at the failure before them. */
  readonly onOutcome: (outcome: Outcome) => void;
}

/** ELB guide, HTTP 504: no connection in time, or no response in time. Everything else that fails is a 502. */
const TIMEOUT_CODES = new Set(["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT"]);

/** Sends a request to a target and its answer back, both as streams. */
export function forward(
  req: IncomingMessage,
  res: ServerResponse,
  target: Target,
  options: ForwardOptions,
): void {
  const startedMs = performance.now();
  let controller: Dispatcher.DispatchController | undefined;
  let aborted: Error | undefined;
  let reported = false;

  const report = (outcome: Outcome) => {
    if (reported) return;
    reported = true;
    options.onOutcome(outcome);
  };
  const abort = (reason: Error) => {
    aborted = reason;
    controller?.abort(reason);
  };
  const exchange: Exchange = { cut: () => abort(new Error("the target was taken out of service")) };
  begin(target, exchange);
  res.on("close", () => {
    end(target, exchange);
    if (res.writableFinished) return;
    report({ kind: "client-left" });
    abort(new Error("the client left"));
  });
  res.on("drain", () => controller?.resume());

  const fail = (error: Error) => {
    if (res.headersSent || res.destroyed) {
      // The status is out already: a broken connection is the only way left to say that the body is not whole.
      res.destroy();
      return;
    }
    const status = "code" in error && TIMEOUT_CODES.has(String(error.code)) ? 504 : 502;
    report({ kind: "failed", status, connected: controller !== undefined });
    answerError(res, status);
  };

  target.pool.dispatch(
    {
      path: options.path,
      // node:http has accepted the method; undici's type lists only the common ones.
      method: (req.method ?? "GET") as Dispatcher.HttpMethod,
      headers: options.headers,
      body: uploadOf(req),
      headersTimeout: options.idleTimeoutMs,
      bodyTimeout: options.idleTimeoutMs,
    },
    {
      onRequestStart(started) {
        controller = started;
        if (aborted !== undefined) started.abort(aborted);
      },
      onResponseStart(_controller, status, headers, statusMessage) {
        // 1xx are about this connection; the final response follows.
        if (status < 200) return;
        report({ kind: "answered", status, seconds: (performance.now() - startedMs) / 1000 });
        res.writeHead(status, statusMessage, responseHeaders(headers, options.setCookies));
      },
      onResponseData(data, chunk) {
        if (!res.write(chunk)) data.pause();
      },
      onResponseEnd() {
        res.end();
      },
      onResponseError(_controller, error) {
        fail(error);
      },
    },
  );
}

/**
 * The request's body, or null when it has none. A stream of its own: undici destroys the body of a request that the
 * target answered early, and destroying `req` itself would take the client's connection along before the answer.
 */
function uploadOf(req: IncomingMessage): Readable | null {
  const length = req.headers["content-length"];
  if (req.headers["transfer-encoding"] === undefined && (length === undefined || length === "0")) return null;
  const upload = new Readable({
    read: () => req.resume(),
    destroy(error, done) {
      req.off("data", onData);
      // What the target does not want any more is read and thrown away, so that the client gets its answer.
      req.resume();
      done(error);
    },
  });
  const onData = (chunk: Buffer) => {
    if (!upload.push(chunk)) req.pause();
  };
  req.on("data", onData);
  req.on("end", () => upload.push(null));
  req.on("error", (error) => upload.destroy(error));
  return upload;
}
