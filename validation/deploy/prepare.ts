import type { Prepared } from "../../contract/release/release.ts";
import { isOnEcs } from "../../contract/names/running.ts";
import { otherSlot } from "../../contract/slot.ts";
import { ownTasks, unsettled } from "../core/changes/settling.ts";
import { tasksOf } from "../stack/tasks-of.ts";
import type { DeployOptions } from "./options.ts";
import { attempt } from "../reading.ts";
import type { Context, Deployed } from "../ports.ts";

export interface PreparedTasks {
  /** undefined: as many as the active slot's minimum. */
  readonly minTasks: number | undefined;
  /** What is raised of the candidate, for the release to remember; undefined: nothing is. */
  readonly prepared: Prepared | undefined;
  /**
   * What the active slot keeps: users who come back from a share of any size find the room that they had, and scaling
   * may not shrink it meanwhile; undefined: no more than its own.
   */
  readonly held: Prepared | undefined;
}

/**
 * How many tasks a candidate is to have at least when nobody says: as many as serve the users now. Scaling may have
 * raised their number far above the active slot's minimum, and it would be minutes behind a share that rises. What is
 * raised is taken away again after the release: settle.ts.
 */
export async function preparedTasks(
  context: Context,
  deployed: Deployed,
  { minTasks, image, modelVersion }: DeployOptions,
): Promise<PreparedTasks> {
  const { config, outputs } = deployed;
  const { release, slots, activeSlot } = config;
  const waiting = release?.state === "deployed" ? slots[release.slot] : undefined;
  // The same command again waits for what the first one has asked for, however many serve the users by now.
  if (waiting?.image === image && waiting.modelVersion === modelVersion) {
    const { prepared, held } = release ?? {};
    return minTasks === undefined
      ? { minTasks: waiting.minTasks, prepared, held }
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
  if (raised <= own) return { minTasks, prepared: undefined, held: undefined };
  // Nobody but whoever fills it can keep the tasks of a slot that is not ours.
  if (!isOnEcs(active)) {
    const prepared = minTasks === undefined ? { own, raised } : undefined;
    return { minTasks: minTasks ?? raised, prepared, held: undefined };
  }
  const held = { own, raised };
  const keeps = `${activeSlot} has ${raised} tasks for its users, ${own} at least of its own: it keeps them while the release is open`;
  if (minTasks !== undefined) {
    note(context, `${keeps}, and has ${own} at least again once it has ended`);
    return { minTasks, prepared: undefined, held };
  }
  const candidate = otherSlot(activeSlot);
  note(context, `${keeps}, ${candidate} gets as many, and both ${own} at least again once it has ended`);
  return { minTasks: raised, prepared: held, held };
}

function note({ reporter }: Context, message: string): void {
  reporter.report({ kind: "note", message });
}
