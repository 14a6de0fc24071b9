import { keepEvidence } from "../../../cli/evidence.ts";
import { weightKey, type Slot } from "../../../contract/slot.ts";
import type { Context } from "../../../validation/ports.ts";
import { revert } from "../../../validation/rollback/revert.ts";
import { restore } from "../../../validation/rollout/drift.ts";
import { evidenceRecord } from "../../../validation/report/evidence.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { step } from "../../../validation/rollout/step.ts";
import type { StepOutcome } from "../../../validation/rollout/step-types.ts";
import { promoteNow } from "../../../validation/steering/promote.ts";
import { approve, pause, resume } from "../../../validation/steering/steering.ts";
import { withChange } from "../../../validation/core/changes/changes.ts";
import { onDiskOf } from "../disk/of-process.ts";
import type { OperatorAct } from "../engine/incidents.ts";
import type { ProcessOnMachine } from "../engine/machine.ts";
import type { CloudOfOne } from "../world/cloud-of-one.ts";
import type { PastUpdate } from "../world/backend.ts";
import { carryOutUpdate } from "../world/update.ts";
import { CANDIDATE } from "../watch/slots.ts";

export interface VerbRun {
  readonly cloud: CloudOfOne;
  readonly by: ProcessOnMachine;
  readonly context: Context;
  /** What a step of it was based on. */
  readonly decided: (by: ProcessOnMachine, outcome: StepOutcome) => void;
  /** How a release has ended, by what a rollout says. */
  readonly told: (by: ProcessOnMachine, result: string) => void;
}

const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;
const WHY = "a person wants it";

/** As the verb of the command line does it (cli/verbs/release/rollout.ts); answers with what it says. */
export async function runRollout({ by, context, decided, told }: VerbRun, force: boolean): Promise<string> {
  const outcome = await rollout(context, {
    ownership: { takeOver: force, fateOfRun: (run) => by.machine.fateOfRun(run) },
  });
  decided(by, outcome.last);
  told(by, outcome.result);
  await keepEvidence(evidenceRecord(context.stack, outcome.last, context.clock.now()), evidenceOf(by), "");
  return `${outcome.result}: ${outcome.sentence}`;
}

export async function runStep({ by, context, decided }: VerbRun): Promise<string> {
  const outcome = await step(context, ONCE);
  decided(by, outcome);
  await keepEvidence(evidenceRecord(context.stack, outcome, context.clock.now()), evidenceOf(by), "");
  return outcome.sentence;
}

export const evidenceOf = (by: ProcessOnMachine) => onDiskOf(by, "evidence.json");

export async function runRevert({ by, context }: VerbRun, toCandidate: boolean): Promise<string> {
  const outcome = await revert(context, {
    routeArn: undefined,
    to: toCandidate ? CANDIDATE : undefined,
    reason: WHY,
    startedWallMs: by.clockMs(),
    wait: false,
  });
  return outcome.sentence;
}

/** `percent`: of what the person sets manually. */
export async function runAct(run: VerbRun, act: OperatorAct, percent: number): Promise<string> {
  const { context } = run;
  switch (act) {
    case "revert":
      return runRevert(run, false);
    case "revertToCandidate":
      return runRevert(run, true);
    case "pause":
      return (await pause(context, WHY)).sentence;
    case "resume":
      return (await resume(context, WHY)).sentence;
    case "approve":
      return (await approve(context, undefined, WHY)).sentence;
    case "promote":
    case "promoteWithoutEvidence": {
      const withoutEvidence = act === "promoteWithoutEvidence";
      return (await promoteNow(context, { reason: WHY, withoutEvidence })).sentence;
    }
    case "restore":
      return (await restore(context)).sentence;
    case "step":
      return runStep(run);
    case "editBakes":
      return pulumiUp(run, { rollout: { ...ownRollout(run), bakeMinutes: 2 } });
    case "setShare":
      return pulumiUp(run, { [weightKey(CANDIDATE)]: percent });
    case "setShareZero":
      return pulumiUp(run, { [weightKey(CANDIDATE)]: 0 });
    case "staleUp":
      return pulumiUp(run, {}, run.cloud.backend.history.at(-1));
    case "scaleToZero":
      if (run.cloud.rule.shares()[CANDIDATE] === 0) return "it has no users to lose";
      return pulumiUp(run, { [CANDIDATE]: withoutTasks(run, CANDIDATE) });
    case "scaleActiveToZero": {
      const { activeSlot } = run.cloud.backend.last().config;
      return pulumiUp(run, { [activeSlot]: withoutTasks(run, activeSlot) });
    }
    case "secondRollout":
      return runRollout(run, false);
    case "secondRolloutByForce":
      return runRollout(run, true);
  }
}

const ownRollout = ({ cloud }: VerbRun): object => JSON.parse(cloud.backend.last().raw["rollout"] ?? "{}");

const withoutTasks = ({ cloud }: VerbRun, slot: Slot): object => ({
  ...JSON.parse(cloud.backend.last().raw[slot] ?? "{}"),
  minTasks: 0,
});

/** A person's own `pulumi up`, with one edit in the stack file. `file`: what that is in step with; undefined: what is deployed. */
async function pulumiUp(
  { cloud, by }: VerbRun,
  edit: Readonly<Record<string, unknown>>,
  file?: PastUpdate,
): Promise<string> {
  const knows = await cloud.wire.call({
    by,
    reach: "store",
    what: "reading the stack file",
    effect: () => file ?? cloud.backend.last(),
  });
  const writer = { isVerb: false, model: undefined, fromGeneration: undefined, isRouteAlone: false };
  const raw = withChange(knows.raw, edit);
  const done = await carryOutUpdate(cloud, {
    by,
    raw,
    message: "a person",
    writer,
    refresh: false,
    knows,
  });
  return done.kind === "failed" ? done.message : done.kind;
}
