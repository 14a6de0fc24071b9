import { isOnEcs } from "../../contract/names/running.ts";
import type { Prepared } from "../../contract/release/release.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import type { Split } from "../../contract/route/split.ts";
import { tasksOf } from "../stack/tasks-of.ts";
import { write } from "../stack/apply.ts";
import { cohortToReturn } from "../core/changes/cohort-step.ts";
import { ownTasks, dueReturned, returnedChange, standbyTasks } from "../core/changes/settling.ts";
import { notWritten, outcomeOf, type Moment, type StepOutcome } from "../rollout/step-types.ts";
import { attempt } from "../reading.ts";
import { EXIT } from "../outcome.ts";
import type { Context, Deployed } from "../ports.ts";
import { countOf } from "../rollout/lower-tasks.ts";

export interface Returned {
  readonly deployed: Deployed;
  /** For the person; empty: the slot has the tasks that its users need. */
  readonly words: string;
}

/**
 * Everyone is back on `to`, which may have far fewer tasks than served them a moment ago: scaling follows the users, and
 * would be minutes behind. It gets as many here, in an update of its own; users never wait for that, because who takes
 * them back may have no time. `before`: the split until then; whoever had most of the users says how many tasks they need.
 * Never throws: users are back, whatever becomes of this.
 */
export async function raiseReturned(
  context: Context,
  deployed: Deployed,
  to: Slot,
  before: Split | undefined,
): Promise<Returned> {
  const { config, raw } = deployed;
  const read = await attempt(() => missingOf(context, deployed, to, before));
  if (!read.readable) {
    return { deployed, words: `; whether ${to} has enough tasks for them could not be read (${read.why})` };
  }
  if (read.value === undefined) return { deployed, words: "" };
  const { has, raised, isOurs } = read.value;

  const both = `${to} has ${countOf(has)} where ${otherSlot(to)} had ${raised} for the same users`;
  if (!isOurs) return { deployed, words: `; ${both}: whoever fills ${to} must give it as many` };
  context.reporter.report({ kind: "note", message: `${both}: it gets as many; ${MEANING}` });
  const change = returnedChange(config, raw, to, read.value);
  const message = messageOf(to, raised, has);
  const written = await attempt(() =>
    write(context, { change, scope: "everything", refresh: false, message }),
  );
  if (written.readable && written.value.kind === "shown") {
    return { deployed: written.value.deployed, words: `; ${both}, and gets as many: ${MEANING}` };
  }
  const why = written.readable ? "the stack is held by another update" : written.why;
  const fix = `pulumi config set --path ${to}.minTasks ${raised} && pulumi up`;
  return { deployed, words: `; ${both}, and could not be given as many (${why}): ${fix}` };
}

/** The same by the next check, when who moved the users back was killed in between. undefined: nothing is due. */
export async function raiseDue(moment: Moment): Promise<StepOutcome | undefined> {
  const { context, deployed } = moment;
  const { config, raw } = deployed;
  const due = dueReturned(config);
  if (due === undefined) return undefined;
  const { activeSlot } = config;
  const change = returnedChange(config, raw, activeSlot, due);
  const message = messageOf(activeSlot, due.raised, due.own);
  const written = await write(context, { change, scope: "everything", refresh: false, message });
  if (written.kind !== "shown") return outcomeOf(moment, "settled", notWritten(written));
  return outcomeOf({ ...moment, deployed: written.deployed }, "settled", {
    exitCode: EXIT.done,
    sentence: `${message.replace("bluegreen: ", "")}: ${MEANING}`,
    finished: cohortToReturn(written.deployed.config) === undefined,
  });
}

const MEANING = "until they are healthy it may be slow or refuse some";

const messageOf = (to: Slot, raised: number, has: number) =>
  `bluegreen: ${to} gets ${countOf(raised)} for the users that are back, after ${has}`;

/**
 * What a slot that gets all traffic back is to get, because it lacks tasks that served them; undefined: nothing, or it
 * is not ours to give. Throws when AWS cannot be read.
 */
export async function lackOf(
  context: Context,
  deployed: Deployed,
  to: Slot,
  before: Split | undefined,
): Promise<Prepared | undefined> {
  const missing = await missingOf(context, deployed, to, before);
  return missing?.isOurs === true ? missing : undefined;
}

interface Missing extends Prepared {
  /** With how many tasks it serves now. */
  readonly has: number;
  /** Something else fills a slot that is not. */
  readonly isOurs: boolean;
}

async function missingOf(
  context: Context,
  deployed: Deployed,
  to: Slot,
  before: Split | undefined,
): Promise<Missing | undefined> {
  const { config, outputs } = deployed;
  const from = otherSlot(to);
  const [own, other] = [outputs.slots[to].running, outputs.slots[from].running];
  const hadMost = before === undefined || before[from] > before[to];
  if (!hadMost || own === undefined || other === undefined) return undefined;
  const [has, needs] = await Promise.all([to, from].map((slot) => tasksOf(context, deployed, slot)));
  if (has === undefined || needs === undefined || has >= needs) return undefined;
  const isRested = standbyTasks(config, to) !== config.slots[to].minTasks;
  const ofModel = to === config.activeSlot ? ownTasks(config) : own.minTasks;
  return {
    own: isRested ? standbyTasks(config, to) : ofModel,
    raised: needs,
    has,
    isOurs: isOnEcs(own),
  };
}
