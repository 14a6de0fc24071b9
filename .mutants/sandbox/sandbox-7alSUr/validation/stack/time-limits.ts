/** A revert waits no longer for the stack, and a step calls a person; that proves nothing about who holds it. */
export const LONGEST_UPDATE_MS = 30 * 60_000;
/** So many updates hold a hundred releases with a handful of steps each. */
export const KNOWN_UPDATES = 1_000;
