import type { Prepared } from "../../contract/release/release.ts";
import { isOnEcs } from "../../contract/names/running.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import { percents } from "../../contract/config/steps.ts";
import { tasksForShare } from "../../contract/release/follow-share.ts";
import type { Reading } from "../core/observation.ts";
import { ownTasks, unsettled } from "../core/changes/settling.ts";
import { tasksOf } from "../stack/tasks-of.ts";
import type { DeployOptions } from "./options.ts";
import { attempt } from "../reading.ts";
import { countOf } from "../rollout/lower-tasks.ts";
import type { Context, Deployed } from "../ports.ts";

export interface PreparedTasks {
  /** undefined: as many as the active slot's minimum. */
  readonly minTasks: number | undefined;
  /** undefined: as many as the active slot's maximum. */
  readonly maxTasks?: number | undefined;
  /** What is raised of the candidate, for the release to remember; undefined: nothing is. */
  readonly prepared: Prepared | undefined;
  /**
   * What the active slot keeps: users who come back from a share of any size find the room that they had, and scaling
   * may not shrink it meanwhile; undefined: no more than its own.
   */
  readonly held: Prepared | undefined;
}

/**
 * How many tasks a candidate is to have at least when nobody says: as many as its first share needs, where its tasks
 * follow the share (`rollout.capacity`), else as many as serve the users now. Scaling may have
 * raised their number far above the active slot's minimum, and it would be minutes behind a share that rises. What is
 * raised is taken away again after the release: settle.ts.
 */
export async function preparedTasks(
  context: Context,
  deployed: Deployed,
  { minTasks, maxTasks, image, modelVersion, service }: DeployOptions,
): Promise<PreparedTasks> {
  const { config, outputs } = deployed;
  const { release, slots, activeSlot } = config;
  const waiting = release?.state === "deployed" ? slots[release.slot] : undefined;
  // The same command again waits for what the first one has asked for, however many serve the users by now.
  if (waiting?.image === image && waiting.modelVersion === modelVersion) {
    const { prepared, held } = release ?? {};
    const maxTasks = prepared?.max === undefined ? undefined : waiting.maxTasks;
    return minTasks === undefined
      ? { minTasks: waiting.minTasks, maxTasks, prepared, held }
      : { minTasks, prepared: undefined, held };
  }
  const active = outputs.slots[activeSlot].running;
  if (active === undefined) return { minTasks, prepared: undefined, held: undefined };
  const read = await attempt(() => tasksOf(context, deployed, activeSlot));
  const desired = read.readable ? read.value : undefined;
  if (desired === undefined) {
    const why = read.readable ? "ECS does not know its service" : read.why;
    note(context, `how many tasks ${activeSlot} has could not be read (${why}): its minimum is taken`);
  }
  const left = unsettled(config);
  // Of a model whose own tasks were raised and not settled yet, the raised number is not its own.
  const own = left?.slot === activeSlot ? left.own : ownTasks(config);
  const raised = Math.max(desired ?? active.minTasks, active.minTasks);
  // Nobody but whoever fills it can keep the tasks of a slot that is not ours.
  const held = raised > own && isOnEcs(active) ? { own, raised } : undefined;
  const keeps = `${activeSlot} has ${raised} tasks for its users, ${own} at least of its own: it keeps them while the release is open`;
  if (minTasks !== undefined) {
    if (held !== undefined) note(context, `${keeps}, and has ${own} at least again once it has ended`);
    return { minTasks, prepared: undefined, held };
  }
  const candidate = otherSlot(activeSlot);
  // A first model that never got healthy has nobody beside it.
  const isFirst = release?.state === "deployed" && release.slot === activeSlot;
  // What something else fills gets its tasks there, all at once.
  const isOurs = (service?.["kind"] ?? config.service.kind) === "ecs";
  if (config.rollout.capacity === "share" && !isFirst && isOurs) {
    if (held !== undefined) note(context, `${keeps}, and has ${own} at least again once it has ended`);
    const everyone = Math.max(own, raised);
    const percent = percents(config.rollout.steps)[0] ?? 100;
    const tasks = tasksForShare(everyone, percent, config.rollout.headroomPercent);
    const first = `${candidate} gets ${countOf(tasks)} for its first ${percent} %, where ${everyone} serve everyone`;
    note(context, `${first}, and more before each share that needs more`);
    const prepared: Prepared = { own, raised: tasks, forPercent: percent };
    // A lower minimum takes away no task of the model that was there: a lower maximum does (Application Auto Scaling).
    const left = await desiredOn(context, deployed, candidate);
    if (left.readable && (left.value ?? 0) <= tasks) return { minTasks: tasks, prepared, held };
    const max = maxTasks ?? Math.max(slots[activeSlot].maxTasks, everyone);
    return { minTasks: tasks, maxTasks: tasks, prepared: { ...prepared, max }, held };
  }
  if (raised <= own) return { minTasks, prepared: undefined, held };
  const prepared: Prepared = { own, raised };
  if (held === undefined) return { minTasks: raised, prepared, held };
  note(context, `${keeps}, ${candidate} gets as many, and both ${own} at least again once it has ended`);
  return { minTasks: raised, prepared, held };
}

/** How many tasks ECS is to run on a slot; undefined: it knows no such service, or the slot has none. */
function desiredOn(
  context: Context,
  { outputs: { clusterName, slots } }: Deployed,
  slot: Slot,
): Promise<Reading<number | undefined>> {
  const name = slots[slot].running?.serviceName;
  return attempt(async () =>
    name === undefined ? undefined : (await context.services.read(clusterName, [name])).get(name)?.desired,
  );
}

function note({ reporter }: Context, message: string): void {
  reporter.report({ kind: "note", message });
}
