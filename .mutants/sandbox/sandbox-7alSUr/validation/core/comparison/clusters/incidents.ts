import type { Count } from "../counts.ts";

export interface IncidentInput {
  /** The active slot's counts per zone, minute by minute, all zones over the same minutes. */
  readonly zones: readonly (readonly Count[])[];
  /** φ without incidents. */
  readonly dispersion: number;
  /** Only minutes from this one on are asked for, the first unless given: those before tell what is usual. */
  readonly from?: number;
}

/** One failing task shows in a minute where there is much traffic, and only in several where there is little. */
const WINDOW_MINUTES = [1, 5] as const;
/** So rarely may chance pass for an incident: a minute too many is left out of a proof, which only waits for it. */
const LEVEL = 1e-4;

/**
 * The minutes in which a zone of the active slot fails far more than it usually does. What an active slot suffers then
 * makes any candidate look good, so such a minute proves nothing about one; it still counts against it.
 *
 * In a window of x events where the zone's usual rate lets expect m of them, clusters of at most φ events give
 * P(events >= x) <= exp(-(x log(x / m) - x + m) / φ) (Chernoff).
 */
export function incidentMinutes({ zones, dispersion, from = 0 }: IncidentInput): ReadonlySet<number> {
  const found = new Set<number>();
  const needed = -Math.log(LEVEL) * dispersion;
  for (const zone of zones) {
    const [exposure, events] = [
      runningSum(zone, (count) => count.exposure),
      runningSum(zone, (count) => count.events),
    ];
    const all = events.at(-1) ?? 0;
    const requests = exposure.at(-1) ?? 0;
    if (all === 0 || requests === 0) continue;
    for (const length of WINDOW_MINUTES) {
      for (let end = Math.max(length, from + 1); end < exposure.length; end++) {
        const begin = end - length;
        const x = (events[end] ?? 0) - (events[begin] ?? 0);
        const expected = (((exposure[end] ?? 0) - (exposure[begin] ?? 0)) * all) / requests;
        if (x <= expected || x * Math.log(x / expected) - x + expected < needed) continue;
        for (let minute = begin; minute < end; minute++) found.add(minute);
      }
    }
  }
  return found;
}

/** From the first minute to before each minute. */
function runningSum(counts: readonly Count[], of: (count: Count) => number): Float64Array {
  const sums = new Float64Array(counts.length + 1);
  let sum = 0;
  counts.forEach((count, index) => {
    sum += of(count);
    sums[index + 1] = sum;
  });
  return sums;
}
