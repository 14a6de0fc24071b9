import type { Counts } from "../arm.ts";

/** A rule that compares the candidate's failure rate, period by period, with a number. */
export interface ThresholdRule {
  readonly periodMinutes: 1 | 5;
  /** A period fails when more than this part of its requests fail. */
  readonly threshold: number;
  /** With fewer requests a period does not fail. */
  readonly minRequests: number;
  readonly decision: RuleDecision;
}

export type RuleDecision =
  /** Back when so many periods have failed, at any time. */
  | { readonly kind: "counter"; readonly failed: number }
  /** Back when so many of the last ones have failed. */
  | { readonly kind: "window"; readonly failed: number; readonly of: number };

/**
 * Argo Rollouts, the example of docs/features/analysis.md: `interval: 5m`, `successCondition: result[0] >= 0.95`,
 * `failureLimit: 3`; analysis/analysis.go fails a run when more measurements than the limit have failed. A period
 * without requests is taken as good, as a careful user writes it; as documented it would fail.
 */
export const ARGO_EXAMPLE: ThresholdRule = {
  periodMinutes: 5,
  threshold: 0.05,
  minRequests: 1,
  decision: { kind: "counter", failed: 4 },
};

/**
 * Flagger, the canary of docs/gitbook/usage/how-it-works.md: `interval: 1m`, `threshold: 10`, request-success-rate
 * `min: 99`; pkg/controller/scheduler.go rolls back when `failedChecks >= threshold`, and the counter never falls
 * within a run. A check that finds no values is counted as failed there; here it is not.
 */
export const FLAGGER_DEFAULT: ThresholdRule = {
  periodMinutes: 1,
  threshold: 0.01,
  minRequests: 1,
  decision: { kind: "counter", failed: 10 },
};

/** Whether the rule rolls the candidate back after this minute. */
export type RuleJudge = (candidate: Counts) => boolean;

export function judgeOf({ periodMinutes, threshold, minRequests, decision }: ThresholdRule): RuleJudge {
  let minute = 0;
  let requests = 0;
  let failed = 0;
  const isEnough = deciderOf(decision);
  let isBack = false;
  return (candidate) => {
    minute += 1;
    requests += candidate.requests;
    failed += candidate.failed;
    if (minute % periodMinutes !== 0) return isBack;
    isBack = isEnough(requests >= minRequests && failed / requests > threshold);
    requests = 0;
    failed = 0;
    return isBack;
  };
}

/** Takes one period after the other: whether it failed. */
function deciderOf(decision: RuleDecision): (hasFailed: boolean) => boolean {
  let count = 0;
  if (decision.kind === "counter") {
    return (hasFailed) => {
      count += hasFailed ? 1 : 0;
      return count >= decision.failed;
    };
  }
  const last: boolean[] = [];
  return (hasFailed) => {
    last.push(hasFailed);
    count += hasFailed ? 1 : 0;
    if (last.length > decision.of && last.shift() === true) count -= 1;
    return count >= decision.failed;
  };
}

export function nameOf({ periodMinutes, threshold, minRequests, decision }: ThresholdRule): string {
  const rate = `${Number((threshold * 100).toPrecision(3))} %`;
  const least = minRequests > 1 ? ` with ${minRequests} requests` : "";
  const when =
    decision.kind === "counter"
      ? `${decision.failed} periods`
      : `${decision.failed} of ${decision.of} periods`;
  return `${when} of ${periodMinutes} min above ${rate}${least}`;
}
