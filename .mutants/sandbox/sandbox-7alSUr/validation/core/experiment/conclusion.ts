import type { ExperimentOutcome } from "../../../contract/release/experiment.ts";
import { totalOf, type PairedMinute } from "../comparison/counts.ts";
import { differenceOf, type Between } from "./interval.ts";

/** What an experiment was to find out. */
export interface ExperimentAim {
  /** Which way the signal should go. */
  readonly better: "higher" | "lower";
  /** A difference of at most so many points is none worth having, and ends the experiment; undefined: none does. */
  readonly smallestPoints: number | undefined;
}

/** What an experiment says so far. Nothing but its counts, so asked again it says the same. */
export interface Look {
  /** Of the candidate, in points (hundredths); more is better, whichever way the signal goes. */
  readonly points: Between;
  /** What was counted on each slot: exposure and events. */
  readonly counted: Pick<PairedMinute, "candidate" | "active">;
  /** `better`, `worse`: there is a difference. `alike`: none that is worth having. `open`: more must be counted. */
  readonly outcome: ExperimentOutcome;
}

/** One look at the counts of an experiment, as good as any other. */
export function lookAt(
  minutes: readonly PairedMinute[],
  { better, smallestPoints }: ExperimentAim,
  phi: number,
): Look {
  const { candidate, active } = totalOf(minutes);
  const { low, high } = differenceOf(minutes, phi);
  // Adding 0 takes the sign from -0.
  const points =
    better === "higher"
      ? { low: 100 * low + 0, high: 100 * high + 0 }
      : { low: -100 * high + 0, high: -100 * low + 0 };
  return { points, counted: { candidate, active }, outcome: outcomeOf(points, smallestPoints) };
}

function outcomeOf({ low, high }: Between, smallest: number | undefined): Look["outcome"] {
  if (low > 0) return "better";
  if (high < 0) return "worse";
  return smallest !== undefined && -low <= smallest && high <= smallest ? "alike" : "open";
}

/** What it says in words: `green is better by 1.2 to 3.4 points`. Bounds are rounded to the outside. */
export function lookWords(slot: string, { points: { low, high } }: Look): string {
  if (low > 0) return `${slot} is better by ${floor(low)} to ${ceil(high)} points`;
  if (high < 0) return `${slot} is worse by ${floor(-high)} to ${ceil(-low)} points`;
  return `no difference larger than ${ceil(Math.max(-low, high))} points`;
}

// A last digit that arithmetic has added is no reason to round on.
const floor = (points: number) => (Math.floor(points * 100 + 1e-6) / 100).toString();
const ceil = (points: number) => (Math.ceil(points * 100 - 1e-6) / 100).toString();
