import { totalOf, type PairedMinute } from "../comparison/counts.ts";
import { swapped, wagerOn, wageredMinutes, type WageredMinute } from "./wager.ts";

/** Between which numbers the candidate's mean less the active slot's lies, each in [-1, 1]. */
export interface Between {
  readonly low: number;
  readonly high: number;
}

/** Of so many experiments one may ever say something wrong, however often it is looked at. */
export const EXPERIMENT_ERROR = 0.01;

/** Half of it for each side. */
export const NEEDED_LOG = Math.log(2 / EXPERIMENT_ERROR);

/** As close as bounds are looked for: a hundredth of a point. */
const CLOSE = 1e-4;

/** What lies between the bounds at any look holds with a probability of 99 %, of all looks together. */
export function differenceOf(minutes: readonly PairedMinute[], phi = 1): Between {
  return {
    low: lowest(wagered(minutes), phi),
    high: 0 - lowest(wagered(minutes.map(swapped)), phi),
  };
}

const wagered = (minutes: readonly PairedMinute[]): readonly WageredMinute[] => {
  const next = wageredMinutes();
  return minutes.flatMap((minute) => next(minute) ?? []);
};

/** Every difference up to this one is refuted. The more it is said to be, the less is won. */
function lowest(minutes: readonly WageredMinute[], phi: number): number {
  const isRefuted = (by: number) => {
    const wager = wagerOn(by);
    for (const minute of minutes) wager.add(minute);
    return wager.hasWon(NEEDED_LOG, phi);
  };
  let [refuted, open] = [-1, 1];
  // From what was seen downwards, so that few are tried.
  let step = CLOSE;
  for (let by = observed(minutes); by > -1 && refuted === -1; by -= step) {
    if (isRefuted(by)) refuted = by;
    else open = by;
    step *= 4;
  }
  while (open - refuted > CLOSE) {
    const middle = (refuted + open) / 2;
    if (isRefuted(middle)) refuted = middle;
    else open = middle;
  }
  return refuted;
}

function observed(minutes: readonly WageredMinute[]): number {
  const { candidate, active } = totalOf(minutes.map(({ minute }) => minute));
  if (candidate.exposure === 0 || active.exposure === 0) return 0;
  return candidate.events / candidate.exposure - active.events / active.exposure;
}
