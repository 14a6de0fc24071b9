import { blindSpotAfter } from "./blind-spot.ts";
import {
  partsOf,
  type ComparedMetric,
  type ComparedSignal,
  type TimedMinute,
  type Weighed,
} from "./compared.ts";
import { totalOf, type PairedMinute, type PairedTotal } from "./counts.ts";
import type { Dispersion } from "./clusters/dispersion.ts";
import { ratioInterval, ratioLikelihood, safetyLogE, type RatioInterval } from "./evidence/ratio.ts";
import { alphaOf, eValueOf, WEIGHTS, type ComparisonPolicy, type MetricKind } from "./evidence/weighing.ts";
import { weigh, type WeighedMetrics, type WeighedPart } from "./weigh.ts";
import { exposureOf } from "../signals/words.ts";

export type { ComparedMetric, Crossing, TimedMinute, Weighed } from "./compared.ts";
export {
  eValueOf,
  METRIC_KINDS,
  weighing,
  type ComparisonPolicy,
  type MetricKind,
} from "./evidence/weighing.ts";

export interface MetricComparison {
  readonly name: string;
  readonly kind: MetricKind;
  readonly total: PairedTotal;
  readonly dispersion: Dispersion;
  /** Natural logarithm of the e-value. */
  readonly logE: number;
  /** This metric's part of the sum that is compared with 1 / α. */
  readonly contribution: number;
  readonly ratio: RatioInterval;
  /** What its events are counted among. */
  readonly exposure: string;
  /** Of a signal of the stack's own. */
  readonly signal?: SignalComparison;
  /** Begin of the first and end of the last minute, epoch ms; undefined: no minute yet. */
  readonly window: { readonly fromMs: number; readonly toMs: number } | undefined;
}

/** What is known of a signal beside what is known of every metric. */
export interface SignalComparison extends ComparedSignal {
  /** The segment, or the tenth of the scores, that alone says more against the candidate than all together. */
  readonly part: ComparedPart | undefined;
  /** Of one that holds, or is told: against a threshold of its own. */
  readonly alone: Weighed | undefined;
}

export interface ComparedPart {
  readonly name: string;
  readonly total: PairedTotal;
}

export interface Comparison extends Weighed {
  readonly metrics: readonly MetricComparison[];
}

const MINUTE_MS = 60_000;

/**
 * Whether the candidate does more harm than tolerated, from everything that the pair of models has counted. It may
 * be asked as often as one likes; asked late, it answers as if it had been asked in every minute.
 */
export const compare = (metrics: readonly ComparedMetric[], policy: ComparisonPolicy): Comparison =>
  described(metrics, policy, weigh(metrics, policy).comparison);

/** Greatest probability that a candidate that is no worse than tolerated is ever given no users until it is tried again. */
export const RETREAT_ALPHA = 0.05;

export interface Doubting {
  readonly sticky: boolean;
  /** Since when users are split without a break, epoch ms. */
  readonly sinceMs: number;
}

/**
 * The same, and doubt, which costs little: from the minutes since users were last split alone, with an error probability
 * of its own. An incident of the past does not blind it: φ without what one zone's incidents add. Where users stay on
 * their slot it has the whole φ: their sessions are clusters that a short stretch does not show.
 */
export function compareAndDoubt(
  metrics: readonly ComparedMetric[],
  policy: ComparisonPolicy,
  { sticky, sinceMs }: Doubting,
): { readonly comparison: Comparison; readonly doubt: Weighed } {
  const isRecent = ({ atMs }: TimedMinute) => atMs >= sinceMs;
  const recent = metrics.map((metric): ComparedMetric => ({
    ...metric,
    minutes: metric.minutes.filter(isRecent),
    parts: partsOf(metric).map((part) => ({ ...part, minutes: part.minutes.filter(isRecent) })),
    dispersion: { ...metric.dispersion, phi: sticky ? metric.dispersion.phi : metric.dispersion.bounded },
  }));
  const doubting = { alpha: RETREAT_ALPHA, tolerance: policy.tolerance, attempt: 1 };
  const { comparison, doubt } = weigh(metrics, policy, recent, doubting);
  return { comparison: described(metrics, policy, comparison), doubt };
}

function described(
  metrics: readonly ComparedMetric[],
  policy: ComparisonPolicy,
  { evidence, needed, crossing, each }: WeighedMetrics,
): Comparison {
  const found = metrics.flatMap((metric, index) => {
    const weighed = each[index];
    return weighed === undefined ? [] : [describedMetric(metric, weighed, policy)];
  });
  return { evidence, needed, crossing, metrics: found };
}

function describedMetric(
  metric: ComparedMetric,
  weighed: WeighedPart,
  policy: ComparisonPolicy,
): MetricComparison {
  const { name, kind, minutes, dispersion, signal } = metric;
  const { logE, weight, alone } = weighed;
  const first = minutes[0];
  const last = minutes.at(-1);
  const part = tellingPart(metric, weighed);
  // All scores together are all answers: what they say is said by one of their tenths.
  const shown = signal?.definition.kind === "scores" ? (part?.minutes ?? []) : minutes;
  let interval: RatioInterval | undefined;
  return {
    name,
    kind,
    total: totalOf(shown),
    dispersion,
    logE,
    contribution: weight * eValueOf(logE),
    // It takes longer than the whole decision, which does not look at it: only who shows it waits for it.
    get ratio() {
      return (interval ??= ratioInterval(shown, dispersion.phi, alphaOf(policy)));
    },
    exposure: exposureOf(kind, signal?.definition),
    ...(signal === undefined
      ? {}
      : { signal: { ...signal, part: part && { name: part.name, total: totalOf(part.minutes) }, alone } }),
    window: first && last && { fromMs: first.atMs, toMs: last.atMs + MINUTE_MS },
  };
}

/** Of a sum the part that is most of it has a name, where that is not the whole. */
function tellingPart(metric: ComparedMetric, { parts }: WeighedPart) {
  const heavy = partsOf(metric).map((part, index) => ({
    ...part,
    log: Math.log(part.weight) + (parts[index] ?? 0),
  }));
  const { name, minutes } = heavy.reduce((a, b) => (b.log > a.log ? b : a));
  return name === undefined ? undefined : { name, minutes };
}

/**
 * The failed metric alone decides how blind a step still is; its minutes are split where the step began. With φ without
 * incidents, as doubt has it: what is seen by that gives the users back.
 */
export const blindSpotOf = (failed: ComparedMetric, stepSinceMs: number, policy: ComparisonPolicy): number =>
  blindSpotsOf(failed, stepSinceMs, policy)([]);

/** The same after these minutes more. */
export function blindSpotsOf(
  failed: ComparedMetric,
  stepSinceMs: number,
  policy: ComparisonPolicy,
): (future: readonly PairedMinute[]) => number {
  const isBefore = ({ atMs }: TimedMinute) => atMs < stepSinceMs;
  const step = failed.minutes.filter((minute) => !isBefore(minute));
  const spotOf = blindSpotAfter({
    before: failed.minutes.filter(isBefore),
    tolerance: policy.tolerance,
    dispersion: failed.dispersion.bounded,
    threshold: -Math.log(alphaOf(policy) * WEIGHTS.failed),
  });
  return (future) => spotOf([...step, ...future]);
}

/**
 * log of the evidence, from this step's minutes alone, that the candidate's rate of failures is below `ratio` times
 * the active slot's. The step may advance on it when it reaches log(steps / β).
 */
export function provenLogE(failed: ComparedMetric, stepSinceMs: number, ratio: number): number {
  const minutes = failed.minutes.filter(({ atMs }) => atMs >= stepSinceMs);
  return safetyLogE(ratioLikelihood(minutes, failed.dispersion.bounded), ratio);
}
