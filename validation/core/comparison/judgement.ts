import { alarmSpec } from "../../../contract/alarms/alarm-catalog.ts";
import type { Schedule } from "../../../contract/release/schedule.ts";
import type { RolloutPolicy } from "../../../contract/config/sections.ts";
import { stepAt } from "../../../contract/config/steps.ts";
import { answersOf, type PairedAnswers } from "./answers.ts";
import {
  blindSpotOf,
  compareAndDoubt,
  type ComparedMetric,
  type Comparison,
  type ComparisonPolicy,
  type Weighed,
} from "./compare.ts";
import { finalUntil, settled, type ComparisonData, type EarlierReads, type SlowThreshold } from "./data.ts";
import { clientErrors, unanswered } from "./failures.ts";
import { excesses, metricsOf } from "./metrics.ts";
import type { Excesses } from "./rate-alarms.ts";
import { comparedSignals } from "../signals/compared.ts";
import { missing, type Missing } from "./missing.ts";
import { entryAt, proofBoundsAt, proofOf, type Proof } from "./proof.ts";
import { sampleRatio, type SampleRatio } from "./sample-ratio.ts";
import { recentOf, type Recent } from "./recent.ts";

/** What the comparison of a pair of models says at one check, with everything that it looked at. */
export interface Judgement extends Comparison {
  /** What was tolerated, with which probability of an error. */
  readonly settings: ComparisonPolicy;
  /** What the minutes since users were last split say: enough to give them back, not to end the release. */
  readonly doubt: Weighed;
  /** The candidate's share, in percent, and since when, epoch ms. */
  readonly share: number;
  readonly stepSinceMs: number;
  /** Since when both slots have had users without a break, epoch ms: what doubt looks at. */
  readonly splitSinceMs: number;
  /** Whether users stay on the slot of their first answer. */
  readonly sticky: boolean;
  /** Minutes of the failed requests that prove nothing for the candidate, by their begin in epoch ms. */
  readonly proveNothing: readonly number[];
  /** From how many seconds on an answer of the active slot counted as slow. */
  readonly slowThresholds: readonly SlowThreshold[];
  /** Settled minutes of the present step. */
  readonly stepMinutes: number;
  /** Share of failing requests that would have been rolled back by now with 80 %: 0 to 1. */
  readonly blindSpot: number;
  readonly maxBlindSpot: number;
  /** What is missing until the smallest detectable failure rate is small enough; undefined: nothing. */
  readonly missing: Missing | undefined;
  /** Only when the policy wants it. */
  readonly proof: Proof | undefined;
  /** What was planned for this pair of models; undefined: nothing was. */
  readonly schedule: Schedule | undefined;
  readonly sampleRatio: SampleRatio | undefined;
  /**
   * Whether what an alarm on a rate sees is more than a candidate as good as the active slot would show, at a share of
   * 100 % as that slot was before; undefined: there was nothing to compare in its minutes.
   */
  readonly excess: Excesses;
  /**
   * Only where users stay on their slot: requests without an answer, which are no event of the comparison then. Whoever
   * takes a cookie that names the candidate can add as many as he likes to its side alone.
   */
  readonly silence: Recent | undefined;
  /** All answers of the pair so far by class of status; undefined: the counts were kept without. */
  readonly answers: PairedAnswers | undefined;
  /** Answers 4xx, which may be the clients' own fault, so they are no event of the comparison either. */
  readonly clientErrors: Recent | undefined;
  /** Minutes left out because their numbers contradict each other, by their begin in epoch ms. */
  readonly unreadable: readonly number[];
  readonly unevenMinutes: number;
  /** The raw counts that were used, for whoever wants to compute it again: the failed requests first. */
  readonly counts: readonly [ComparedMetric, ...ComparedMetric[]];
}

export interface JudgementInput {
  readonly data: ComparisonData;
  readonly earlier: EarlierReads;
  readonly nowMs: number;
  /** Since when the present share is live, epoch ms. */
  readonly stepSinceMs: number;
  /** Since when both slots have had users without a break, epoch ms. */
  readonly splitSinceMs: number;
  /** The candidate's share, in percent. */
  readonly share: number;
  readonly sticky: boolean;
  readonly attempt: number;
  /** How often the candidate has had this share in this release, this time included; from 1. */
  readonly visits: number;
  readonly policy: RolloutPolicy;
  /** As it was planned for the pair; undefined: nothing was. */
  readonly schedule?: Schedule | undefined;
}

/** So many minutes the alarms on rates look at: contract/alarms/alarm-catalog.ts. */
const ALARM_MINUTES = alarmSpec("error-rate").evaluationPeriods;

export function judge(input: JudgementInput): Judgement {
  const { data, earlier, nowMs, stepSinceMs, splitSinceMs, share, sticky, attempt, visits } = input;
  const { policy, schedule } = input;
  const minutes = settled(data.minutes, { nowMs, lagSeconds: policy.metricLagSeconds, sticky }, earlier);
  const finalUntilMs = finalUntil(nowMs);
  const { compareClientErrors, warmupMinutes } = policy;
  const built = metricsOf(data, minutes, { sticky, finalUntilMs, compareClientErrors, warmupMinutes });
  const { unreadable, unevenMinutes, proveNothing } = built;
  const { signals, dispersions } = data;
  const { metricLagSeconds: lagSeconds } = policy;
  const [failed, ...others] = built.metrics;
  const ofSignals = comparedSignals(signals, { nowMs, lagSeconds, sticky, dispersions });
  const metrics = [failed, ...others, ...ofSignals] as const;
  const settings: ComparisonPolicy = { alpha: policy.alpha, tolerance: policy.tolerance, attempt };
  const proving = { ...failed, minutes: failed.minutes.filter(({ atMs }) => !proveNothing.has(atMs)) };
  const step = failed.minutes.filter(({ atMs }) => atMs >= stepSinceMs);
  const maxBlindSpot = entryAt(policy.maxBlindSpots, stepAt(policy, share).index);
  const bounds = proofBoundsAt(policy, schedule, share);
  const recently = { ...policy, sticky };
  const blindSpot = blindSpotOf(proving, stepSinceMs, settings);
  const { comparison, doubt } = compareAndDoubt(metrics, settings, { sticky, sinceMs: splitSinceMs });
  return {
    ...comparison,
    settings,
    doubt,
    share,
    stepSinceMs,
    splitSinceMs,
    sticky,
    proveNothing: failed.minutes.flatMap(({ atMs }) => (proveNothing.has(atMs) ? [atMs] : [])),
    slowThresholds: data.slowThresholds,
    stepMinutes: step.length,
    blindSpot,
    maxBlindSpot,
    missing:
      blindSpot <= maxBlindSpot
        ? undefined
        : missing(proving, stepSinceMs, settings, maxBlindSpot, policy.minRequests),
    proof: bounds && proofOf(proving, stepSinceMs, bounds, { ...policy, visits }),
    schedule,
    sampleRatio: sampleRatio(step, share / 100),
    excess: excesses(data, metrics, {
      minutes: ALARM_MINUTES,
      tolerance: policy.tolerance,
      finalUntilMs,
      sticky,
      warmupMinutes,
      isAlone: share >= 100,
    }),
    silence: sticky ? recentOf(data, minutes, unanswered, recently) : undefined,
    ...(data.isWithoutClasses === true
      ? { answers: undefined, clientErrors: undefined }
      : // As for the alarms, not only settled minutes: nobody is rolled back by it, and a step sees the newest.
        { answers: answersOf(minutes), clientErrors: recentOf(data, data.minutes, clientErrors, recently) }),
    unreadable,
    unevenMinutes,
    counts: metrics,
  };
}
