import { showSplit } from "../../contract/route/split.ts";
import { backWords } from "../../validation/report/words.ts";
import type { CheckedEvent, ProgressEvent } from "../../validation/progress.ts";

/** A wait is shown, and is no news. */
type DescribedEvent = Exclude<ProgressEvent, CheckedEvent | { readonly kind: "waiting" }>;

const DESCRIBE: {
  readonly [K in DescribedEvent["kind"]]: (event: Extract<DescribedEvent, { kind: K }>) => string;
} = {
  applying: ({ message }) => `applying: ${message}`,
  applied: ({ split, message }) => `live: ${showSplit(split)} (${message})`,
  reverted: ({ to, seconds }) => backWords(to, seconds),
  preparing: ({ slot, healthy, needed, rolloutState, checks, instead }) => {
    const what =
      instead === undefined
        ? `${healthy} of ${needed} targets healthy${rolloutState === undefined ? "" : `, deployment ${rolloutState}`}`
        : `ECS goes back to ${instead}, of which ${healthy} targets are healthy`;
    return [`${slot}: ${what}`, ...checks].join("; ");
  },
  testing: ({ stage, done, total, secondsLeft }) =>
    `testing: ${stage}, ${done} of ${total}; about ${Math.ceil(secondsLeft)} s left`,
  locked: ({ who }) => `another update holds the stack: ${who}`,
  note: ({ message }) => message,
};

/** What happened, in a line. */
export function describe(event: DescribedEvent): string {
  // Each entry takes the event of its own kind, which a lookup by `event.kind` cannot express.
  return (DESCRIBE[event.kind] as (event: DescribedEvent) => string)(event);
}
