import type { Question } from "../../protocols/ask.ts";

/**
 * - `refuse`: a client's mistake; it gets a 4xx, in time.
 * - `survive`: a server may take it or refuse it; it gets no 5xx, and no answer that is no finite number.
 */
export type Must = "refuse" | "survive";

/** Something that nobody should send. */
export interface Malformed {
  readonly what: string;
  readonly must: Must;
  readonly question: Question;
}

/** A good request, from which the wrong ones are made. */
export interface Good extends Question {
  readonly method: "POST";
  readonly body: string;
}

/** Makes wrong requests of a good one: another body, and what else is other about it. */
export type Post = (
  what: string,
  must: Must,
  body: string | Uint8Array<ArrayBuffer>,
  own?: Partial<Question>,
) => Malformed;

export const postOf =
  (good: Good): Post =>
  (what, must, body, own = {}) => ({ what, must, question: { ...good, body, ...own } });

export const bytesOf = (text: string) => new TextEncoder().encode(text);
