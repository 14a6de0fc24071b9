import type { RolloutPolicy } from "../../contract/sections.ts";
import type { Assessment } from "./assessment.ts";
import type { HoldReason, Verdict } from "./verdict.ts";

/** Where the release is. Times are epoch milliseconds of the cloud's clock. */
export type ReleasePhase =
  | { readonly phase: "starting"; readonly deadlineMs: number }
  | {
      readonly phase: "sharing";
      readonly share: number;
      readonly liveSinceMs: number;
      readonly deadlineMs: number;
    };

export type DecisionPolicy = Pick<RolloutPolicy, "steps" | "bakeMinutes" | "atDeadline">;

/**
 * What follows from what was seen. The order of the rules is the promise:
 * a failing candidate goes back at once, whatever else is missing; it gets more users only when every gate
 * that applies has answered and passed; and no wait lasts longer than its deadline.
 */
export function decide(
  state: ReleasePhase,
  assessments: readonly Assessment[],
  policy: DecisionPolicy,
  nowMs: number,
): Verdict {
  const sorted = sort(assessments);
  switch (state.phase) {
    case "starting":
      return start(state.deadlineMs, sorted, policy, nowMs);
    case "sharing":
      return share(state, sorted, policy, nowMs);
  }
}

interface Sorted {
  readonly all: readonly Assessment[];
  readonly failing: readonly Assessment[];
  readonly baselineFailing: readonly Assessment[];
  readonly unreadable: readonly Assessment[];
  readonly tooEarly: readonly Assessment[];
  readonly passing: readonly Assessment[];
}

function sort(all: readonly Assessment[]): Sorted {
  const pick = (matches: (assessment: Assessment) => boolean) => all.filter(matches);
  return {
    all,
    failing: pick(({ about, answer }) => answer.kind === "fail" && about === "candidate"),
    baselineFailing: pick(({ about, answer }) => answer.kind === "fail" && about === "baseline"),
    unreadable: pick(({ answer }) => answer.kind === "noAnswer" && answer.cause === "unreadable"),
    tooEarly: pick(({ answer }) => answer.kind === "noAnswer" && answer.cause === "tooEarly"),
    passing: pick(({ answer }) => answer.kind === "pass"),
  };
}

/** Each reason once: several gates may wait for the same thing. */
const reasonsOf = (assessments: readonly Assessment[]) => [
  ...new Set(assessments.map(({ answer }) => answer.reason)),
];

/** Before the first user: nobody is harmed by waiting, so nothing is taken back and nothing is terminal. */
function start(deadlineMs: number, sorted: Sorted, policy: DecisionPolicy, nowMs: number): Verdict {
  const first = policy.steps[0];
  const blocked =
    sorted.failing.length > 0
      ? ({ why: "not-ready", reasons: reasonsOf(sorted.failing) } as const)
      : blockage(sorted);
  if (blocked === undefined && first !== undefined) {
    return { kind: "advance", to: first, reasons: reasonsOf(sorted.passing), evidence: sorted.all };
  }
  const why = blocked === undefined || blocked.why === "insufficient" ? "not-ready" : blocked.why;
  const reasons = blocked?.reasons ?? ["rollout.steps names no share"];
  return { kind: "hold", why, expired: nowMs >= deadlineMs, reasons, evidence: sorted.all };
}

function share(
  state: ReleasePhase & { readonly phase: "sharing" },
  sorted: Sorted,
  policy: DecisionPolicy,
  nowMs: number,
): Verdict {
  const evidence = sorted.all;
  if (sorted.failing.length > 0) return { kind: "rollback", reasons: reasonsOf(sorted.failing), evidence };

  const bakeEndsMs = state.liveSinceMs + policy.bakeMinutes * 60_000;
  const baking = nowMs < bakeEndsMs;
  const blocked = blockage(sorted);
  if (!baking && blocked === undefined) return onward(state.share, sorted, policy);

  const expired = nowMs >= state.deadlineMs;
  const waits = baking ? [bakeSentence(state.liveSinceMs, nowMs, policy)] : [];
  const reasons = [...waits, ...(blocked?.reasons ?? [])];
  if (expired && policy.atDeadline === "revert") {
    return {
      kind: "rollback",
      reasons: ["the step's deadline passed before it was decided", ...reasons],
      evidence,
    };
  }
  if (baking || blocked === undefined) return { kind: "hold", why: "baking", expired, reasons, evidence };
  if (blocked.why === "insufficient") return { kind: "insufficient", expired, reasons, evidence };
  return { kind: "hold", why: blocked.why, expired, reasons, evidence };
}

function onward(share: number, sorted: Sorted, policy: DecisionPolicy): Verdict {
  const next = policy.steps.find((step) => step > share);
  const because = { reasons: reasonsOf(sorted.passing), evidence: sorted.all };
  return next === undefined ? { kind: "promote", ...because } : { kind: "advance", to: next, ...because };
}

/** Why the candidate may not get (more) users; undefined when every gate that applies has passed. */
function blockage(
  sorted: Sorted,
):
  | { readonly why: Exclude<HoldReason, "baking"> | "insufficient"; readonly reasons: readonly string[] }
  | undefined {
  const order = [
    { why: "baseline-failing", found: sorted.baselineFailing },
    { why: "unreadable", found: sorted.unreadable },
    { why: "insufficient", found: sorted.tooEarly },
  ] as const;
  const first = order.find(({ found }) => found.length > 0);
  if (first !== undefined) return { why: first.why, reasons: reasonsOf(order.flatMap(({ found }) => found)) };
  // No gate at all is no evidence.
  return sorted.passing.length === 0 ? { why: "insufficient", reasons: ["no gate has passed"] } : undefined;
}

function bakeSentence(liveSinceMs: number, nowMs: number, policy: DecisionPolicy): string {
  const minutes = Math.max(0, (nowMs - liveSinceMs) / 60_000);
  return `${minutes.toFixed(1)} of ${policy.bakeMinutes} minutes watched`;
}
