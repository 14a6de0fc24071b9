import { request as requestHttp } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { BodyCopy } from "../capture/copy.ts";
import type { ComparedAnswer } from "./same.ts";

/** A request to be sent once more. */
export interface AskedRequest {
  readonly method: string;
  readonly target: string;
  /** Name, value, name, value…; without a host, that of the address is said. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

export interface ShadowAnswer extends ComparedAnswer {
  readonly ms: number;
  readonly headers: IncomingMessage["headers"];
}

/** The answer, of whatever status; an error where there is none, or none that is whole in time. */
export function ask(
  base: URL,
  { method, target, headers, body }: AskedRequest,
  { mostBytes, timeoutMs }: { mostBytes: number; timeoutMs: number },
): Promise<ShadowAnswer> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const send = base.protocol === "https:" ? requestHttps : requestHttp;
    const hasHost = headers.some((name, at) => at % 2 === 0 && name.toLowerCase() === "host");
    const path = `${base.pathname.replace(/\/$/, "")}${target}`;
    const options = {
      host: base.hostname,
      port: base.port,
      method,
      path,
      headers: [...(hasHost ? [] : ["host", base.host]), ...headers, "content-length", String(body.length)],
      // A connection of its own: one that was just closed at the other end would look like a failure of the model.
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
    };
    const onAnswer = (answer: IncomingMessage) => {
      const copy = new BodyCopy(mostBytes);
      answer.on("data", copy.add);
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({
          status: answer.statusCode ?? 0,
          contentType: answer.headers["content-type"] ?? "",
          text: copy.text(answer.headers, mostBytes),
          ms: Math.round(performance.now() - startedMs),
          headers: answer.headers,
        }),
      );
    };
    const asking = send(options, onAnswer);
    asking.on("error", reject);
    asking.end(body);
  });
}
