import { isOver } from "../../contract/cohorts/cohort.ts";
import type { ReleasedCohort } from "../../contract/cohorts/released.ts";
import { cohortStepOf } from "../../contract/config/steps.ts";
import type { Release } from "../../contract/release/release.ts";
import { otherSlot } from "../../contract/slot.ts";
import { isExternal } from "../../contract/config/model-service.ts";
import { externalWords } from "../cohorts/cohorts.ts";
import { nextGeneration, shareChange } from "../core/changes/changes.ts";
import { cohortStepChange } from "../core/changes/cohort-step.ts";
import { UserError } from "../errors.ts";
import { EXIT } from "../outcome.ts";
import { scheduleOf } from "../planning/schedule.ts";
import type { Deployed } from "../ports.ts";
import { rollBackRelease } from "../rollback/reconcile.ts";
import { write } from "../stack/apply.ts";
import { changeRoute, waiting } from "./act.ts";
import { check, type Checked } from "./check.ts";
import { giveTasks } from "./follow-share.ts";
import { questionOfCohort } from "./question.ts";
import { notWritten, outcomeOf, type Moment, type StepOutcome } from "./step-types.ts";

/** Refuses a first step whose cohort cannot go to the candidate, before anybody is moved. */
export function requireCohort(
  { context, deployed }: Pick<Moment, "context" | "deployed">,
  slot: Release["slot"],
) {
  const { cohorts, rollout, slots } = deployed.config;
  const name = cohortStepOf(rollout)?.cohort;
  if (name === undefined) return;
  const found = cohorts.find((one) => one.name === name);
  const refuse = (why: string): never => {
    throw new UserError("BG383", `rollout.steps begins with cohort ${name}: ${why}`);
  };
  if (found === undefined) {
    const names = cohorts.map((one) => one.name).join(", ");
    return refuse(`the stack has ${names === "" ? "no cohort" : `no such cohort; allowed: ${names}`}.`);
  }
  if (isOver(found, context.clock.now()))
    return refuse(`it is over since ${found.until}: npx bluegreen cohort remove ${name}, and add it anew.`);
  if (isExternal(deployed.config, slot)) return refuse(`${externalWords(slot)}.`);
  if (!slots[slot].cohortGroup) {
    const on = "pulumi config set --path rollout.cohorts true";
    return refuse(
      `${slot} was deployed without a group for cohorts; allowed: a slot that has one (${on}, pulumi up, and deploy again).`,
    );
  }
}

/** The cohort goes to the candidate, and users stay where they are; undefined: the steps begin with a share. */
export async function startWithCohort(
  moment: Moment,
  release: Release,
  { verdict, comparison }: Checked,
  reason: string,
): Promise<StepOutcome | undefined> {
  const { context, deployed } = moment;
  const { config } = deployed;
  const step = cohortStepOf(config.rollout);
  if (step === undefined) return undefined;
  const bakeMinutes = release.fastTrack === "" ? step.bakeMinutes : 0;
  const own = { name: step.cohort, bakeMinutes };
  const change = cohortStepChange(config, release, own, context.clock.now(), context.owner, reason);
  const anyway = reason === "" ? "" : ` (${reason})`;
  const sentence = `release ${release.id}${anyway} starts with cohort ${step.cohort} on ${release.slot}, for ${bakeMinutes} minutes at least; users stay on ${otherSlot(release.slot)}`;
  const written = await write(context, {
    change: nextGeneration(config, { ...change }),
    // A cohort's rule is no part of the route.
    scope: "everything",
    refresh: false,
    message: `bluegreen: ${sentence}`,
    from: config.split,
  });
  if (written.kind !== "shown")
    return outcomeOf(moment, "starting", { ...notWritten(written), verdict, comparison });
  return outcomeOf({ ...moment, deployed: written.deployed }, "starting", {
    exitCode: EXIT.done,
    sentence,
    finished: false,
    verdict,
    comparison,
    agreed: agreedOn(written.deployed, written.atMs),
  });
}

const agreedOn = ({ config }: Deployed, atMs: number) => ({ generation: config.generation, atMs });

/** A release with a cohort, running or paused: judged, given its first users after the bake, or rolled back. */
export async function watchCohort(
  moment: Moment,
  release: Release,
  cohort: ReleasedCohort,
): Promise<StepOutcome> {
  const { context, deployed, options } = moment;
  const checked = await check(context, deployed, questionOfCohort(moment, release, cohort));
  const { action } = checked;
  if (action?.kind === "rollBack") return rollBackRelease(moment, otherSlot(release.slot), checked, "cohort");
  if (action?.kind !== "share") return waiting(moment, "cohort", checked);
  const { percent } = action;
  const given = await giveTasks(moment, "cohort", release, checked, percent);
  if (given !== undefined) return given;
  const { schedule } = await scheduleOf(context, deployed, release, options.memory ?? {});
  // A scheduled step moves a release, but does not stay to own it.
  const owner = options.start ? context.owner : release.owner;
  const change = shareChange(deployed.config, release, percent, context.clock.now(), owner, "", schedule);
  const what = `release ${release.id} advances from cohort ${cohort.name} to ${percent} %`;
  return changeRoute(moment, "cohort", checked, change, what);
}
