import { notPassed } from "../../../contract/release/release.ts";
import { requestedOn } from "../../../contract/names/running.ts";
import { situationOf } from "../../../validation/core/situation.ts";
import type { Split } from "../../../contract/route/split.ts";
import type { Judgement } from "../../../validation/core/comparison/judgement.ts";
import type { Assessment } from "../../../validation/core/assessment.ts";
import { check, type CheckQuestion } from "../../../validation/rollout/check.ts";
import type { CheckMemory } from "../../../validation/rollout/observe.ts";
import {
  questionAfterRetreat,
  questionAtStart,
  questionOfCohort,
  questionOfShare,
} from "../../../validation/rollout/question.ts";
import type { Moment } from "../../../validation/rollout/step-types.ts";
import type { Action } from "../../../validation/core/machine.ts";
import type { Context, Deployed } from "../../../validation/ports.ts";

/** What a check would find and do if it were made now. */
export interface NextCheck {
  /** In the words of `step`. */
  readonly sentence: string;
  readonly verdict: string;
  readonly why: string | undefined;
  readonly reasons: readonly string[];
  readonly gates: readonly Assessment[];
  /** Names of the user's own gates, which have no answer here: the console does not ask them. */
  readonly ownGates: readonly string[];
  /** What it would do to users, in words. */
  readonly would: string;
  /** Why no user would come whatever the gates say; undefined: nothing stands in the way. */
  readonly refused: string | undefined;
}

export interface PureLook {
  readonly next: NextCheck;
  readonly comparison: Judgement | undefined;
}

/**
 * The half of a step that changes nothing, asked by somebody who only watches; undefined: nothing is to be checked now.
 * The user's own gates are not asked: they may be anything, and the rollout asks them.
 */
export async function pureLook(
  context: Context,
  deployed: Deployed,
  live: Split,
  memory: CheckMemory,
  isAtWork: boolean,
): Promise<PureLook | undefined> {
  const watching: Context = {
    ...context,
    reporter: { report() {} },
    customGates: {
      ask: async () => ({
        readable: false,
        why: "the console does not ask your own gates; the rollout does",
      }),
    },
  };
  const moment: Moment = {
    context: watching,
    deployed,
    live,
    options: { start: true, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined, memory },
  };
  const question = questionOf(moment);
  if (question === undefined) return undefined;
  const { phase, release } = question;
  const running = deployed.outputs.slots[release.slot].running;
  // A rollout that is at work has looked at that, or was told to pass over it.
  const untested =
    phase.phase === "starting" && !isAtWork ? notPassed(release, running && requestedOn(running)) : undefined;
  const { verdict, action, sentence, comparison } = await check(watching, deployed, question);
  const next: NextCheck = {
    sentence,
    verdict: verdict.kind,
    why: verdict.kind === "hold" ? verdict.why : undefined,
    reasons: verdict.reasons,
    gates: verdict.evidence,
    ownGates: deployed.config.rollout.customGates.map(({ name }) => name),
    refused: untested,
    would:
      untested === undefined
        ? wouldDo(action, release.slot)
        : `the rollout refuses ${release.slot}, because ${untested}`,
  };
  return { next, comparison };
}

function questionOf(moment: Moment): CheckQuestion | undefined {
  const { config } = moment.deployed;
  const situation = situationOf(config, moment.live);
  switch (situation.kind) {
    case "starting":
      return questionAtStart(moment, situation.release);
    case "cohort":
      return questionOfCohort(moment, situation.release, situation.cohort);
    case "sharing":
    case "paused":
      return questionOfShare(moment, situation.release, situation.share);
    case "retreated":
      return questionAfterRetreat(moment, situation.release);
    default:
      return undefined;
  }
}

function wouldDo(action: Action | undefined, candidate: string): string {
  switch (action?.kind) {
    case "share":
      return `${candidate} gets ${action.percent} % of the users`;
    case "cohort":
      return `cohort ${action.name} goes to ${candidate}, and no users yet`;
    case "promote":
      return `${candidate} becomes the active slot`;
    case "rollBack":
      return `${candidate} loses all its users, and the release ends`;
    case "retreat":
      return `${candidate} gives its users back, and is tried again at ${action.resumeAt} %`;
    case "callPerson":
      return "nothing moves; it needs a person";
    case undefined:
      return "nothing moves; it is looked at again";
  }
}
