import type { RolloutPolicy } from "../../contract/config/sections.ts";
import { percents, stepAt } from "../../contract/config/steps.ts";
import { isDoubt, retreats, rollsBack, type Assessment } from "./assessment.ts";
import { nextShare } from "./changes/steering.ts";
import type { HoldReason, Verdict } from "./verdict.ts";

/** Where the release is. Times are epoch milliseconds of the cloud's clock. */
export type ReleasePhase =
  | ({
      readonly phase: "starting";
      readonly deadlineMs: number;
      /** Who comes before the first share; undefined: nobody does. */
      readonly cohort?: string | undefined;
    } & Steered)
  /** The candidate has a cohort, and no users yet: there is nobody to compare with, and nobody to give back. */
  | ({
      readonly phase: "cohort";
      readonly name: string;
      readonly bakeMinutes: number;
      readonly liveSinceMs: number;
      readonly deadlineMs: number;
      readonly paused?: string | undefined;
      readonly watchOnly?: boolean;
    } & Steered)
  | ({
      readonly phase: "sharing";
      readonly share: number;
      readonly liveSinceMs: number;
      readonly deadlineMs: number;
      /** Who has paused the release, and why; undefined: nobody. */
      readonly paused?: string | undefined;
      /** What the route has instead of the deployed split; undefined: it has that. */
      readonly drift?: string | undefined;
      /** Retreats so far, those left out that a person has seen; 0 unless given. */
      readonly retreats?: number;
      /** Whether this check gives nobody more users, whatever it finds; it still moves them back. */
      readonly watchOnly?: boolean;
    } & Steered)
  /** Its users went back in doubt. */
  | {
      readonly phase: "retreated";
      /** The share that it gets when it is tried again, in percent, and when. */
      readonly to: number;
      readonly resumesMs: number;
      readonly deadlineMs: number;
      /** Retreats of this release so far, those left out that a person has seen. */
      readonly retreats: number;
      readonly paused?: string | undefined;
      /** Whether this check gives nobody users, whatever it finds. */
      readonly watchOnly?: boolean;
    };

interface Steered {
  /** Shares that a person has to approve and has not; none unless given. */
  readonly unapproved?: readonly number[];
  /** What whoever approves must know of its tests; undefined: nothing. */
  readonly waived?: string | undefined;
}

export type DecisionPolicy = Pick<RolloutPolicy, "steps" | "bakeMinutes" | "atDeadline" | "maxRetreats">;

/**
 * What follows from what was seen. The order of the rules is the promise:
 * a failing candidate goes back at once, whatever else is missing, paused or not; one in doubt gives its users back and
 * is tried again; it gets more users only when
 * every gate that applies has answered and passed, the route is as deployed, and nobody has said stop or has yet to
 * say yes; and no wait
 * lasts longer than its deadline.
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
      return start(state, sorted, policy, nowMs);
    case "cohort":
    case "sharing":
      return share(state, sorted, policy, nowMs);
    case "retreated":
      return retreated(state, sorted, policy, nowMs);
  }
}

interface Sorted {
  readonly all: readonly Assessment[];
  readonly failing: readonly Assessment[];
  /** Enough to give the users back, and not to end the release. */
  readonly retreating: readonly Assessment[];
  /** Something speaks against the candidate, and it is no proof: it only waits. */
  readonly doubtful: readonly Assessment[];
  readonly baselineFailing: readonly Assessment[];
  readonly unreadable: readonly Assessment[];
  readonly tooEarly: readonly Assessment[];
  readonly passing: readonly Assessment[];
}

/**
 * What decides, by what it says. While the active slot is in trouble itself, gates without a control say nothing about
 * the candidate; the comparison does, because what hits both slots cancels in it.
 */
function sort(all: readonly Assessment[]): Sorted {
  const deciding = all.filter(({ dryRun = false }) => !dryRun);
  const pick = (matches: (assessment: Assessment) => boolean) => deciding.filter(matches);
  const baselineFailing = pick(({ about, answer }) => answer.kind === "fail" && about === "baseline");
  const isSuspended = ({ absolute = false }: Assessment) => absolute && baselineFailing.length > 0;
  return {
    all,
    failing: pick((assessment) => rollsBack(assessment) && !isSuspended(assessment)),
    retreating: pick((assessment) => retreats(assessment) && !isSuspended(assessment)),
    doubtful: pick((assessment) => isDoubt(assessment) || retreats(assessment)),
    baselineFailing,
    unreadable: pick(({ answer }) => answer.kind === "noAnswer" && answer.cause === "unreadable"),
    tooEarly: pick(({ answer }) => answer.kind === "noAnswer" && answer.cause === "tooEarly"),
    passing: pick(({ answer }) => answer.kind === "pass"),
  };
}

/** Each reason once: several gates may wait for the same thing. */
const reasonsOf = (assessments: readonly Assessment[]) => [
  ...new Set(assessments.map(({ answer }) => answer.reason)),
];

/** The candidate fails, whatever else is known. */
const failing = (sorted: Sorted): Verdict => ({
  kind: "rollback",
  cause: "failing",
  reasons: reasonsOf(sorted.failing),
  evidence: sorted.all,
});

/** Before the first user: nobody is harmed by waiting, so nothing is rolled back. Where waiting changes nothing, it is for a person. */
function start(
  { deadlineMs, cohort, unapproved = [], waived }: ReleasePhase & { readonly phase: "starting" },
  sorted: Sorted,
  policy: DecisionPolicy,
  nowMs: number,
): Verdict {
  const first = percents(policy.steps)[0];
  const isRefused = sorted.failing.some(({ isLasting = false }) => isLasting);
  const blocked =
    sorted.failing.length > 0
      ? ({ why: isRefused ? "refused" : "not-ready", reasons: reasonsOf(sorted.failing) } as const)
      : blockage(sorted);
  const expired = nowMs >= deadlineMs;
  if (blocked === undefined && first !== undefined) {
    // A cohort is no share, which a person would have to approve.
    if (cohort !== undefined)
      return { kind: "advance", to: 0, cohort, reasons: reasonsOf(sorted.passing), evidence: sorted.all };
    if (unapproved.includes(first)) return awaitPerson(first, expired, sorted, waived);
    return { kind: "advance", to: first, reasons: reasonsOf(sorted.passing), evidence: sorted.all };
  }
  // It is the candidate's doing: it has no clients yet.
  const isNotReady = blocked === undefined || blocked.why === "insufficient" || blocked.why === "doubt";
  const why = isNotReady ? "not-ready" : blocked.why;
  const reasons = blocked?.reasons ?? ["rollout.steps names no share"];
  return { kind: "hold", why, expired, reasons, evidence: sorted.all };
}

function share(
  state: ReleasePhase & { readonly phase: "sharing" | "cohort" },
  sorted: Sorted,
  policy: DecisionPolicy,
  nowMs: number,
): Verdict {
  const evidence = sorted.all;
  if (sorted.failing.length > 0) return failing(sorted);
  const hasUsers = state.phase === "sharing";
  if (hasUsers && sorted.retreating.length > 0) {
    return { kind: "retreat", cause: "doubt", reasons: reasonsOf(sorted.retreating), evidence };
  }

  const { paused, watchOnly = false, unapproved = [], waived } = state;
  const drift = state.phase === "sharing" ? state.drift : undefined;
  const shared = state.phase === "sharing" ? state.share : 0;
  const { bakeMinutes } = state.phase === "sharing" ? stepAt(policy, shared) : state;
  const baking = nowMs < state.liveSinceMs + bakeMinutes * 60_000;
  const blocked = blockage(sorted);
  const next = nextShare(percents(policy.steps), shared);
  const awaited = next !== undefined && unapproved.includes(next) ? next : undefined;
  const isProven = !baking && blocked === undefined;
  const isStopped = paused !== undefined || drift !== undefined || watchOnly;
  if (isProven && !isStopped && awaited === undefined) return onward(next, sorted);

  const expired = nowMs >= state.deadlineMs;
  const waits = [
    ...(drift === undefined ? [] : [drift]),
    ...(paused === undefined ? [] : [`paused ${paused}`]),
    ...(baking ? [bakeSentence(state.liveSinceMs, nowMs, bakeMinutes)] : []),
    ...(blocked?.reasons ?? []),
    ...(isProven && awaited !== undefined ? [approvalSentence(awaited, waived)] : []),
    ...(isProven && watchOnly ? ["it may go on, and this check only watches"] : []),
  ];
  if (expired && policy.atDeadline === "revert") {
    const reasons = ["the step's deadline passed before it was decided", ...waits];
    return { kind: "rollback", cause: "deadline", reasons, evidence };
  }
  if (hasUsers && expired && sorted.baselineFailing.length > 0) {
    const reasons = [
      "both slots fail, and the step's deadline has passed",
      ...reasonsOf(sorted.baselineFailing),
    ];
    return { kind: "retreat", cause: "outage", reasons, evidence };
  }
  if (drift !== undefined) return { kind: "hold", why: "drift", expired, reasons: waits, evidence };
  if (paused !== undefined) return { kind: "hold", why: "paused", expired, reasons: waits, evidence };
  if (baking) return { kind: "hold", why: "baking", expired, reasons: waits, evidence };
  if (blocked?.why === "insufficient") return { kind: "insufficient", expired, reasons: waits, evidence };
  if (blocked !== undefined) return { kind: "hold", why: blocked.why, expired, reasons: waits, evidence };
  const why = awaited === undefined ? "watched" : "approval";
  return { kind: "hold", why, expired, reasons: waits, evidence };
}

/**
 * Without users again: nobody is harmed by waiting. What was counted may still prove the fault when it is complete, and
 * nothing else ends the release.
 */
function retreated(
  state: ReleasePhase & { readonly phase: "retreated" },
  sorted: Sorted,
  policy: DecisionPolicy,
  nowMs: number,
): Verdict {
  const evidence = sorted.all;
  if (sorted.failing.length > 0) return failing(sorted);
  const { to, resumesMs, deadlineMs, paused } = state;
  const hold = (why: HoldReason, expired: boolean, reasons: readonly string[]): Verdict => ({
    kind: "hold",
    why,
    expired,
    reasons,
    evidence,
  });
  if (state.retreats > policy.maxRetreats) {
    const often = `it gave its users back ${times(state.retreats)}, ${policy.maxRetreats} allowed (rollout.maxRetreats)`;
    return hold("retreated", true, [
      `${often}: npx bluegreen resume tries again, npx bluegreen revert ends it`,
    ]);
  }
  const expired = nowMs >= deadlineMs;
  if (paused !== undefined) return hold("paused", expired, [`paused ${paused}`]);
  const minutes = Math.ceil((resumesMs - nowMs) / 60_000);
  if (minutes > 0) return hold("retreated", expired, [`it is tried again at ${to} % in ${minutes} min`]);
  const blocked = blockage(sorted);
  if (blocked === undefined && state.watchOnly === true)
    return hold("watched", expired, ["it may be tried again, and this check only watches"]);
  if (blocked === undefined) return { kind: "advance", to, reasons: reasonsOf(sorted.passing), evidence };
  const why = blocked.why === "insufficient" || blocked.why === "doubt" ? "not-ready" : blocked.why;
  return hold(why, expired, blocked.reasons);
}

const times = (count: number) => (count === 1 ? "once" : `${count} times`);

function onward(next: number | undefined, sorted: Sorted): Verdict {
  const because = { reasons: reasonsOf(sorted.passing), evidence: sorted.all };
  return next === undefined ? { kind: "promote", ...because } : { kind: "advance", to: next, ...because };
}

/** Everything is ready for a share that the policy wants approved. */
function awaitPerson(share: number, expired: boolean, sorted: Sorted, waived?: string): Verdict {
  const reasons = [approvalSentence(share, waived)];
  return { kind: "hold", why: "approval", expired, reasons, evidence: sorted.all };
}

const approvalSentence = (share: number, waived?: string) =>
  `${share} % is for a person to approve${waived === undefined ? "" : ` (${waived})`}: npx bluegreen approve --step ${share}`;

/** Why the candidate may not get (more) users; undefined when every gate that applies has passed. */
function blockage(sorted: Sorted):
  | {
      readonly why: "baseline-failing" | "doubt" | "unreadable" | "insufficient";
      readonly reasons: readonly string[];
    }
  | undefined {
  const order = [
    { why: "baseline-failing", found: sorted.baselineFailing },
    { why: "doubt", found: sorted.doubtful },
    { why: "unreadable", found: sorted.unreadable },
    { why: "insufficient", found: sorted.tooEarly },
  ] as const;
  const first = order.find(({ found }) => found.length > 0);
  if (first !== undefined) return { why: first.why, reasons: reasonsOf(order.flatMap(({ found }) => found)) };
  // No gate at all is no evidence.
  return sorted.passing.length === 0 ? { why: "insufficient", reasons: ["no gate has passed"] } : undefined;
}

function bakeSentence(liveSinceMs: number, nowMs: number, bakeMinutes: number): string {
  const minutes = Math.max(0, (nowMs - liveSinceMs) / 60_000);
  return `${minutes.toFixed(1)} of ${bakeMinutes} minutes watched`;
}
