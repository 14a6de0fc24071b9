import { requestedIn } from "../../contract/names/running.ts";
import { runningExperiment } from "../../contract/release/experiment-policy.ts";
import { notPassed, type Release } from "../../contract/release/release.ts";
import { otherSlot } from "../../contract/slot.ts";
import { percents } from "../../contract/config/steps.ts";
import { isEmpty } from "../../contract/config/stack-config.ts";
import { promoteChange, shareChange } from "../core/changes/changes.ts";
import { watchExperiment } from "../experiment/watch.ts";
import { UserError } from "../errors.ts";
import { act, changeRoute, waiting } from "./act.ts";
import { check, type Checked } from "./check.ts";
import { requireCohort, startWithCohort } from "./cohort-step.ts";
import { fastTrack } from "./fast-track.ts";
import { giveTasks } from "./follow-share.ts";
import { refuseUnknownAlarms } from "./own-alarms.ts";
import { questionAfterRetreat, questionAtStart, questionOfShare } from "./question.ts";
import { outcomeOf, type Moment, type StepOutcome } from "./step-types.ts";
import { EXIT } from "../outcome.ts";
import { refuseGivenUp } from "../deploy/ready.ts";
import { scheduleOf } from "../planning/schedule.ts";

/** A deployed candidate without users: on `rollout` it gets the first share, once it is fit for it. */
export async function startSharing(moment: Moment, release: Release): Promise<StepOutcome> {
  const { context, options } = moment;
  if (!options.start) {
    const sentence = `candidate ${release.id} waits on ${release.slot}: npx bluegreen test, then rollout`;
    return outcomeOf(moment, "starting", { exitCode: EXIT.done, sentence, finished: true });
  }
  requireCohort(moment, release.slot);
  const untested = await requireTested(moment, release);
  const checked = await checkAtStart(moment, release);
  if (checked.verdict.kind !== "advance") return waiting(moment, "starting", checked);
  const { config } = moment.deployed;
  // A cohort comes with the tasks of the first share.
  const to = percents(config.rollout.steps)[0] ?? checked.verdict.to;
  const given = await giveTasks(moment, "starting", release, checked, to);
  if (given !== undefined) return given;
  if ((await options.warm?.(moment.deployed, release.slot)) === true) {
    // That took its time, so what was seen before it is old: the next step looks again.
    const sentence = `${release.slot} was warmed`;
    return outcomeOf(moment, "starting", { exitCode: EXIT.done, sentence, finished: false });
  }
  const trusted = await fastTrack(context, config, release);
  const withCohort = await startWithCohort(moment, trusted, checked, untested);
  if (withCohort !== undefined) return withCohort;
  const { schedule } = await scheduleOf(context, moment.deployed, release, options.memory ?? {});
  const nowMs = context.clock.now();
  const change = shareChange(config, trusted, to, nowMs, context.owner, untested, schedule);
  const how = trusted.fastTrack === "" ? "" : `, without bakes: promoted before as ${trusted.fastTrack}`;
  const anyway = untested === "" ? "" : ` (${untested})`;
  const what = `release ${release.id}${anyway} starts at ${to} %${how}`;
  return changeRoute(moment, "starting", checked, change, what);
}

/** Refuses a candidate that has not passed its pre-traffic tests, or answers with what to write down about it. */
async function requireTested({ context, deployed, options }: Moment, release: Release): Promise<string> {
  const why = notPassed(release, requestedIn(deployed.outputs, release.slot));
  if (why === undefined) return "";
  if (options.skipTests !== true) {
    // What failed to deploy cannot be tested either, so that comes first.
    await refuseGivenUp(context, deployed, release.slot);
    throw new UserError("BG182", `Release ${release.id}: ${why}.`);
  }
  return `--skip-tests: ${why}`;
}

/**
 * The stack's first model, or a candidate that a person has made the active slot: it has all users as soon as there are
 * any, so being healthy makes it promoted.
 */
export async function promoteFirstModel(moment: Moment, release: Release): Promise<StepOutcome> {
  const checked = await checkAtStart(moment, release);
  if (checked.verdict.kind !== "advance") return waiting(moment, "firstModel", checked);
  const { config } = moment.deployed;
  const isFirst = isEmpty(config.slots[otherSlot(release.slot)]);
  const reason = isFirst ? "first model of the stack" : "made the active slot manually";
  const change = promoteChange(config, release, moment.context.clock.now(), reason);
  const what = `release ${release.id} is promoted`;
  const done = await changeRoute(moment, "firstModel", checked, change, what);
  if (done.exitCode !== EXIT.done || done.agreed === undefined) return done;
  // The verdict's own sentence is of a first share, and nobody got one.
  return { ...done, finished: true, sentence: `${what} (${reason}): ${checked.verdict.reasons.join("; ")}` };
}

/** A release with users, running or paused: judged by all gates, and moved as the verdict says. */
export async function watchShare(moment: Moment, release: Release, share: number): Promise<StepOutcome> {
  const question = questionOfShare(moment, release, share);
  const checked = await check(moment.context, moment.deployed, question);
  const experiment = runningExperiment(release);
  if (experiment !== undefined) return watchExperiment(moment, release, experiment, checked);
  return act(moment, release.state === "paused" ? "paused" : "sharing", release, checked);
}

/** Nobody is on the candidate: it waits, gets users again, or what was counted has proven its fault by now. */
export async function watchRetreated(moment: Moment, release: Release): Promise<StepOutcome> {
  const question = questionAfterRetreat(moment, release);
  const checked = await check(moment.context, moment.deployed, question);
  return act(moment, "retreated", release, checked);
}

async function checkAtStart(moment: Moment, release: Release): Promise<Checked> {
  const { context, deployed } = moment;
  const checked = await check(context, deployed, questionAtStart(moment, release));
  if (checked.verdict.kind !== "advance") {
    await refuseGivenUp(context, deployed, release.slot);
    await refuseUnknownAlarms(context, deployed, release.slot);
  }
  return checked;
}
