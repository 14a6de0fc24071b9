import type { Slot } from "../../../contract/slot.ts";

/** Who serves everyone at the begin, and who is released. */
export const ACTIVE: Slot = "blue";
export const CANDIDATE: Slot = "green";
