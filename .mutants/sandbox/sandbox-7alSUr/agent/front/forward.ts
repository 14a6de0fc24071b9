import { request } from "node:http";
import type { Agent, ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { forwardedHeaders } from "./headers.ts";

/** How an exchange ended: the answer is whole, or who broke it off. */
export type Ended = "whole" | "client-left" | "broken" | "no-answer";

export interface Watching {
  /** Sees each piece of the answer; undefined: nobody looks. */
  readonly onAnswer: (answer: IncomingMessage) => ((piece: Buffer) => void) | undefined;
  /** Called exactly once. */
  readonly onEnd: (how: Ended) => void;
}

export interface Model {
  readonly port: number;
  readonly connections: Agent;
}

/** Headers by their names in lower case: what the model gets beside the client's, the client beside the model's. */
interface Added {
  readonly extra: Readonly<Record<string, string>>;
  readonly back: Readonly<Record<string, string>>;
}

// Lines of up to 16 KB, 64 KB altogether, as an Application Load Balancer lets pass (ELB guide, quotas).
export const MOST_HEADER_BYTES = 64 * 1024;

/** Sends a request to the model and its answer back, both as streams. */
export function forward(
  req: IncomingMessage,
  res: ServerResponse,
  model: Model,
  { extra, back }: Added,
  { onAnswer, onEnd }: Watching,
): void {
  let asked: ClientRequest | undefined;
  let isEnded = false;
  const end = (how: Ended) => {
    if (isEnded) return;
    isEnded = true;
    onEnd(how);
  };
  res.sendDate = false;
  res.on("finish", () => end("whole"));
  res.on("close", () => {
    end("client-left");
    if (!res.writableFinished) asked?.destroy();
  });
  const hasBody =
    req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;
  // HTTP/1.0 needs none, and the model is asked with 1.1.
  const host = req.headers.host === undefined ? ["Host", "127.0.0.1"] : [];
  const headers = [...host, ...forwardedHeaders(req), ...bodyHeaders(req), ...Object.entries(extra).flat()];
  const ask = (mayRepeat: boolean) => {
    const asking = request({
      host: "127.0.0.1",
      port: model.port,
      method: req.method,
      path: req.url,
      headers,
      agent: model.connections,
      maxHeaderSize: MOST_HEADER_BYTES,
    });
    asked = asking;
    let isAnswered = false;
    asking.on("continue", () => res.writeContinue());
    asking.on("response", (answer) => {
      // Node's parser takes any number of three digits for a status, and its server sends none below 100.
      if ((answer.statusCode ?? 0) < 200) {
        asking.destroy(new Error(`it answered with status ${answer.statusCode}`));
        return;
      }
      isAnswered = true;
      // uvicorn closes the connection after an answer of 500 without having said so: the next request would be lost.
      if ((answer.statusCode ?? 0) >= 500) asking.shouldKeepAlive = false;
      relay(answer, res, back, onAnswer(answer), () => end("broken"));
    });
    asking.on("error", (error) => {
      if (isAnswered || isEnded) return;
      // The model closed an idle connection in the same moment: nothing of the request was read.
      if (mayRepeat && asking.reusedSocket && isReset(error)) return ask(false);
      end("no-answer");
      answerUnreached(req, res, error);
    });
    // Node closes the connection without an error after a 101 that nobody asked for.
    asking.on("close", () => {
      if (isAnswered || isEnded || asked !== asking) return;
      end("no-answer");
      answerUnreached(req, res, new Error("it closed the connection"));
    });
    if (hasBody) req.pipe(asking);
    else asking.end();
  };
  ask(!hasBody);
}

function relay(
  answer: IncomingMessage,
  res: ServerResponse,
  back: Added["back"],
  onPiece: ((piece: Buffer) => void) | undefined,
  onBroken: () => void,
): void {
  const added = Object.entries(back).filter(([name]) => answer.headers[name] === undefined);
  res.writeHead(answer.statusCode ?? 502, answer.statusMessage, [
    ...forwardedHeaders(answer),
    ...added.flat(),
  ]);
  if (onPiece !== undefined) answer.on("data", onPiece);
  answer.pipe(res);
  // A status alone goes out as soon as nothing follows it: the client's first byte is the model's first byte.
  let hasPiece = false;
  answer.once("data", () => {
    hasPiece = true;
  });
  setImmediate(() => {
    if (!hasPiece && !res.destroyed && !res.writableEnded) res.flushHeaders();
  });
  const broken = () => {
    if (answer.complete) return;
    onBroken();
    // The status is out: a broken connection is the only way left to say that the body is not whole.
    res.destroy();
  };
  answer.on("error", broken);
  answer.on("close", broken);
}

/** How long the body is, where the client's own header has gone with the connection's, or was never there. */
function bodyHeaders({ headers, method = "GET" }: IncomingMessage): readonly string[] {
  if (headers["transfer-encoding"] !== undefined) return ["Transfer-Encoding", "chunked"];
  const isLong =
    headers["content-length"] !== undefined || ["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"].includes(method);
  return isLong ? [] : ["Content-Length", "0"];
}

function answerUnreached(req: IncomingMessage, res: ServerResponse, error: Error): void {
  if (res.destroyed) return;
  if (res.headersSent) return void res.destroy();
  const why = "code" in error && error.code === "ECONNREFUSED" ? "it does not listen yet" : error.message;
  const text = `The model cannot be reached: ${why}.\n`;
  // The rest of an upload is on its way, so the next request could not be told from it.
  const connection = req.complete ? {} : { connection: "close" };
  res.writeHead(502, {
    "content-type": "text/plain",
    "content-length": Buffer.byteLength(text),
    ...connection,
  });
  res.end(text);
}

const isReset = (error: Error) => "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
