import { blindSpot } from "./blind-spot.ts";
import { totalOf, type PairedMinute, type PairedTotal } from "./counts.ts";
import type { Dispersion } from "./dispersion.ts";
import { logSumExp } from "./grid.ts";
import { harmProcess } from "./harm.ts";
import { ratioInterval, ratioLikelihood, safetyLogE, type RatioInterval } from "./ratio.ts";

/** The kinds of metrics, which share one α. */
export const METRIC_KINDS = ["failed", "slow", "client", "custom"] as const;
export type MetricKind = (typeof METRIC_KINDS)[number];

/**
 * How the error probability of a release is divided: averaging e-values dominates a Bonferroni split. What a stack
 * does not measure stays unspent. All that is neither failed nor late shares one part.
 */
const WEIGHTS = { failed: 0.5, slow: 0.3, others: 0.2 } as const;
const PART: Readonly<Record<MetricKind, keyof typeof WEIGHTS>> = {
  failed: "failed",
  slow: "slow",
  client: "others",
  custom: "others",
};

/** What is no answer of 2xx and no failure may be the clients' own mistake, and a new model may want other input. */
const CLIENT_TOLERANCE = 3;
const toleranceOf = (kind: MetricKind, { tolerance }: Pick<ComparisonPolicy, "tolerance">) =>
  kind === "client" ? Math.max(CLIENT_TOLERANCE, tolerance) : tolerance;

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

export interface ComparisonPolicy {
  /** Greatest probability of ever taking back a candidate that is no worse than tolerated. */
  readonly alpha: number;
  /** Ratio of the event rates that is still no harm. */
  readonly tolerance: number;
  /** Which attempt at this pair of models it is, from 1: each deliberate fresh start has less of the α left. */
  readonly attempt: number;
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

/** α of the k-th attempt: 6 α / (π² k²), so that all attempts together spend no more than α. */
export const alphaOf = ({ alpha, attempt }: ComparisonPolicy): number =>
  attempt <= 1 ? alpha : (6 * alpha) / (Math.PI ** 2 * attempt ** 2);

/** An e-value from its logarithm; the greatest number there is where it is greater: JSON knows no infinity. */
export const eValueOf = (logE: number): number => Math.min(Math.exp(logE), Number.MAX_VALUE);

/** The evidence of all metrics as it grows. */
export interface Weighing {
  /** Takes in a metric's next minute. */
  takeIn(index: number, minute: PairedMinute): void;
  /** Whether the evidence is enough now; asked once a minute it costs little, because most minutes are far from it. */
  isEnough(): boolean;
  /** log of Σ weight times e-value. */
  logSum(): number;
  /** log of one metric's e-value. */
  logE(index: number): number;
  /** Forgets a metric's minutes, which are then taken in again: its φ was raised. */
  restart(index: number, phi: number): void;
}

export interface WeighedMetric {
  readonly kind: MetricKind;
  readonly phi: number;
  /** Its evidence is known, and has no part in the sum. */
  readonly isSilent?: boolean;
}

export function weighing(metrics: readonly WeighedMetric[], policy: ComparisonPolicy): Weighing {
  const weights = metrics.map((metric) => (metric.isSilent === true ? 0 : weightOf(metric.kind, metrics)));
  const processOf = (index: number, phi: number) => {
    const tolerance = toleranceOf(metrics[index]?.kind ?? "failed", policy);
    return harmProcess({ tolerance, dispersion: phi });
  };
  const processes = metrics.map(({ phi }, index) => processOf(index, phi));
  const needed = 1 / alphaOf(policy);
  const bounds = [...weights];
  const logSum = () =>
    logSumExp(processes.map((process, index) => Math.log(weights[index] ?? 0) + process.logE()));
  return {
    takeIn(index, minute) {
      const process = processes[index];
      if (process === undefined) return;
      process.add(minute);
      // Without an event on the candidate no e-value rises.
      if (minute.candidate.events > 0) bounds[index] = (weights[index] ?? 0) * process.upperBound();
    },
    isEnough: () => sumOf(bounds) >= needed && logSum() >= Math.log(needed),
    logSum,
    logE: (index) => processes[index]?.logE() ?? 0,
    restart(index, phi) {
      processes[index] = processOf(index, phi);
      bounds[index] = weights[index] ?? 0;
    },
  };
}

/**
 * Whether the candidate does more harm than tolerated, from everything that the pair of models has counted. It may
 * be asked as often as one likes; asked late, it answers as if it had been asked in every minute.
 */
export function compare(metrics: readonly ComparedMetric[], policy: ComparisonPolicy): Comparison {
  const { logEs, ...weighed } = weigh(metrics, policy, ({ isDoubtOnly = false }) => isDoubtOnly);
  return {
    ...weighed,
    metrics: metrics.map((metric, index) =>
      described(metric, logEs[index] ?? 0, weightOf(metric.kind, metrics), policy),
    ),
  };
}

/** Greatest probability that a candidate that is no worse than tolerated is ever given no users until it is tried again. */
export const RETREAT_ALPHA = 0.05;

/**
 * The same for doubt, which costs little: from the minutes since users were last split alone, with an error probability
 * of its own. An incident of the past does not blind it: φ without what one zone's incidents add. Where users stay on
 * their slot it has the whole φ: their sessions are clusters that a short stretch does not show.
 */
export function doubt(
  metrics: readonly ComparedMetric[],
  {
    tolerance,
    sticky,
    sinceMs,
  }: { readonly tolerance: number; readonly sticky: boolean; readonly sinceMs: number },
): Weighed {
  const recent = metrics.map((metric) => ({
    ...metric,
    minutes: metric.minutes.filter(({ atMs }) => atMs >= sinceMs),
    dispersion: { ...metric.dispersion, phi: sticky ? metric.dispersion.phi : metric.dispersion.bounded },
  }));
  const policy = { alpha: RETREAT_ALPHA, tolerance, attempt: 1 };
  const { logEs: _, ...weighed } = weigh(recent, policy, () => false);
  return weighed;
}

function weigh(
  metrics: readonly ComparedMetric[],
  policy: ComparisonPolicy,
  isSilent: (metric: ComparedMetric) => boolean,
): Weighed & { readonly logEs: readonly number[] } {
  const evidence = weighing(
    metrics.map((metric) => ({
      kind: metric.kind,
      phi: metric.dispersion.phi,
      isSilent: isSilent(metric),
    })),
    policy,
  );
  let crossing: Crossing | undefined;
  const takeIn = (minute: TimedMinute, index: number) => evidence.takeIn(index, minute);
  forEachMinute(metrics, takeIn, (atMs) => {
    if (crossing === undefined && evidence.isEnough()) {
      crossing = { atMs, evidence: eValueOf(evidence.logSum()), name: heaviest(metrics, evidence) };
    }
  });
  return {
    evidence: eValueOf(evidence.logSum()),
    needed: 1 / alphaOf(policy),
    crossing,
    logEs: metrics.map((_, index) => evidence.logE(index)),
  };
}

function heaviest(metrics: readonly ComparedMetric[], evidence: Weighing): string {
  const parts = metrics.map(({ name, kind }, index) => ({
    name,
    part: Math.log(weightOf(kind, metrics)) + evidence.logE(index),
  }));
  return parts.reduce((a, b) => (b.part > a.part ? b : a)).name;
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** A part's weight, equally divided among its metrics. */
const weightOf = (kind: MetricKind, metrics: readonly { readonly kind: MetricKind }[]) =>
  WEIGHTS[PART[kind]] / metrics.filter((metric) => PART[metric.kind] === PART[kind]).length;

function described(
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
  for (;;) {
    let atMs = Number.POSITIVE_INFINITY;
    for (let index = 0; index < metrics.length; index++) {
      atMs = Math.min(atMs, metrics[index]?.minutes[next[index] ?? 0]?.atMs ?? atMs);
    }
    if (atMs === Number.POSITIVE_INFINITY) return;
    for (let index = 0; index < metrics.length; index++) {
      const minute = metrics[index]?.minutes[next[index] ?? 0];
      if (minute?.atMs !== atMs) continue;
      takeIn(minute, index);
      next[index] = (next[index] ?? 0) + 1;
    }
    end(atMs);
  }
}

/**
 * The failed metric alone decides how blind a step still is; its minutes are split where the step began. With φ without
 * incidents, as doubt has it: what is seen by that gives the users back.
 */
export function blindSpotOf(failed: ComparedMetric, stepSinceMs: number, policy: ComparisonPolicy): number {
  const isBefore = ({ atMs }: TimedMinute) => atMs < stepSinceMs;
  return blindSpot({
    before: failed.minutes.filter(isBefore),
    step: failed.minutes.filter((minute) => !isBefore(minute)),
    tolerance: policy.tolerance,
    dispersion: failed.dispersion.bounded,
    threshold: -Math.log(alphaOf(policy) * WEIGHTS.failed),
  });
}

/**
 * log of the evidence, from this step's minutes alone, that the candidate's rate of failures is below `ratio` times
 * the active slot's. The step may advance on it when it reaches log(steps / β).
 */
export function provenLogE(failed: ComparedMetric, stepSinceMs: number, ratio: number): number {
  const minutes = failed.minutes.filter(({ atMs }) => atMs >= stepSinceMs);
  return safetyLogE(ratioLikelihood(minutes, failed.dispersion.bounded), ratio);
}
