import { isTooDeep } from "./depth.ts";
import type { Slot } from "../../contract/slot.ts";

/** A request to the model of one slot. */
export interface Question {
  readonly method: "GET" | "POST" | "PUT" | "PATCH";
  readonly path: string;
  /** Absent: JSON; empty: none is said. */
  readonly contentType?: string;
  /** Others than the media type. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

export interface Reply {
  /** HTTP status; 0: no whole answer within the limit. */
  readonly status: number;
  /** From sending to the last byte of the answer. */
  readonly seconds: number;
  /** The body; for status 0 what went wrong. */
  readonly text: string;
  /** A header of the answer, by its name in any case; absent: nobody asked for headers. */
  readonly header?: (name: string) => string | undefined;
}

/** Asks a slot through its test rule. Never throws: not to be answered is an answer, too. */
export type Ask = (slot: Slot, question: Question) => Promise<Reply>;

/** A JSON body, or undefined when it is none. A bare NaN or infinity is read as its name, as a text. */
export function jsonOf({ text }: Reply): unknown {
  const whole = strictJson(text);
  if (whole !== undefined || !/NaN|Infinity/.test(text)) return whole;
  return strictJson(withNames(text));
}

/** JSON as it is written; undefined: the text is none, or nested too deep, which is a finding of the caller's. */
export function strictJson(text: string): unknown {
  try {
    return isTooDeep(text) ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Python's `json.dumps` writes `NaN`, `Infinity` and `-Infinity`, which are no JSON ("allow_nan", docs.python.org):
 * outside of texts they become texts.
 */
function withNames(text: string): string {
  let isInText = false;
  return text.replaceAll(/\\.|"|-?(?:NaN|Infinity)/gs, (found) => {
    if (found === '"') isInText = !isInText;
    return isInText || !/[NI]/.test(found) || found.startsWith("\\") ? found : `"${found}"`;
  });
}

/** What a person reads of a reply: `200`, or why there was none. */
export const shown = ({ status, text }: Reply) => (status === 0 ? text : String(status));

/** Enough of an error's own words to know it by, in characters. */
const QUOTED = 300;

/**
 * A reply that is not as it should be, with the beginning of what was said, on one line: `400: {"error":"features"}`.
 * What a terminal would obey is made harmless where it is printed.
 */
export function quoted(reply: Reply): string {
  // Longer than what is shown, because white space shrinks; a whole answer may have megabytes.
  const text = reply.text
    .slice(0, 10 * QUOTED)
    .replaceAll(/\s+/g, " ")
    .trim();
  const begin = text.length > QUOTED ? `${text.slice(0, QUOTED).toWellFormed()}…` : text;
  if (reply.status === 0) return begin;
  return begin === "" ? `${reply.status} with an empty body` : `${reply.status}: ${begin}`;
}

/** How an answer in pieces came to its end; what there was of it has been handed over. */
export interface StreamReply {
  /** HTTP status; 0: no answer at all. */
  readonly status: number;
  readonly contentType: string;
  /**
   * - `closed`: the server ended it.
   * - `broken`: its connection ended before.
   * - `stalled`: nothing came for too long.
   * - `left`: we did not want more.
   */
  readonly end: "closed" | "broken" | "stalled" | "left";
  /** The beginning of an answer that is no stream, or what went wrong. */
  readonly text: string;
}

/** Asks a slot for an answer in pieces. `take` gets each piece with the seconds since it was asked, and says whether to go on. Never throws. */
export type AskStream = (
  slot: Slot,
  question: Question,
  take: (bytes: Uint8Array, seconds: number) => boolean,
) => Promise<StreamReply>;
