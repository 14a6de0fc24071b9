import { deadlineMinutesAt } from "../../../contract/release/schedule.ts";
import type { RolloutPolicy } from "../../../contract/config/sections.ts";
import { percents, provableSteps, stepAt } from "../../../contract/config/steps.ts";
import { blindSpotOf, type ComparisonPolicy, type TimedMinute } from "../comparison/compare.ts";
import { missing } from "../comparison/missing.ts";
import { entryAt, proofBoundsAt, provenBy, type Asked, type ProofBounds } from "../comparison/proof.ts";
import { failedOf, typicalMinutes, type Traffic } from "./traffic.ts";

/** What one step of the schedule can do at a traffic. Minutes are of the cloud's clock. */
export interface StepPlan {
  /** 1 to 100. */
  readonly share: number;
  readonly candidatePerMinute: number;
  /** Until the smallest detectable failure rate is as small as the policy wants; undefined: a week is not enough. */
  readonly seesAfterMinutes: number | undefined;
  readonly maxBlindSpot: number;
  /** Within so many minutes it must be decided. */
  readonly deadlineMinutes: number;
  /** The share of failing requests that is overlooked until the step's deadline. */
  readonly blindSpotAtDeadline: number;
  /** What it has to prove; undefined: nothing. */
  readonly proves: ProofBounds | undefined;
  /** Until an equally good candidate has proven it; undefined: never, or not asked for. */
  readonly provenAfterMinutes: number | undefined;
  /** Until a good candidate has shown everything but its proof: bake, smallest detectable failure rate, least number of requests. */
  readonly readyAfterMinutes: number;
  /** Until a good candidate may go on; undefined: not before the deadline. */
  readonly advancesAfterMinutes: number | undefined;
}

const MINUTE_MS = 60_000;
const LONGEST_MINUTES = 7 * 24 * 60;

export interface PlannedStep {
  readonly plan: StepPlan;
  /** The minutes of the steps before, with a candidate as good as the active slot. */
  readonly before: readonly TimedMinute[];
}

/** Each step after the ones before it; at 100 % there is nobody to compare with. */
export function planSteps(traffic: Traffic, policy: RolloutPolicy, asked?: Asked): readonly PlannedStep[] {
  let before: readonly TimedMinute[] = [];
  return percents(policy.steps).map((share) => {
    const plan = share < 100 ? planStep(traffic, policy, share, before, asked) : last(traffic, policy);
    const planned = { plan, before };
    const spent = Math.ceil(plan.advancesAfterMinutes ?? plan.deadlineMinutes);
    before = share < 100 ? [...before, ...typicalMinutes(traffic, share, before.length, spent)] : before;
    return planned;
  });
}

function planStep(
  traffic: Traffic,
  policy: RolloutPolicy,
  share: number,
  before: readonly TimedMinute[],
  asked: Asked | undefined,
): StepPlan {
  const settings: ComparisonPolicy = { alpha: policy.alpha, tolerance: policy.tolerance, attempt: 1 };
  const sinceMs = before.length * MINUTE_MS;
  const after = (minutes: number) =>
    failedOf(traffic, [...before, ...typicalMinutes(traffic, share, before.length, minutes)]);
  const blindAfter = (minutes: number) => blindSpotOf(after(minutes), sinceMs, settings);
  const { index, bakeMinutes } = stepAt(policy, share);
  const maxBlindSpot = entryAt(policy.maxBlindSpots, index);
  const more =
    blindAfter(1) <= maxBlindSpot ? 0 : missing(after(1), sinceMs, settings, maxBlindSpot)?.minutes;
  const seesAfterMinutes = more === undefined ? undefined : 1 + more;
  const lag = policy.metricLagSeconds / 60;
  const proves = proofBoundsAt(policy, asked, share);
  const proven = proves && provenAfter(traffic, policy, share, proves);
  const candidatePerMinute = (traffic.requestsPerMinute * share) / 100;
  const orNever = (minutes: number | undefined) =>
    minutes === undefined ? Number.POSITIVE_INFINITY : minutes + lag;
  const ready = Math.max(bakeMinutes, orNever(seesAfterMinutes), policy.minRequests / candidatePerMinute);
  const advances = Math.ceil(Math.max(ready, proves === undefined ? 0 : orNever(proven)));
  const planned = advances <= LONGEST_MINUTES ? advances : 0;
  const deadlineMinutes = deadlineMinutesAt(
    { ...policy, schedule: { minutes: Array(index + 1).fill(planned) } },
    share,
  );
  return {
    share,
    candidatePerMinute,
    seesAfterMinutes,
    maxBlindSpot,
    deadlineMinutes,
    blindSpotAtDeadline: blindAfter(Math.max(1, Math.floor(deadlineMinutes - lag))),
    proves,
    provenAfterMinutes: proven,
    readyAfterMinutes: ready,
    advancesAfterMinutes: advances <= deadlineMinutes ? advances : undefined,
  };
}

function last(traffic: Traffic, policy: RolloutPolicy): StepPlan {
  const minutes = Math.max(stepAt(policy, 100).bakeMinutes, policy.minRequests / traffic.requestsPerMinute);
  return {
    share: 100,
    candidatePerMinute: traffic.requestsPerMinute,
    seesAfterMinutes: undefined,
    maxBlindSpot: 1,
    deadlineMinutes: deadlineMinutesAt(policy, 100),
    blindSpotAtDeadline: 1,
    proves: undefined,
    provenAfterMinutes: undefined,
    readyAfterMinutes: minutes,
    advancesAfterMinutes: Math.ceil(minutes),
  };
}

/** Minutes that a good candidate needs for the proofs of all steps alone; infinite: one of them takes more than a week. */
export function provingMinutes(traffic: Traffic, policy: RolloutPolicy, asked: Asked): number {
  const shares = percents(policy.steps);
  return shares.reduce((sum, share) => sum + provingMinutesAt(traffic, policy, asked, share), 0);
}

/** Those of one step; 0: it has nothing to prove. */
function provingMinutesAt(traffic: Traffic, policy: RolloutPolicy, asked: Asked, share: number): number {
  const proves = share < 100 ? proofBoundsAt(policy, asked, share) : undefined;
  if (proves === undefined) return 0;
  return provenAfter(traffic, policy, share, proves) ?? Number.POSITIVE_INFINITY;
}

/** Minutes until a candidate as good as the active slot is expected to be proven; undefined: not in a week. */
function provenAfter(
  traffic: Traffic,
  { beta, steps }: RolloutPolicy,
  share: number,
  proves: ProofBounds,
): number | undefined {
  const needed = Math.log(provableSteps(steps) / beta);
  const [minute] = typicalMinutes(traffic, share, 0, 1);
  if (minute === undefined) return undefined;
  const times = ({ exposure, events }: TimedMinute["candidate"], count: number) => ({
    exposure: exposure * count,
    events: events * count,
  });
  // All minutes are alike, and what they say is a function of their sums.
  const isProven = (count: number) => {
    const { candidate, active } = minute;
    const sum = { atMs: 0, candidate: times(candidate, count), active: times(active, count) };
    return provenBy(failedOf(traffic, [sum]), 0, proves) >= needed;
  };
  if (!isProven(LONGEST_MINUTES)) return undefined;
  let [low, high] = [0, LONGEST_MINUTES];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isProven(middle)) high = middle;
    else low = middle;
  }
  return high;
}
