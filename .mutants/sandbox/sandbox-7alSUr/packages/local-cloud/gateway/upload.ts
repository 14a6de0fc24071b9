import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";

/** A request's body on its way to the target. */
export interface Upload {
  readonly stream: Readable;
  /** Whether the rest of the body has to come from the client, rather than be taken by the target. */
  waitsForClient(): boolean;
}

/**
 * The request's body, or undefined when it has none. A stream of its own: undici destroys the body of a request that
 * the target answered early, and destroying `req` itself would take the client's connection along before the answer.
 */
export function uploadOf(req: IncomingMessage): Upload | undefined {
  const length = req.headers["content-length"];
  if (req.headers["transfer-encoding"] === undefined && (length === undefined || length === "0"))
    return undefined;
  const stream = new Readable({
    read: () => req.resume(),
    destroy(error, done) {
      req.off("data", onData);
      // What the target does not want any more is read and thrown away, so that the client gets its answer.
      req.resume();
      done(error);
    },
  });
  // Whoever ends the upload with an error has told the client, or has it from the client.
  stream.on("error", () => {});
  const onData = (chunk: Buffer) => {
    if (!stream.push(chunk)) req.pause();
  };
  req.on("data", onData);
  req.on("end", () => stream.push(null));
  req.on("error", (error) => stream.destroy(error));
  return { stream, waitsForClient: () => !req.complete && !req.isPaused() };
}
