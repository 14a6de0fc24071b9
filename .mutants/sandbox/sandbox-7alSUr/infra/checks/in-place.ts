import type { Problem } from "../../contract/checks/problem.ts";
import { otherSlot } from "../../contract/slot.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import { changedInPlace } from "../../contract/transition/in-use.ts";
import type { Previous } from "../../contract/transition/previous.ts";
import type { LastUpdate } from "./previous.ts";

/**
 * A slot in use whose tasks an update replaces in place, as `service.allowInPlace` says or `rotate` does, needs somewhere to send its
 * users if the new ones fail: the other slot must have healthy targets now. `targets`: the states of a target group's
 * targets, in ELB's words.
 */
export async function inPlaceProblems(
  previous: Previous | undefined,
  next: StackConfig,
  { targetGroups }: Pick<LastUpdate, "targetGroups">,
  targets: (targetGroupArn: string) => Promise<readonly string[]>,
): Promise<readonly Problem[]> {
  if (previous === undefined) return [];
  const [slot] = changedInPlace({ previous, next });
  if (slot === undefined) return [];
  const other = otherSlot(slot);
  const why = await notHealthy(targetGroups[other], targets);
  if (why === undefined) return [];
  const { rotated } = next.slots[slot];
  const isRotated = rotated !== undefined && rotated !== previous.slots[slot]?.definition.rotated;
  return [
    {
      ...(isRotated
        ? { key: `${slot}.rotated`, got: rotated }
        : { key: "service.allowInPlace", got: "true" }),
      allowed: `${isRotated ? "as deployed" : "false"} while ${slot} is changed and ${other} could not take everyone: ${why}`,
      fix: "npx bluegreen status, and the same command again once it is healthy",
    },
  ];
}

/** What cannot be read is not healthy: no data is not good news. */
async function notHealthy(
  arn: string | undefined,
  targets: (targetGroupArn: string) => Promise<readonly string[]>,
): Promise<string | undefined> {
  if (arn === undefined) return "its target group is not known";
  try {
    const states = await targets(arn);
    if (states.includes("healthy")) return undefined;
    return states.length === 0 ? "it has no targets" : `its targets are ${states.join(", ")}`;
  } catch (error) {
    return `its targets could not be read (${error instanceof Error ? error.message : String(error)})`;
  }
}
