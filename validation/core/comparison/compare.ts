import { blindSpotAfter } from "./blind-spot.ts";
import { totalOf, type PairedMinute, type PairedTotal } from "./counts.ts";
import type { Dispersion } from "./clusters/dispersion.ts";
import { ratioInterval, ratioLikelihood, safetyLogE, type RatioInterval } from "./evidence/ratio.ts";
import {
  alphaOf,
  eValueOf,
  weighing,
  weightOf,
  WEIGHTS,
  type ComparisonPolicy,
  type MetricKind,
  type Weighing,
} from "./evidence/weighing.ts";

export {
  eValueOf,
  METRIC_KINDS,
  weighing,
  type ComparisonPolicy,
  type MetricKind,
} from "./evidence/weighing.ts";

/** A complete minute, by when it began: epoch milliseconds of the cloud's clock. */
export interface TimedMinute extends PairedMinute {
  readonly atMs: number;
}

export interface ComparedMetric {
  readonly name: string;
  readonly kind: MetricKind;
  /** Of this pair of models since it first shared users, oldest first; only minutes that are settled. */
  readonly minutes: readonly TimedMinute[];
  readonly dispersion: Dispersion;
  /** Others than the model can bring it about on the candidate alone: it gives users back, and ends no release. */
  readonly isDoubtOnly?: boolean;
}

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
  /** Begin of the first and end of the last minute, epoch ms; undefined: no minute yet. */
  readonly window: { readonly fromMs: number; readonly toMs: number } | undefined;
}

/** When the evidence was first enough. It may be less by now; what has been seen once is seen. */
export interface Crossing {
  /** The begin of the minute, epoch ms. */
  readonly atMs: number;
  readonly evidence: number;
  /** The metric that had most of it. */
  readonly name: string;
}

/** Evidence against the candidate, and whether it ever was enough. */
export interface Weighed {
  /** Σ of weight times e-value; compared with `needed`. */
  readonly evidence: number;
  readonly needed: number;
  /** undefined: it never was enough. */
  readonly crossing: Crossing | undefined;
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
  const recent = metrics.map((metric) => ({
    ...metric,
    minutes: metric.minutes.filter(({ atMs }) => atMs >= sinceMs),
    dispersion: { ...metric.dispersion, phi: sticky ? metric.dispersion.phi : metric.dispersion.bounded },
    isDoubtOnly: false,
  }));
  const doubting = { alpha: RETREAT_ALPHA, tolerance: policy.tolerance, attempt: 1 };
  const { comparison, doubt } = weigh(metrics, policy, recent, doubting);
  return { comparison: described(metrics, policy, comparison), doubt };
}

interface WeighedMetrics extends Weighed {
  readonly logEs: readonly number[];
}

/** `recent` are the same metrics as doubt has them: before the first retreat, without an incident, it is the same evidence. */
function weigh(
  metrics: readonly ComparedMetric[],
  policy: ComparisonPolicy,
  recent: readonly ComparedMetric[] = metrics,
  doubting: ComparisonPolicy = policy,
): { readonly comparison: WeighedMetrics; readonly doubt: Weighed } {
  const series = [...metrics];
  /** Where in the series doubt finds each metric. */
  const places = recent.map((metric, index) =>
    isSame(metric, metrics[index]) ? index : series.push(metric) - 1,
  );
  const weights = metrics.map(({ kind }) => weightOf(kind, metrics));
  const spoken = series.map(({ isDoubtOnly = false }, at) => (isDoubtOnly ? 0 : (weights[at] ?? 0)));
  const ofDoubt = series.map((_, at) => weights[places.indexOf(at)] ?? 0);
  const weighed = series.map(({ kind, dispersion: { phi } }) => ({ kind, phi }));
  const evidence = weighing(weighed, policy, spoken);
  const logE = (index: number) => evidence.logE(index);
  const found = crossings(metrics, evidence, policy, logE);
  const beside = crossings(metrics, evidence.beside(doubting, ofDoubt), doubting, (index) =>
    logE(places[index] ?? index),
  );
  const takeIn = (minute: TimedMinute, index: number) => evidence.takeIn(index, minute);
  forEachMinute(series, takeIn, (atMs) => {
    found.note(atMs);
    beside.note(atMs);
  });
  const logEs = metrics.map((_, index) => logE(index));
  return { comparison: { ...found.result(), logEs }, doubt: beside.result() };
}

const isSame = (a: ComparedMetric, b: ComparedMetric | undefined) =>
  a.minutes.length === b?.minutes.length && a.dispersion.phi === b.dispersion.phi;

/** Remembers when the evidence was first enough. */
function crossings(
  metrics: readonly ComparedMetric[],
  { isEnough, logSum }: Pick<Weighing, "isEnough" | "logSum">,
  policy: ComparisonPolicy,
  logE: (index: number) => number,
) {
  let crossing: Crossing | undefined;
  return {
    note(atMs: number) {
      if (crossing !== undefined || !isEnough()) return;
      crossing = { atMs, evidence: eValueOf(logSum()), name: heaviest(metrics, logE) };
    },
    result: (): Weighed => ({ evidence: eValueOf(logSum()), needed: 1 / alphaOf(policy), crossing }),
  };
}

function heaviest(metrics: readonly ComparedMetric[], logE: (index: number) => number): string {
  const parts = metrics.map(({ name, kind }, index) => ({
    name,
    part: Math.log(weightOf(kind, metrics)) + logE(index),
  }));
  return parts.reduce((a, b) => (b.part > a.part ? b : a)).name;
}

function described(
  metrics: readonly ComparedMetric[],
  policy: ComparisonPolicy,
  { evidence, needed, crossing, logEs }: WeighedMetrics,
): Comparison {
  const one = (metric: ComparedMetric, index: number) =>
    describedMetric(metric, logEs[index] ?? 0, weightOf(metric.kind, metrics), policy);
  return { evidence, needed, crossing, metrics: metrics.map(one) };
}

function describedMetric(
  { name, kind, minutes, dispersion }: ComparedMetric,
  logE: number,
  weight: number,
  policy: ComparisonPolicy,
): MetricComparison {
  const first = minutes[0];
  const last = minutes.at(-1);
  let interval: RatioInterval | undefined;
  return {
    name,
    kind,
    total: totalOf(minutes),
    dispersion,
    logE,
    contribution: weight * eValueOf(logE),
    // It takes longer than the whole decision, which does not look at it: only who shows it waits for it.
    get ratio() {
      return (interval ??= ratioInterval(minutes, dispersion.phi, alphaOf(policy)));
    },
    window: first && last && { fromMs: first.atMs, toMs: last.atMs + MINUTE_MS },
  };
}

/** All metrics' minutes in the order of time: each metric's own, then the end of the minute for all of them. */
function forEachMinute(
  metrics: readonly ComparedMetric[],
  takeIn: (minute: TimedMinute, index: number) => void,
  end: (atMs: number) => void,
): void {
  const next = metrics.map(() => 0);
  const timeOf = ({ minutes }: ComparedMetric, at: number) => minutes[at]?.atMs ?? Number.POSITIVE_INFINITY;
  const times = Float64Array.from(metrics, (metric) => timeOf(metric, 0));
  for (;;) {
    let atMs = Number.POSITIVE_INFINITY;
    for (const time of times) if (time < atMs) atMs = time;
    if (atMs === Number.POSITIVE_INFINITY) return;
    for (let index = 0; index < times.length; index++) {
      if (times[index] !== atMs) continue;
      const [metric, at] = [metrics[index], next[index] ?? 0];
      const minute = metric?.minutes[at];
      if (metric === undefined || minute === undefined) continue;
      takeIn(minute, index);
      next[index] = at + 1;
      times[index] = timeOf(metric, at + 1);
    }
    end(atMs);
  }
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
): (future: readonly TimedMinute[]) => number {
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
