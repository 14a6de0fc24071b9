import { observedPart, type Count, type PairedMinute } from "../counts.ts";
import { GRID_POINTS, HARM_FACTORS, logSumExp, logUniform } from "./grid.ts";

/**
 * What the minutes say about the ratio r of the two slots' event rates, as one function of r: given the events of a
 * minute, log of the likelihood is x_c log r - X log(w r + 1 - w) + a constant. Minutes with the same observed part w
 * share the second term, so the sum over all minutes is a sum over the parts that occurred.
 */
export interface RatioLikelihood {
  /** Σ of the events on the candidate, divided by φ. */
  readonly onCandidate: number;
  /** Σ over minutes of X log(w r + 1 - w), with X divided by φ. */
  shared(ratio: number): number;
}

// Parts are rounded to so many; at 10 % share that moves an end of an interval by less than 1 %.
const PARTS = 500;

export function ratioLikelihood(minutes: readonly PairedMinute[], dispersion: number): RatioLikelihood {
  const eventsByPart = new Float64Array(PARTS + 1);
  let onCandidate = 0;
  for (const minute of minutes) {
    const part = observedPart(minute);
    const events = minute.candidate.events + minute.active.events;
    if (part === undefined || events === 0) continue;
    onCandidate += minute.candidate.events / dispersion;
    const bin = Math.min(PARTS - 1, Math.max(1, Math.round(part * PARTS)));
    eventsByPart[bin] = (eventsByPart[bin] ?? 0) + events / dispersion;
  }
  const parts = [...eventsByPart.keys()].filter((bin) => (eventsByPart[bin] ?? 0) > 0);
  return {
    onCandidate,
    shared(ratio) {
      let sum = 0;
      for (const bin of parts) {
        const part = bin / PARTS;
        sum += (eventsByPart[bin] ?? 0) * Math.log(part * ratio + 1 - part);
      }
      return sum;
    },
  };
}

/** log of the fixed-start e-value for "the ratio is above `bound`" with alternatives `bound` times `factors`. */
function logE(seen: RatioLikelihood, bound: number, factors: readonly number[]): number {
  const base = seen.shared(bound);
  const logs = factors.map(
    (factor) => seen.onCandidate * Math.log(factor) + base - seen.shared(bound * factor),
  );
  return logSumExp(logs) - Math.log(factors.length);
}

const SAFETY_FACTORS: readonly number[] = logUniform(1 / 20, 1 / 1.1, GRID_POINTS);

/**
 * log of the mirror e-value: evidence that the ratio is below `bound`. If the true ratio is `bound` or more, the
 * probability that it ever reaches log(1 / b) is at most b.
 */
export const safetyLogE = (seen: RatioLikelihood, bound: number): number => logE(seen, bound, SAFETY_FACTORS);

/**
 * log of the e-value for "the candidate's rate is below `rate`": its clusters are compared with the number that a
 * candidate at that rate would have, at lower rates `rate` times each factor c. For a Poisson or binomial number x of
 * clusters with a mean of at least m, E[c^x] <= exp(-m (1 - c)), so c^x exp(m (1 - c)) has a mean of at most 1.
 */
export function rateLogE({ events, exposure }: Count, dispersion: number, rate: number): number {
  const mean = (exposure * rate) / dispersion;
  const logs = SAFETY_FACTORS.map((factor) => (events / dispersion) * Math.log(factor) + mean * (1 - factor));
  return logSumExp(logs) - Math.log(SAFETY_FACTORS.length);
}

export interface RatioInterval {
  /** Rates of the two slots divided; undefined: the active slot had no event. */
  readonly estimate: number | undefined;
  readonly low: number;
  /** undefined: nothing speaks against any ratio yet. */
  readonly high: number | undefined;
}

const LOWEST = 1 / 1000;
const HIGHEST = 10_000;
const HALVINGS = 18;

/**
 * The ratios that the minutes leave possible, a confidence sequence: the probability that the true ratio is ever
 * outside is at most `alpha`, half of it on each side, however often one looks.
 */
export function ratioInterval(
  minutes: readonly PairedMinute[],
  dispersion: number,
  alpha: number,
): RatioInterval {
  const seen = ratioLikelihood(minutes, dispersion);
  const enough = Math.log(2 / alpha);
  const isTooLow = (ratio: number) => logE(seen, ratio, HARM_FACTORS) >= enough;
  const isTooHigh = (ratio: number) => safetyLogE(seen, ratio) >= enough;
  return {
    estimate: estimateOf(minutes),
    low: isTooLow(LOWEST) ? boundary(isTooLow) : 0,
    high: isTooHigh(HIGHEST) ? boundary((ratio) => !isTooHigh(ratio)) : undefined,
  };
}

/** The ratio where a property that holds below it stops to hold, by halving on the log scale. */
function boundary(holds: (ratio: number) => boolean): number {
  let low = Math.log(LOWEST);
  let high = Math.log(HIGHEST);
  for (let turn = 0; turn < HALVINGS; turn++) {
    const middle = (low + high) / 2;
    if (holds(Math.exp(middle))) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/** Events of the candidate over those expected at the active slot's rate in the same minutes' shares. */
function estimateOf(minutes: readonly PairedMinute[]): number | undefined {
  let events = 0;
  let exposure = 0;
  let activeEvents = 0;
  let activeExposure = 0;
  for (const minute of minutes) {
    if (observedPart(minute) === undefined) continue;
    events += minute.candidate.events;
    exposure += minute.candidate.exposure;
    activeEvents += minute.active.events;
    activeExposure += minute.active.exposure;
  }
  return activeEvents === 0 ? undefined : events / exposure / (activeEvents / activeExposure);
}
