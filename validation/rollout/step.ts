import { isOpen, STATE_WORDS, type Release } from "../../contract/release/release.ts";
import { otherSlot } from "../../contract/slot.ts";
import { percents } from "../../contract/config/steps.ts";
import { cohortDue } from "../cohorts/bring-back.ts";
import { settleCohorts } from "../cohorts/settle.ts";
import { readLive, requireDeployed } from "../stack/apply.ts";
import { watchManual } from "./manual-share.ts";
import { situationOf } from "../core/situation.ts";
import { watchConfigured, watchCutOff, watchDrift } from "./drift.ts";
import { outcomeOf, type Moment, type StepOptions, type StepOutcome } from "./step-types.ts";
import { attempt } from "../reading.ts";
import { EXIT } from "../outcome.ts";
import { own } from "./ownership.ts";
import type { Context, Deployed } from "../ports.ts";
import { publishStep } from "./publish.ts";
import { completeRevert } from "../rollback/reconcile.ts";
import { raiseDue } from "../rollback/raise-tasks.ts";
import { settleTasks } from "./lower-tasks.ts";
import { restStandby } from "./rest-standby.ts";
import { watchCohort } from "./cohort-step.ts";
import { promoteFirstModel, startSharing, watchRetreated, watchShare } from "./share.ts";
import { rollbackMark } from "../rollback/rollback-mark.ts";

/**
 * One check and what follows from it: read → judge → decide (check.ts) → act (act.ts), and tell the dashboard. What is
 * asked about a release depends on its situation (question.ts). May be killed at any point; run again, it finds out
 * from the deployed configuration and the route how far it came. A step that watches makes eight calls to AWS: the
 * route, six to observe, one to tell; one that moves users reads the route again until it shows that.
 */
export async function step(context: Context, options: StepOptions): Promise<StepOutcome> {
  const deployed = await requireDeployed(context);
  const outcome = await takeStep(context, deployed, options);
  options.looked?.(outcome, deployed);
  await publishStep(context, percents(deployed.config.rollout.steps), outcome);
  return outcome;
}

async function takeStep(context: Context, deployed: Deployed, options: StepOptions): Promise<StepOutcome> {
  const read = await attempt(() => readLive(context, deployed));
  if (!read.readable) return routeUnreadable(context, deployed, read.why);
  const live = read.value;

  const situation = situationOf(deployed.config, live);
  const owned = await own({ context, deployed, live: live ?? deployed.config.split, options }, situation);
  if (owned.kind === "left") return { ...owned.outcome, split: live };
  const { moment } = owned;
  if (live === undefined || situation.kind === "drift") return watchDrift({ ...moment, live }, situation);
  switch (situation.kind) {
    case "settled":
      return (
        (await raiseDue(moment)) ??
        (await cohortDue(moment)) ??
        (await settleTasks(moment)) ??
        (await settleCohorts(moment)) ??
        // Whose cohort is there, has users by it.
        (standbyHasCohort(moment.deployed) ? undefined : await restStandby(moment)) ??
        settled(moment)
      );
    case "starting":
      return unlessRolledBack(moment, situation.release, (release) => startSharing(moment, release));
    case "cohort":
      return unlessRolledBack(moment, situation.release, (release) =>
        watchCohort(moment, release, situation.cohort),
      );
    case "firstModel":
      return promoteFirstModel(moment, situation.release);
    case "sharing":
    case "paused":
      // Claiming a release writes it anew, so the deployed one is the newest.
      return watchShare(moment, moment.deployed.config.release ?? situation.release, situation.share);
    case "retreated":
      return watchRetreated(moment, moment.deployed.config.release ?? situation.release);
    case "manual": {
      const { release } = moment.deployed.config;
      return isOpen(release) ? watchConfigured(moment, release, situation) : watchManual(moment, situation);
    }
    case "reverted":
      return completeRevert(moment, situation.to);
    case "cutOff":
      return watchCutOff(moment, situation.release);
  }
}

/**
 * Whom a candidate without a share has, Pulumi may not know: a rollout that was killed in its first update gave it users,
 * and a person who ended the release while Pulumi could not be told moved nobody. When somebody rolled it back they have
 * left their mark, and the release has ended.
 */
async function unlessRolledBack(
  moment: Moment,
  release: Release,
  goOn: (release: Release) => Promise<StepOutcome>,
): Promise<StepOutcome> {
  const mark = await attempt(() => rollbackMark(moment.context, moment.deployed));
  if (!mark.readable) return routeUnreadable(moment.context, moment.deployed, mark.why);
  if (mark.value !== undefined) return completeRevert(moment, otherSlot(release.slot));
  // Claiming a release writes it anew, so the deployed one is the newest.
  return goOn(moment.deployed.config.release ?? release);
}

const standbyHasCohort = ({ config: { cohorts, activeSlot } }: Deployed) =>
  cohorts.some(({ slot }) => slot !== activeSlot);

function settled(moment: Moment): StepOutcome {
  const { release, activeSlot } = moment.deployed.config;
  const last =
    release === undefined ? "no release yet" : `release ${release.id} is ${STATE_WORDS[release.state]}`;
  const sentence = `nothing to do: all traffic is on ${activeSlot}; ${last}`;
  return outcomeOf(moment, "settled", { exitCode: EXIT.done, sentence, finished: true });
}

/**
 * Without the route nothing can be decided or changed. The wait for it ends with the step's deadline; where there is
 * none nothing waits, and whoever only looks at exit codes is told at once.
 */
function routeUnreadable(context: Context, { config }: Deployed, why: string): StepOutcome {
  const { release } = config;
  const deadlineMs = isOpen(release) ? Date.parse(release.deadline) : Number.NaN;
  const hasDeadline = Number.isFinite(deadlineMs);
  const expired = hasDeadline && context.clock.now() >= deadlineMs;
  return {
    exitCode: expired ? EXIT.evidenceMissing : hasDeadline ? EXIT.done : EXIT.failure,
    sentence: `the route could not be read (${why})${expired ? ", and the deadline has passed" : ""}`,
    finished: expired,
    situation: "unreadable",
    release,
    split: undefined,
    verdict: undefined,
    agreed: undefined,
  };
}
