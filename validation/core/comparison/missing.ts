import { blindSpotsOf, type ComparedMetric, type ComparisonPolicy } from "./compare.ts";
import { totalOf, type PairedMinute } from "./counts.ts";

/** What a step still needs, at the traffic that it has had. */
export interface Missing {
  /** Requests on the candidate. */
  readonly requests: number;
  readonly minutes: number;
}

const LONGEST_MINUTES = 7 * 24 * 60;

/**
 * How much longer the step has to be watched until its smallest detectable failure rate is small enough, if the traffic stays as it was in
 * this step and nothing fails on the candidate, and until it has had `minRequests` in it; undefined: no week is enough,
 * or there is no traffic to go by.
 */
export function missing(
  failed: ComparedMetric,
  stepSinceMs: number,
  policy: ComparisonPolicy,
  maxBlindSpot: number,
  minRequests = 0,
): Missing | undefined {
  const step = failed.minutes.filter(({ atMs }) => atMs >= stepSinceMs);
  const seen = totalOf(step);
  if (seen.informativeMinutes === 0) return undefined;
  // Nobody is ever rolled back for failing as often as is tolerated, so no time makes the smallest detectable failure
  // rate smaller than that. To find that out minute by minute takes minutes.
  if (policy.tolerance * seen.active.events >= maxBlindSpot * seen.active.exposure) return undefined;
  const perMinute = (sum: number) => sum / step.length;
  const typical: PairedMinute = {
    candidate: { exposure: perMinute(seen.candidate.exposure), events: 0 },
    active: { exposure: perMinute(seen.active.exposure), events: perMinute(seen.active.events) },
  };
  const blindSpot = blindSpotsOf(failed, stepSinceMs, policy);
  const isEnough = (minutes: number) =>
    blindSpot(Array.from({ length: minutes }, () => typical)) <= maxBlindSpot;
  const seeing = fewest(isEnough);
  if (seeing === undefined) return undefined;
  const answering = (minRequests - seen.candidate.exposure) / perMinute(seen.candidate.exposure);
  const minutes = Math.max(seeing, Math.ceil(answering));
  return { minutes, requests: Math.ceil(minutes * perMinute(seen.candidate.exposure)) };
}

/** The smallest whole number from 1 for which it holds, when it holds for all greater ones, too. */
function fewest(holds: (minutes: number) => boolean): number | undefined {
  let high = 1;
  while (!holds(high)) {
    high *= 2;
    if (high > LONGEST_MINUTES) return undefined;
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
