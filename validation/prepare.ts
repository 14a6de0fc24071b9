import type { DeployOptions } from "./deploy.ts";
import { attempt } from "./observe.ts";
import type { Context, Deployed } from "./ports.ts";

/**
 * How many tasks a candidate is to have at least when nobody says: as many as serve the users now. Scaling may have
 * raised their number far above the active slot's minimum, and it would be minutes behind a share that rises.
 * undefined: as many as the active slot's minimum.
 */
export async function preparedTasks(
  context: Context,
  deployed: Deployed,
  { minTasks, image, modelVersion }: DeployOptions,
): Promise<number | undefined> {
  if (minTasks !== undefined) return minTasks;
  const { release, slots, activeSlot } = deployed.config;
  const waiting = release?.state === "deployed" ? slots[release.slot] : undefined;
  // The same command again waits for what the first one has asked for, however many serve the users by now.
  if (waiting?.image === image && waiting.modelVersion === modelVersion) return waiting.minTasks;
  const active = deployed.outputs.slots[activeSlot].running;
  if (active === undefined) return undefined;
  const { clusterName } = deployed.outputs;
  const read = await attempt(() => context.services.read(clusterName, [active.serviceName]));
  const desired = read.readable ? read.value.get(active.serviceName)?.desired : undefined;
  if (desired === undefined) {
    const why = read.readable ? "ECS does not know its service" : read.why;
    note(context, `how many tasks ${activeSlot} has could not be read (${why}): its minimum is taken`);
    return undefined;
  }
  if (desired <= active.minTasks) return undefined;
  const settle = `pulumi config set --path <slot>.minTasks ${active.minTasks} && pulumi up`;
  note(
    context,
    `${activeSlot} has ${desired} tasks for its users, at least ${active.minTasks}: the candidate gets as many. Once it has settled: ${settle}`,
  );
  return desired;
}

function note({ reporter }: Context, message: string): void {
  reporter.report({ kind: "note", message });
}
