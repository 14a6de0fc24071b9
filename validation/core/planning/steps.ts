import type { RolloutPolicy } from "../../../contract/sections.ts";
import { blindSpotOf, provenLogE, type ComparisonPolicy, type TimedMinute } from "../comparison/compare.ts";
import { missing } from "../comparison/missing.ts";
import { failedOf, typicalMinutes, type Traffic } from "./traffic.ts";

/** What one step of the schedule can do at a traffic. Minutes are of the cloud's clock. */
export interface StepPlan {
  /** 1 to 100. */
  readonly share: number;
  readonly candidatePerMinute: number;
  /** Until the blind spot is as small as the policy wants; undefined: a week is not enough. */
  readonly seesAfterMinutes: number | undefined;
  readonly maxBlindSpot: number;
  /** The share of failing requests that is overlooked until the step's deadline. */
  readonly blindSpotAtDeadline: number;
  /** With `proven`: until an equally good candidate is proven; undefined: never, or not asked for. */
  readonly provenAfterMinutes: number | undefined;
  /** Until a good candidate may go on; undefined: not before the deadline. */
  readonly advancesAfterMinutes: number | undefined;
}

const MINUTE_MS = 60_000;

export interface PlannedStep {
  readonly plan: StepPlan;
  /** The minutes of the steps before, with a candidate as good as the active slot. */
  readonly before: readonly TimedMinute[];
}

/** Each step after the ones before it; at 100 % there is nobody to compare with. */
export function planSteps(traffic: Traffic, policy: RolloutPolicy): readonly PlannedStep[] {
  let before: readonly TimedMinute[] = [];
  return policy.steps.map((share, index) => {
    const plan = share < 100 ? planStep(traffic, policy, share, index, before) : last(traffic, policy);
    const planned = { plan, before };
    const spent = Math.ceil(plan.advancesAfterMinutes ?? policy.deadlineMinutes);
    before = share < 100 ? [...before, ...typicalMinutes(traffic, share, before.length, spent)] : before;
    return planned;
  });
}

function planStep(
  traffic: Traffic,
  policy: RolloutPolicy,
  share: number,
  index: number,
  before: readonly TimedMinute[],
): StepPlan {
  const settings: ComparisonPolicy = { alpha: policy.alpha, tolerance: policy.tolerance, attempt: 1 };
  const sinceMs = before.length * MINUTE_MS;
  const after = (minutes: number) =>
    failedOf(traffic, [...before, ...typicalMinutes(traffic, share, before.length, minutes)]);
  const blindAfter = (minutes: number) => blindSpotOf(after(minutes), sinceMs, settings);
  const maxBlindSpot = entryOf(policy.maxBlindSpots, index);
  const first = blindAfter(1);
  const more = first <= maxBlindSpot ? 0 : missing(after(1), sinceMs, settings, maxBlindSpot)?.minutes;
  const seesAfterMinutes = more === undefined ? undefined : 1 + more;
  const lag = policy.metricLagSeconds / 60;
  const proven =
    policy.advanceWhen === "proven" ? provenAfter(traffic, policy, share, index, before.length) : 0;
  const candidatePerMinute = (traffic.requestsPerMinute * share) / 100;
  const needs = [
    policy.bakeMinutes,
    seesAfterMinutes === undefined ? Number.POSITIVE_INFINITY : seesAfterMinutes + lag,
    proven === undefined ? Number.POSITIVE_INFINITY : proven + lag,
    policy.minRequests / candidatePerMinute,
  ];
  const advances = Math.ceil(Math.max(...needs));
  return {
    share,
    candidatePerMinute,
    seesAfterMinutes,
    maxBlindSpot,
    blindSpotAtDeadline: blindAfter(Math.max(1, Math.floor(policy.deadlineMinutes - lag))),
    provenAfterMinutes: policy.advanceWhen === "proven" ? proven : undefined,
    advancesAfterMinutes: advances <= policy.deadlineMinutes ? advances : undefined,
  };
}

function last(traffic: Traffic, { bakeMinutes, minRequests }: RolloutPolicy): StepPlan {
  return {
    share: 100,
    candidatePerMinute: traffic.requestsPerMinute,
    seesAfterMinutes: undefined,
    maxBlindSpot: 1,
    blindSpotAtDeadline: 1,
    provenAfterMinutes: undefined,
    advancesAfterMinutes: Math.ceil(Math.max(bakeMinutes, minRequests / traffic.requestsPerMinute)),
  };
}

const entryOf = (values: readonly number[], index: number) => values[Math.min(index, values.length - 1)] ?? 0;

const LONGEST_MINUTES = 7 * 24 * 60;

/** Minutes until a candidate as good as the active slot is expected to be proven; undefined: not in a week. */
function provenAfter(
  traffic: Traffic,
  { provenRatios, beta, steps }: RolloutPolicy,
  share: number,
  index: number,
  from: number,
): number | undefined {
  const provable = Math.max(1, steps.filter((percent) => percent < 100).length);
  const needed = Math.log(provable / beta);
  const ratio = entryOf(provenRatios, index);
  // All minutes are alike, so the evidence grows in proportion to their number from some minute on.
  for (let minutes = 1; minutes <= LONGEST_MINUTES; minutes = Math.ceil(minutes * 1.1)) {
    const seen = failedOf(traffic, typicalMinutes(traffic, share, from, minutes));
    if (provenLogE(seen, from * MINUTE_MS, ratio) >= needed) return minutes;
  }
  return undefined;
}
