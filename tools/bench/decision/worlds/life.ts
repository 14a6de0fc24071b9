import { deadlineMinutesAt, type Deadlines } from "../../../../contract/release/schedule.ts";
import type { RolloutPolicy } from "../../../../contract/config/sections.ts";
import type { Assessment } from "../../../../validation/core/assessment.ts";
import { decide, type DecisionPolicy, type ReleasePhase } from "../../../../validation/core/decide.ts";
import { actionOf, type Action } from "../../../../validation/core/machine.ts";
import type { Verdict } from "../../../../validation/core/verdict.ts";

/** Where a simulated release is: on its way (three phases), or at one of its two ends. Times are epoch ms. */
export type SimulatedPhase =
  | ReleasePhase
  | { readonly phase: "promoted" }
  | { readonly phase: "rolledBack"; readonly reasons: readonly string[] };

export type LifePolicy = DecisionPolicy & Deadlines & Pick<RolloutPolicy, "retreatMinutes">;

export interface Turn {
  /** Where it is then, when every action is carried out at once. */
  readonly after: SimulatedPhase;
  readonly action: Action | undefined;
  /** undefined: it had ended before. */
  readonly verdict: Verdict | undefined;
}

/** One turn of a release, without doing anything. The two ends are left by nothing. */
export function turn(
  state: SimulatedPhase,
  assessments: readonly Assessment[],
  policy: LifePolicy,
  nowMs: number,
): Turn {
  if (state.phase === "promoted" || state.phase === "rolledBack")
    return { after: state, action: undefined, verdict: undefined };
  const verdict = decide(state, assessments, policy, nowMs);
  const action = actionOf(state, verdict, policy);
  return { after: afterwards(state, action, verdict, policy, nowMs), action, verdict };
}

function afterwards(
  from: ReleasePhase,
  action: Action | undefined,
  { reasons }: Verdict,
  policy: LifePolicy,
  nowMs: number,
): SimulatedPhase {
  const retreats = from.phase === "starting" || from.phase === "cohort" ? 0 : (from.retreats ?? 0);
  switch (action?.kind) {
    case "share": {
      const { unapproved = [], waived } = from.phase === "retreated" ? {} : from;
      const share = action.percent;
      const deadlineMs = nowMs + deadlineMinutesAt(policy, share) * 60_000;
      return { phase: "sharing", share, liveSinceMs: nowMs, deadlineMs, unapproved, waived, retreats };
    }
    case "cohort":
      throw new Error("no policy of a bench begins with a cohort");
    case "promote":
      return { phase: "promoted" };
    case "rollBack":
      return { phase: "rolledBack", reasons };
    case "retreat": {
      const to = action.resumeAt;
      const resumesMs = nowMs + policy.retreatMinutes * 60_000;
      const deadlineMs = resumesMs + deadlineMinutesAt(policy, to) * 60_000;
      return { phase: "retreated", to, resumesMs, deadlineMs, retreats: retreats + 1 };
    }
    case "callPerson":
    case undefined:
      return from;
  }
}
