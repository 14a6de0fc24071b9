import { TEST_HEADERS } from "../../contract/route/route.ts";
import { messageOf } from "../reading.ts";
import { quoted, type AskStream, type StreamReply } from "../protocols/ask.ts";
import type { Address } from "../stack/way-in.ts";
import { modelHeaders, wayIn, type LookUp } from "./way-in.ts";

/** However long a model talks, this is enough of it. */
const LONGEST_MS = 300_000;
/** Of an answer that is no stream. */
const KEPT_BYTES = 4_096;

/**
 * Asks a slot for answers in pieces, through its test rule as `testRoute` does.
 * @param stallSeconds of the machine: nothing for so long, from the request on, and it has stalled.
 */
export function testStream(
  address: Address,
  token: string,
  stallSeconds: number,
  tell: (words: string) => void,
  lookUp?: LookUp,
): AskStream {
  const own = modelHeaders();
  const way = wayIn(address, tell, lookUp);
  return async (slot, { method, path, contentType = "application/json", body }, take) => {
    const send = await way;
    const controller = new AbortController();
    let hasStalled = false;
    const stall = () => {
      hasStalled = true;
      controller.abort();
    };
    let timer = setTimeout(stall, stallSeconds * 1000);
    const startMs = performance.now();
    const seen = { status: 0, contentType: "" };
    const end = (how: StreamReply["end"], text: string): StreamReply => ({ ...seen, end: how, text });
    const kept: Uint8Array[] = [];
    const said = () => quoted({ status: 0, seconds: 0, text: Buffer.concat(kept).toString("utf8") });
    try {
      const response = await send(path, {
        method,
        headers: {
          ...own,
          [TEST_HEADERS.slot]: slot,
          [TEST_HEADERS.token]: token,
          "content-type": contentType,
          accept: "text/event-stream",
        },
        ...(body === undefined ? {} : { body }),
        redirect: "manual",
        signal: AbortSignal.any([controller.signal, AbortSignal.timeout(LONGEST_MS)]),
      });
      seen.status = response.status;
      seen.contentType = response.headers.get("content-type") ?? "";
      let bytesKept = 0;
      for await (const bytes of response.body ?? []) {
        clearTimeout(timer);
        timer = setTimeout(stall, stallSeconds * 1000);
        if (bytesKept < KEPT_BYTES) {
          kept.push(bytes.slice(0, KEPT_BYTES - bytesKept));
          bytesKept += bytes.length;
        }
        // To leave the loop is to cancel the body, and with it the connection.
        if (!take(bytes, (performance.now() - startMs) / 1000)) return end("left", said());
      }
      return end("closed", said());
    } catch (error) {
      if (hasStalled) return end("stalled", `nothing came for ${stallSeconds} s`);
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      return end("broken", messageOf(cause));
    } finally {
      clearTimeout(timer);
    }
  };
}
