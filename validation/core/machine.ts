import type { RolloutPolicy } from "../../contract/config/sections.ts";
import type { Assessment } from "./assessment.ts";
import { decide, type DecisionPolicy, type ReleasePhase } from "./decide.ts";
import { resumeShare } from "../../contract/release/retreat.ts";
import { deadlineMinutesAt, type Deadlines } from "../../contract/release/schedule.ts";
import { percents } from "../../contract/config/steps.ts";
import type { Verdict } from "./verdict.ts";

/** Where a release is: on its way (three phases), or at one of its two ends. Times are epoch ms of the cloud's clock. */
export type ReleaseState =
  | ReleasePhase
  | { readonly phase: "promoted" }
  | { readonly phase: "rolledBack"; readonly reasons: readonly string[] };

/** What has to be done in the world; nothing: look again later. */
export type Action =
  | { readonly kind: "share"; readonly percent: number }
  | { readonly kind: "promote" }
  | { readonly kind: "takeBack" }
  /** Everyone back now; the release is tried again at this share. */
  | { readonly kind: "retreat"; readonly resumeAt: number }
  /** The deadline passed, or the policy wants a person's word. */
  | { readonly kind: "callPerson" };

export type MachinePolicy = DecisionPolicy & Deadlines & Pick<RolloutPolicy, "retreatMinutes">;

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
    case "retreated":
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
    case "retreat": {
      const to = resumeShare(percents(policy.steps), shareOf(state));
      return [retreatedFrom(state, to, policy, nowMs), [{ kind: "retreat", resumeAt: to }], verdict];
    }
    case "hold":
    case "insufficient":
      return [state, needsPerson(verdict) ? [{ kind: "callPerson" }] : [], verdict];
    case "ended":
      return [state, [], verdict];
  }
}

function sharing(from: ReleasePhase, share: number, policy: MachinePolicy, nowMs: number): ReleaseState {
  const { unapproved = [], waived } = from.phase === "retreated" ? {} : from;
  const deadlineMs = nowMs + deadlineMinutesAt(policy, share) * 60_000;
  const retreats = retreatsOf(from);
  return { phase: "sharing", share, liveSinceMs: nowMs, deadlineMs, unapproved, waived, retreats };
}

const shareOf = (state: ReleasePhase) => (state.phase === "sharing" ? state.share : 0);

function retreatedFrom(from: ReleasePhase, to: number, policy: MachinePolicy, nowMs: number): ReleaseState {
  const resumesMs = nowMs + policy.retreatMinutes * 60_000;
  const deadlineMs = resumesMs + deadlineMinutesAt(policy, to) * 60_000;
  return { phase: "retreated", to, resumesMs, deadlineMs, retreats: retreatsOf(from) + 1 };
}

const retreatsOf = (state: ReleasePhase) => (state.phase === "starting" ? 0 : (state.retreats ?? 0));

/** Whether it goes on only when somebody says so. */
export const needsPerson = (verdict: Verdict): boolean =>
  ("expired" in verdict && verdict.expired) ||
  (verdict.kind === "hold" && (verdict.why === "paused" || verdict.why === "approval"));
