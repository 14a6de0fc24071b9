import type { RolloutPolicy } from "../../../contract/config/sections.ts";
import type { Schedule } from "../../../contract/release/schedule.ts";
import { provableSteps, stepAt } from "../../../contract/config/steps.ts";
import { provenLogE, type ComparedMetric } from "./compare.ts";
import { logSumExp } from "./evidence/grid.ts";
import { rateLogE } from "./evidence/ratio.ts";
import { eValueOf } from "./evidence/weighing.ts";

/** What a candidate has to show before it may have more users. */
export interface ProofBounds {
  /** It fails less than so many times as often as the active slot… */
  readonly ratio: number;
  /** …or in less than this part of its requests, 0 to 1; undefined: only the ratio counts. */
  readonly rate: number | undefined;
}

export interface Proof extends ProofBounds {
  /** Its evidence, compared with `needed`. */
  readonly evidence: number;
  readonly needed: number;
}

/** Where nothing was planned, by an earlier version or because nobody came: the least that is ever asked for. */
export const LEAST_RATIOS: readonly number[] = [10, 5, 5];
export const LEAST_RATE = 0.01;

/** What a schedule asks of its steps. */
export type Asked = Pick<Schedule, "provenRatios" | "provenRate">;

export type ProofPolicy = Pick<
  RolloutPolicy,
  "advanceWhen" | "provenRatios" | "beta" | "steps" | "bakeMinutes"
>;

/** What the step of a share, in percent, has to prove; undefined: nothing. */
export function proofBoundsAt(
  policy: ProofPolicy,
  schedule: Asked | undefined,
  share: number,
): ProofBounds | undefined {
  if (policy.advanceWhen !== "proven") return undefined;
  const { index, provenRatio } = stepAt(policy, share);
  if (provenRatio !== undefined) return { ratio: provenRatio, rate: undefined };
  if (policy.provenRatios !== "auto") return { ratio: entryAt(policy.provenRatios, index), rate: undefined };
  const { provenRatios, provenRate } = schedule ?? { provenRatios: LEAST_RATIOS, provenRate: LEAST_RATE };
  return { ratio: entryAt(provenRatios, index), rate: provenRate };
}

/**
 * β is divided over the steps that can be proven, and a step's part over the times that it was tried. `failed`: its
 * minutes that prove something.
 */
export function proofOf(
  failed: ComparedMetric,
  stepSinceMs: number,
  bounds: ProofBounds,
  { beta, steps, visits }: Pick<ProofPolicy, "beta" | "steps"> & { readonly visits: number },
): Proof {
  const evidence = eValueOf(provenBy(failed, stepSinceMs, bounds));
  return { ...bounds, evidence, needed: (provableSteps(steps) * visits) / beta };
}

/**
 * log of the evidence. With a rate beside the ratio it is the mean of both: of a candidate that is neither below the
 * ratio nor below the rate each has a mean of at most 1, so their mean has, too.
 */
export function provenBy(failed: ComparedMetric, stepSinceMs: number, { ratio, rate }: ProofBounds): number {
  const byRatio = provenLogE(failed, stepSinceMs, ratio);
  if (rate === undefined) return byRatio;
  let [events, exposure] = [0, 0];
  for (const { atMs, candidate } of failed.minutes) {
    if (atMs < stepSinceMs) continue;
    events += candidate.events;
    exposure += candidate.exposure;
  }
  const byRate = rateLogE({ events, exposure }, failed.dispersion.bounded, rate);
  return logSumExp([byRatio, byRate]) - Math.LN2;
}

/** The entry of a step, the last one for all that follow. */
export const entryAt = (values: readonly number[], index: number): number =>
  values[Math.min(Math.max(index, 0), values.length - 1)] ?? 0;
