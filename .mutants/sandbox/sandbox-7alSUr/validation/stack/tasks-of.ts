import { isOnEcs } from "../../contract/names/running.ts";
import type { Slot } from "../../contract/slot.ts";
import type { Context, Deployed } from "../ports.ts";

/**
 * With how many tasks a slot serves its users: as many as ECS is asked for; where something else fills it, as many as
 * its healthy targets. undefined: it is empty, or ECS does not know its service. Throws when that cannot be read.
 */
export async function tasksOf(
  { services, health }: Pick<Context, "services" | "health">,
  { outputs }: Deployed,
  slot: Slot,
): Promise<number | undefined> {
  const { running, targetGroupArn } = outputs.slots[slot];
  if (running === undefined) return undefined;
  if (!isOnEcs(running)) return (await health.targets(targetGroupArn)).healthy;
  const { serviceName } = running;
  return (await services.read(outputs.clusterName, [serviceName])).get(serviceName)?.desired;
}
