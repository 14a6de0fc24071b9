import type { Signal } from "../../../../contract/signals/signal.ts";
import type { PairedMinute } from "../counts.ts";
import { logSumExp } from "./grid.ts";
import { harmProcess } from "./harm.ts";

/** The kinds of metrics, which share one α. */
export const METRIC_KINDS = ["failed", "slow", "client", "custom", "signal"] as const;
export type MetricKind = (typeof METRIC_KINDS)[number];

/**
 * How the error probability of a release is divided: averaging e-values dominates a Bonferroni split. What a stack
 * does not measure stays unspent. All that is neither failed nor late shares one part by budgets. Signals that only hold
 * a release, and those that are only told, take nothing of it: each of the two groups has an α of its own.
 */
export const WEIGHTS = { failed: 0.5, slow: 0.3, others: 0.2, hold: 1, report: 1 } as const;
const PART: Readonly<Record<MetricKind, keyof typeof WEIGHTS>> = {
  failed: "failed",
  slow: "slow",
  client: "others",
  custom: "others",
  signal: "others",
};

/** What a metric's weight follows from. */
export interface Shared {
  readonly kind: MetricKind;
  readonly signal?: { readonly definition: Pick<Signal, "budget" | "action" | "tolerance"> };
}

/** Of what is built in, and of counts without a budget. */
const USUAL_BUDGET = 1;
const budgetOf = ({ signal }: Shared) => signal?.definition.budget ?? USUAL_BUDGET;

function partOf({ kind, signal }: Shared): keyof typeof WEIGHTS {
  const action = signal?.definition.action;
  return action === "hold" || action === "report" ? action : PART[kind];
}

/** What is no answer of 2xx and no failure may be the clients' own mistake, and a new model may want other input. */
const CLIENT_TOLERANCE = 3;

/** The ratio of the slots' rates that is still no harm. */
export function toleranceOf(
  { kind, signal }: Shared,
  { tolerance }: Pick<ComparisonPolicy, "tolerance">,
): number {
  if (kind === "client") return Math.max(CLIENT_TOLERANCE, tolerance);
  return signal?.definition.tolerance ?? tolerance;
}

export interface ComparisonPolicy {
  /** Greatest probability of ever rolling back a candidate that is no worse than tolerated. */
  readonly alpha: number;
  /** Ratio of the event rates that is still no harm. */
  readonly tolerance: number;
  /** Which attempt at this pair of models it is, from 1: each deliberate fresh start has less of the α left. */
  readonly attempt: number;
}

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
  /** The same evidence with other weights, compared with another α. */
  beside(policy: ComparisonPolicy, weights: readonly number[]): Pick<Weighing, "isEnough" | "logSum">;
  /** Forgets a metric's minutes, which are then taken in again: its φ was raised. */
  restart(index: number, phi: number): void;
}

export interface WeighedMetric extends Shared {
  readonly phi: number;
}

/** One weight a metric; where it is 0 the evidence is known, and has no part in the sum. */
export function weighing(
  metrics: readonly WeighedMetric[],
  policy: ComparisonPolicy,
  own: readonly number[] = weightsOf(metrics),
): Weighing {
  const processOf = (index: number, phi: number) => {
    const tolerance = toleranceOf(metrics[index] ?? { kind: "failed" }, policy);
    return harmProcess({ tolerance, dispersion: phi });
  };
  const processes = metrics.map(({ phi }, index) => processOf(index, phi));
  const bounds = new Float64Array(metrics.length).fill(1);
  const summedUp = (weights: readonly number[], at: ComparisonPolicy) => {
    const needed = 1 / alphaOf(at);
    const bound = () => {
      let sum = 0;
      for (let index = 0; index < bounds.length; index++) {
        const weight = weights[index] ?? 0;
        // A bound may be infinite, and nothing times infinity is no number.
        if (weight > 0) sum += weight * (bounds[index] ?? 0);
      }
      return sum;
    };
    const logSum = () =>
      logSumExp(processes.map((process, index) => Math.log(weights[index] ?? 0) + process.logE()));
    return { logSum, isEnough: () => bound() >= needed && logSum() >= Math.log(needed) };
  };
  return {
    takeIn(index, minute) {
      const process = processes[index];
      if (process === undefined) return;
      process.add(minute);
      // Without an event on the candidate no e-value rises.
      if (minute.candidate.events > 0) bounds[index] = process.upperBound();
    },
    ...summedUp(own, policy),
    beside: (at, weights) => summedUp(weights, at),
    logE: (index) => processes[index]?.logE() ?? 0,
    restart(index, phi) {
      processes[index] = processOf(index, phi);
      bounds[index] = 1;
    },
  };
}

/** Each metric's weight: its part's, divided by budgets. */
export function weightsOf(metrics: readonly Shared[]): readonly number[] {
  const budgets = new Map<keyof typeof WEIGHTS, number>();
  for (const metric of metrics) {
    const part = partOf(metric);
    budgets.set(part, (budgets.get(part) ?? 0) + budgetOf(metric));
  }
  return metrics.map((metric) => {
    const part = partOf(metric);
    return (WEIGHTS[part] * budgetOf(metric)) / (budgets.get(part) ?? 1);
  });
}
