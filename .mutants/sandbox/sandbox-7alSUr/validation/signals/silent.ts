import type { Slot } from "../../contract/slot.ts";
import type { Count } from "../core/comparison/counts.ts";
import type { SignalSeries } from "../core/signals/series.ts";

/** By so many expected ones, and none: chance has that less than once in 20,000 (e^-10). */
const EXPECTED = 10;

export interface RequestsSeen {
  readonly slots: { readonly candidate: Slot; readonly active: Slot };
  /** Requests of a slot in the minute that begins then. */
  readonly requests: (arm: "candidate" | "active", atMs: number) => number;
}

/**
 * A signal of which a slot says nothing at all, although it has users: a wrong name, a container that logs nothing, a
 * model that counts no more. No data is not good news, so it holds. Of labels nobody knows when they come.
 */
export function withSilence(series: SignalSeries, { slots, requests }: RequestsSeen): SignalSeries {
  const { signal, minutes, history, held } = series;
  if (held !== undefined || signal.source.from === "labels" || minutes.length === 0) return series;
  const asked = (arm: "candidate" | "active") =>
    minutes.reduce((sum, { atMs }) => sum + requests(arm, atMs), 0);
  const [ofCandidate, ofActive] = [asked("candidate"), asked("active")];
  const shown = exposureOf(minutes.map(({ candidate }) => candidate));
  const usual = exposureOf(minutes.map(({ active }) => active));
  const why = (slot: Slot, count: number) =>
    `nothing was counted of ${slot} in ${minutes.length} minutes in which it had ${count} requests`;
  const anything = usual + exposureOf(history);
  if (anything === 0 && ofActive >= EXPECTED)
    return {
      ...series,
      held: `${why(slots.active, ofActive)}, nor in the day before: there is nothing to compare with`,
    };
  const expected = ofActive === 0 ? 0 : (usual / ofActive) * ofCandidate;
  if (shown === 0 && expected >= EXPECTED)
    return {
      ...series,
      held: `${why(slots.candidate, ofCandidate)}; about ${Math.round(expected)} were due`,
    };
  return series;
}

const exposureOf = (counts: readonly Count[]) => counts.reduce((sum, { exposure }) => sum + exposure, 0);
