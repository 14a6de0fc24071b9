import { observedPart, type PairedMinute } from "../counts.ts";
import { GRID_POINTS, logSumExp } from "./grid.ts";
import { onsetMass } from "./onset.ts";
import { quickExp } from "./quick-exp.ts";
import { factorLogs } from "./factor-logs.ts";

export interface HarmSettings {
  /** The ratio of the candidate's event rate to the active slot's that is still no harm; at least 1. */
  readonly tolerance: number;
  /** Events come in clusters of about this size; at least 1. */
  readonly dispersion: number;
}

/** Evidence that the candidate's event rate is more than the tolerated multiple of the active slot's. */
export interface HarmProcess {
  /** Takes in the next minute. */
  add(minute: PairedMinute): void;
  /**
   * Natural logarithm of the e-value so far: 0 at the start. If the ratio is tolerable, the probability that it
   * ever reaches log(1 / a), however often one looks, is at most a.
   */
  logE(): number;
  /** A number that the e-value does not exceed, at little cost: most minutes are far from any decision. */
  upperBound(): number;
  /** The same of the part alone that bets on a fault from the first minute on. */
  fixedStartLogE(): number;
  /** A process with the same past and a future of its own. */
  fork(): HarmProcess;
}

// Beyond this no threshold lies, and sums of such numbers are still finite.
const OVERWHELMING = 1e290;
/** Of one minute, written anew by each. */
const logs = new Float64Array(GRID_POINTS);

/**
 * A count e-process with observed exposure (Lindon & Malek 2022, one-sided, per minute). Given that a minute had X
 * events in all, the candidate's are Binomial(X, θ) with θ(r) = w r / (w r + 1 - w), where r is the ratio of the
 * rates and w the candidate's observed part of the requests. The common rate cancels: load that changes, incidents
 * that hit both slots and shares that are raised do no harm. Per ratio r of the grid the likelihood ratio against
 * the tolerated ratio r0 is
 *
 *     f = (θ(r) / θ(r0))^(x_c / φ) · ((1 - θ(r)) / (1 - θ(r0)))^(x_a / φ),  mean at most 1 for every ratio up to r0
 *
 * (log E[f] <= n_c p_c (a - 1) + n_a p_a (b - 1) <= 0 for independent requests; with clusters of at most φ events
 * the exponent 1/φ keeps it so). E is the mean over the grid of
 *
 *     ½ · product of all f  +  ½ · (Σ over start minutes s of p_s · product of f from s on  +  mass not yet used)
 *
 * The second half makes a fault that begins on day two be seen in minutes; the first sinks while all is well.
 */
export function harmProcess(settings: HarmSettings): HarmProcess {
  return processOf(settings, {
    fromStart: new Float64Array(GRID_POINTS),
    fromOnset: new Float64Array(GRID_POINTS),
    informative: 0,
    waiting: 0,
    unusedMass: 1,
    greatestStart: 0,
    greatestOnset: 0,
  });
}

interface WeighedPast {
  /** Per ratio of the grid, log of the product of all factors. */
  readonly fromStart: Float64Array;
  /** Per ratio, the sum over start minutes of mass times product since. */
  readonly fromOnset: Float64Array;
  /** Minutes in which both slots had requests. */
  readonly informative: number;
  /** Mass of the minutes without an event since the last one: part of every sum of `fromOnset`. */
  readonly waiting: number;
  readonly unusedMass: number;
  /** Of the two rows: most minutes ask for nothing else. */
  readonly greatestStart: number;
  readonly greatestOnset: number;
}

function processOf({ tolerance, dispersion }: HarmSettings, past: WeighedPast): HarmProcess {
  const { fromStart, fromOnset } = past;
  let { informative, waiting, unusedMass, greatestStart, greatestOnset } = past;

  return {
    add(minute) {
      const part = observedPart(minute);
      if (part === undefined) return;
      const mass = onsetMass(informative);
      informative += 1;
      unusedMass -= mass;
      const onCandidate = minute.candidate.events / dispersion;
      const all = onCandidate + minute.active.events / dispersion;
      if (all === 0) {
        waiting += mass;
        return;
      }
      const tolerated = part * tolerance;
      factorLogs(tolerated / (tolerated + 1 - part), onCandidate, all, logs);
      const betting = waiting + mass;
      waiting = 0;
      let start = Number.NEGATIVE_INFINITY;
      let onset = 0;
      for (let j = 0; j < GRID_POINTS; j++) {
        const log = logs[j] ?? 0;
        const sum = (fromStart[j] ?? 0) + log;
        const grown = Math.min(((fromOnset[j] ?? 0) + betting) * quickExp(log), OVERWHELMING);
        fromStart[j] = sum;
        fromOnset[j] = grown;
        if (sum > start) start = sum;
        if (grown > onset) onset = grown;
      }
      greatestStart = start;
      greatestOnset = onset;
    },
    upperBound: () => (Math.exp(greatestStart) + greatestOnset + waiting + Math.max(0, unusedMass)) / 2,
    logE() {
      const begun = fromOnset.reduce((sum, value) => sum + value, 0) / GRID_POINTS + waiting;
      const onset = begun + Math.max(0, unusedMass);
      return logSumExp([meanOfExp(fromStart), Math.log(onset)]) - Math.LN2;
    },
    fixedStartLogE: () => meanOfExp(fromStart),
    fork: () =>
      processOf(
        { tolerance, dispersion },
        {
          fromStart: fromStart.slice(),
          fromOnset: fromOnset.slice(),
          informative,
          waiting,
          unusedMass,
          greatestStart,
          greatestOnset,
        },
      ),
  };
}

const meanOfExp = (logs: Float64Array) => logSumExp(logs) - Math.log(GRID_POINTS);
