import { approvalShares } from "../../contract/config/steps.ts";
import {
  approveChange,
  deadlineOf,
  nextShare,
  pauseChange,
  resumeChange,
  unapproved,
} from "../core/changes/steering.ts";
import { tryAgainChange } from "../core/changes/retreating.ts";
import { waivedWords } from "../core/tested.ts";
import { UserError } from "../errors.ts";
import type { Context } from "../ports.ts";
import {
  placeOf,
  requireUsers,
  shareOf,
  steer,
  type Course,
  type Steerable,
  type SteerOutcome,
} from "./steer.ts";

/** What happens when nobody ends a pause. */
const AT_DEADLINE = { hold: "it needs manual action again", revert: "all traffic goes back" } as const;

/**
 * Stops a release where it is. It is watched on, and rolled back when it fails. The pause has the time that the policy
 * gives a step; then the policy's `atDeadline` holds, as for every wait.
 */
export function pause(context: Context, reason: string): Promise<SteerOutcome> {
  return steer(context, (now) => {
    requireUsers(now);
    const { deployed, release, person } = now;
    const place = placeOf(now.situation);
    if (release.state === "paused") {
      return { kind: "nothing", sentence: `release ${release.id} is paused already, ${release.reason}` };
    }
    const why = reason === "" ? `by ${person}` : `by ${person}: ${reason}`;
    const { atDeadline } = deployed.config.rollout;
    const then = `after ${deadlineOf(deployed.config, release)} minutes ${AT_DEADLINE[atDeadline]}`;
    return {
      kind: "change",
      change: pauseChange(deployed.config, release, now, why),
      message: `bluegreen: release ${release.id} is paused at ${place} ${why}`,
      sentence: `release ${release.id} is paused at ${place}, and rolled back if it fails; ${then}. To go on: npx bluegreen resume`,
    };
  });
}

/** Lets a paused release go on where it was: its bake went on, its step gets the policy's whole time. */
export function resume(context: Context, reason = ""): Promise<SteerOutcome> {
  return steer(context, (now) => {
    requireUsers(now);
    const { deployed, release, person } = now;
    const place = placeOf(now.situation);
    if (now.situation.kind === "retreated") return tryAgain(now, now.situation.to, reason);
    if (release.state !== "paused") {
      return { kind: "nothing", sentence: `release ${release.id} is not paused; it is at ${place}` };
    }
    return {
      kind: "change",
      change: resumeChange(deployed.config, release, now),
      message: `bluegreen: release ${release.id} goes on at ${place}, resumed by ${person}${because(reason)}`,
      sentence: `release ${release.id} goes on at ${place}; if no rollout runs: npx bluegreen rollout`,
    };
  });
}

/** It gave its users back, and a person has looked at why. */
function tryAgain({ deployed, release, person }: Steerable, to: number, reason: string): Course {
  return {
    kind: "change",
    change: tryAgainChange(deployed.config, release),
    message: `bluegreen: release ${release.id} is tried again at ${to} %, resumed by ${person}${because(reason)}`,
    sentence: `release ${release.id} is tried again at ${to} %; if no rollout runs: npx bluegreen rollout`,
  };
}

/** Says yes to a share that `rollout.approvals` marks; `share` undefined: to the next one. */
export function approve(context: Context, share: number | undefined, reason = ""): Promise<SteerOutcome> {
  return steer(context, (now) => approval(now, share, reason));
}

/** For the audit log; nobody has to give one. */
const because = (reason: string) => (reason === "" ? "" : `: ${reason}`);

function approval(now: Steerable, asked: number | undefined, reason: string): Course {
  const { deployed, release, person, situation } = now;
  const approvals = approvalShares(deployed.config.rollout);
  const had = shareOf(situation);
  const share = asked ?? nextShare(unapproved(deployed.config, release).toSorted(ascending), had);
  if (share === undefined) {
    const marked = approvals.length === 0 ? "none is marked" : `marked are ${approvals.join(", ")} %`;
    throw new UserError("BG161", `Release ${release.id} is at ${had} %; ${marked}.`);
  }
  if (release.approvedSteps.includes(share)) {
    return { kind: "nothing", sentence: `${share} % of release ${release.id} is approved already` };
  }
  if (!approvals.includes(share))
    throw new UserError("BG161", `${share} % is not marked in rollout.approvals or rollout.steps.`);
  if (share <= had) throw new UserError("BG161", `Release ${release.id} has ${had} % already.`);
  const waived = waivedWords(release);
  // A cohort is watched already.
  const liveSinceMs = had === 0 && situation.kind !== "cohort" ? undefined : now.liveSinceMs;
  return {
    kind: "change",
    change: approveChange(deployed.config, release, share, liveSinceMs),
    message: `bluegreen: release ${release.id} may go to ${share} %, approved by ${person}${because(reason)}${waived === undefined ? "" : `; ${waived}`}`,
    sentence: `${share} % of release ${release.id} is approved${waived === undefined ? "" : ` (${waived})`}; if no rollout runs: npx bluegreen rollout`,
  };
}

const ascending = (a: number, b: number) => a - b;
