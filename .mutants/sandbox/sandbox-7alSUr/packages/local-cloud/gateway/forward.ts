import type { IncomingMessage, ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import { answerError } from "./answer.ts";
import { responseHeaders } from "./headers.ts";
import { begin, end } from "./target.ts";
import type { Exchange, Target } from "./target.ts";
import { uploadOf } from "./upload.ts";

/** What became of a forwarded request. */
export type Outcome =
  | { readonly kind: "answered"; readonly status: number; readonly seconds: number }
  /** The load balancer answered `status` for the target; `connected` says whether there was a connection at all. */
  | { readonly kind: "failed"; readonly status: OwnStatus; readonly connected: boolean }
  | { readonly kind: "client-left" };

type OwnStatus = 408 | 502 | 504;

export interface ForwardOptions {
  readonly path: string;
  /** Name, value, name, value… */
  readonly headers: string[];
  /** Set-Cookie values to add to the target's answer. */
  readonly setCookies: readonly string[];
  /** Called exactly once: at the response headers, or at the failure before them. */
  readonly onOutcome: (outcome: Outcome) => void;
}

/**
 * Sends a request to a target and its answer back, both as streams. The idle timeout is that of the client's
 * connection (`Doors.setIdleTimeout`): while nothing moves there, nothing has come from the target either.
 */
export function forward(
  req: IncomingMessage,
  res: ServerResponse,
  target: Target,
  options: ForwardOptions,
): void {
  const startedMs = performance.now();
  const upload = uploadOf(req);
  let controller: Dispatcher.DispatchController | undefined;
  let aborted: Error | undefined;
  let reported = false;

  const report = (outcome: Outcome) => {
    if (reported) return;
    reported = true;
    options.onOutcome(outcome);
  };
  const abort = (reason: string) => {
    aborted = new Error(reason);
    controller?.abort(aborted);
  };
  const fail = (status: OwnStatus) => {
    if (reported || res.destroyed) {
      // The status is out already: a broken connection is the only way left to say that the body is not whole.
      res.destroy();
      return;
    }
    report({ kind: "failed", status, connected: controller !== undefined });
    // The rest of the request never came, so the next one on this connection could not be told from it.
    if (status === 408) res.setHeader("Connection", "close");
    answerError(res, status);
  };

  const exchange: Exchange = { place: -1, cut: () => abort("the target was taken out of service") };
  begin(target, exchange);
  res.on("close", () => {
    end(target, exchange);
    if (res.writableFinished) return;
    report({ kind: "client-left" });
    abort("the client left");
  });
  res.on("timeout", () => {
    fail(upload?.waitsForClient() === true ? 408 : 504);
    abort("nothing moved for the idle timeout");
  });

  target.pool.dispatch(
    {
      path: options.path,
      // node:http has accepted the method; undici's type lists only the common ones.
      method: (req.method ?? "GET") as Dispatcher.HttpMethod,
      headers: options.headers,
      body: upload?.stream ?? null,
      headersTimeout: 0,
      bodyTimeout: 0,
    },
    {
      onRequestStart(started) {
        controller = started;
        if (aborted !== undefined) started.abort(aborted);
      },
      onResponseStart(_controller, status, headers, statusMessage) {
        // 1xx are about this connection; the final response follows.
        if (status < 200) return;
        res.writeHead(status, statusMessage, responseHeaders(headers, options.setCookies));
        report({ kind: "answered", status, seconds: (performance.now() - startedMs) / 1000 });
      },
      onResponseData(answer, chunk) {
        if (res.write(chunk)) return;
        answer.pause();
        res.once("drain", () => answer.resume());
      },
      onResponseEnd() {
        res.end();
      },
      onResponseError(_controller, error) {
        // The idle timeout has been answered before it ended the exchange with the target.
        if (!res.writableEnded) fail(isConnectTimeout(error) ? 504 : 502);
      },
    },
  );
}

/** ELB guide, HTTP 504: no connection before the connection timeout. Everything else that fails is a 502. */
function isConnectTimeout(error: Error): boolean {
  return "code" in error && error.code === "UND_ERR_CONNECT_TIMEOUT";
}
