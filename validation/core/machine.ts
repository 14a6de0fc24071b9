import type { Assessment } from "./assessment.ts";
import { decide, type DecisionPolicy, type ReleasePhase } from "./decide.ts";
import type { Verdict } from "./verdict.ts";

/** Where a release is: on its way (two phases), or at one of its two ends. Times are epoch ms of the cloud's clock. */
export type ReleaseState =
  | ReleasePhase
  | { readonly phase: "promoted" }
  | { readonly phase: "rolledBack"; readonly reasons: readonly string[] };

/** What has to be done in the world; nothing: look again later. */
export type Action =
  | { readonly kind: "share"; readonly percent: number }
  | { readonly kind: "promote" }
  | { readonly kind: "takeBack" }
  /** The deadline passed, or the policy wants a person's word. */
  | { readonly kind: "callPerson" };

export type MachinePolicy = DecisionPolicy & { readonly deadlineMinutes: number };

/**
 * One turn of a release, without doing anything: where it is then, what has to be done for that, and why. The two ends
 * are left by nothing; what was taken back stays back.
 */
export function transition(
  state: ReleaseState,
  assessments: readonly Assessment[],
  policy: MachinePolicy,
  nowMs: number,
): readonly [ReleaseState, readonly Action[], Verdict] {
  switch (state.phase) {
    case "promoted":
      return [state, [], { kind: "ended", reasons: ["the release was promoted"], evidence: assessments }];
    case "rolledBack":
      return [state, [], { kind: "ended", reasons: state.reasons, evidence: assessments }];
    case "starting":
    case "sharing":
      return onItsWay(state, decide(state, assessments, policy, nowMs), policy, nowMs);
  }
}

function onItsWay(
  state: ReleasePhase,
  verdict: Verdict,
  policy: MachinePolicy,
  nowMs: number,
): readonly [ReleaseState, readonly Action[], Verdict] {
  switch (verdict.kind) {
    case "advance": {
      const percent = verdict.to;
      return [sharing(state, percent, policy, nowMs), [{ kind: "share", percent }], verdict];
    }
    case "promote":
      return [{ phase: "promoted" }, [{ kind: "promote" }], verdict];
    case "rollback":
      return [{ phase: "rolledBack", reasons: verdict.reasons }, [{ kind: "takeBack" }], verdict];
    case "hold":
    case "insufficient":
      return [state, needsPerson(verdict) ? [{ kind: "callPerson" }] : [], verdict];
    case "ended":
      return [state, [], verdict];
  }
}

function sharing(from: ReleasePhase, share: number, policy: MachinePolicy, nowMs: number): ReleaseState {
  const { unapproved = [], waived } = from;
  const deadlineMs = nowMs + policy.deadlineMinutes * 60_000;
  return { phase: "sharing", share, liveSinceMs: nowMs, deadlineMs, unapproved, waived };
}

/** Whether it goes on only when somebody says so. */
export const needsPerson = (verdict: Verdict): boolean =>
  ("expired" in verdict && verdict.expired) ||
  (verdict.kind === "hold" && (verdict.why === "paused" || verdict.why === "approval"));
