import type { Slot } from "../../contract/slot.ts";

/** A request to the model of one slot. */
export interface Question {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

export interface Reply {
  /** HTTP status; 0: no whole answer within the limit. */
  readonly status: number;
  /** From sending to the last byte of the answer. */
  readonly seconds: number;
  /** The body; for status 0 what went wrong. */
  readonly text: string;
}

/** Asks a slot through its test rule. Never throws: not to be answered is an answer, too. */
export type Ask = (slot: Slot, question: Question) => Promise<Reply>;

/** A JSON body, or undefined when it is none. */
export function jsonOf({ text }: Reply): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A body that is no JSON is a finding of the caller's.
    return undefined;
  }
}

/** What a person reads of a reply: `200`, or why there was none. */
export const shown = ({ status, text }: Reply) => (status === 0 ? text : String(status));
