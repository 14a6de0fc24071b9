import type { Signal } from "../../../contract/signals/signal.ts";
import type { Slot } from "../../../contract/slot.ts";
import type { PredictionMinute } from "../../core/signals/at-age.ts";
import type { LabelEntry } from "./ledger.ts";

const MINUTE_MS = 60_000;

/** What a signal takes of the labels. */
export interface Taken {
  readonly kind: Signal["kind"];
  readonly labelAfterMinutes: number;
  /** Of this value of this segment alone; undefined: of all. */
  readonly segment?: { readonly key: string; readonly value: string };
}

/**
 * What was known of a slot's predictions when they had the declared age, by their minute: what came later is left out for
 * good, so that a minute does not change any more. `answers`: how many answers the slot gave in a minute. How many of them
 * are of a segment nobody knows, so its labels stand beside the answers of all: users are divided by chance, so of both
 * slots' answers the same part is of it.
 */
export function labelMinutes(
  entries: readonly LabelEntry[],
  slot: Slot,
  answers: ReadonlyMap<number, number>,
  { kind, labelAfterMinutes, segment }: Taken,
): readonly PredictionMinute[] {
  const minutes = new Map<number, { all: number; labelled: number; wrong: number }>();
  for (const entry of entries) {
    const { minuteMs, arrivedMs, count } = entry;
    const isInTime = arrivedMs <= minuteMs + (1 + labelAfterMinutes) * MINUTE_MS;
    const events = eventsOf(entry, kind);
    if (entry.slot !== slot || !isInTime || events === undefined) continue;
    const isTaken = segment === undefined || entry.segments[segment.key] === segment.value;
    const { all, labelled, wrong } = minutes.get(minuteMs) ?? { all: 0, labelled: 0, wrong: 0 };
    minutes.set(minuteMs, {
      all: all + count,
      labelled: labelled + (isTaken ? count : 0),
      wrong: wrong + (isTaken ? events : 0),
    });
  }
  return [...new Set([...answers.keys(), ...minutes.keys()])]
    .toSorted((a, b) => a - b)
    .map((atMs) => {
      const { all, labelled, wrong } = minutes.get(atMs) ?? { all: 0, labelled: 0, wrong: 0 };
      // The log and the load balancer may count an answer at the turn of a minute into two minutes.
      return { atMs, predictions: Math.max(all, answers.get(atMs) ?? 0), labelled, wrong };
    });
}

/** Wrong answers, or the sum of losses, where a wrong answer has a loss of 1; undefined: a loss is neither right nor wrong. */
function eventsOf({ wrong, lossSum, count }: LabelEntry, kind: Taken["kind"]): number | undefined {
  const byRight = wrong === undefined ? undefined : wrong ? count : 0;
  return kind === "losses" ? (lossSum ?? byRight) : byRight;
}
