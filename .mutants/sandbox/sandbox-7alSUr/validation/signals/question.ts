import type { Slot } from "../../contract/slot.ts";

/** What a program or an address of the user's is asked about a signal; times are ISO 8601, the cloud's clock. */
export interface SignalQuestion {
  readonly signal: string;
  readonly stack: string;
  /** Which of the stack's models. */
  readonly model: string;
  /** Begin of the first minute that is wanted, and end of the last one. */
  readonly from: string;
  readonly to: string;
  readonly candidate: SlotAsked;
  readonly active: SlotAsked;
}

interface SlotAsked {
  readonly slot: Slot;
  readonly modelVersion: string | undefined;
}
