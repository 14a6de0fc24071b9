import * as aws from "@pulumi/aws";
import { perSlot, SLOTS, type PerSlot } from "../../contract/slot.ts";
import type { Home } from "../component/place.ts";
import type { Definition } from "../../contract/config/task-settings.ts";
import type { Previous } from "../../contract/transition/previous.ts";

/** What an update finds deployed, with what could not be found out. */
export interface Completed {
  readonly previous: Previous | undefined;
  /** What to say of what cannot be compared; undefined: nothing. */
  readonly warning: string | undefined;
}

/**
 * Version 0.1 remembered the task definitions of its slots, and not how ELB checks and drains their tasks. That is read
 * from the target groups themselves, or another health path in the first update of this version would be no change.
 * @param targetGroups ARNs of the slots' production groups; undefined: not known.
 */
export async function withLiveChecks(
  previous: Previous | undefined,
  targetGroups: PerSlot<string | undefined>,
  asking: Home["asking"],
): Promise<Completed> {
  if (previous === undefined) return { previous, warning: undefined };
  const wanted = SLOTS.filter((slot) => isIncomplete(previous.slots[slot]?.definition));
  const read = await Promise.all(
    wanted.map(async (slot) => [slot, await checksOf(targetGroups[slot], asking)] as const),
  );
  const known = new Map(read);
  const slots = perSlot((slot) => {
    const own = previous.slots[slot];
    const live = known.get(slot);
    return own && typeof live === "object" ? { ...own, definition: { ...live, ...own.definition } } : own;
  });
  const unread = read.flatMap(([slot, live]) => (typeof live === "string" ? [`${slot} (${live})`] : []));
  const warning =
    unread.length === 0
      ? undefined
      : `How ELB checks the tasks of ${unread.join(" and ")} could not be read, and the last update, by an earlier version, did not remember it: whether service.health… was changed since is not known. Look in the preview for changes of target groups.`;
  return { previous: { ...previous, slots }, warning };
}

const isIncomplete = (definition: Definition | undefined) =>
  definition !== undefined && definition.healthPath === undefined;

/** As parts of a definition; a text: why they cannot be read. */
async function checksOf(arn: string | undefined, asking: Home["asking"]): Promise<Definition | string> {
  if (arn === undefined) return "its target group is not known";
  try {
    const { healthCheck, deregistrationDelay, protocolVersion } = await aws.lb.getTargetGroup(
      { arn },
      asking,
    );
    return {
      protocol: protocolVersion,
      healthPath: healthCheck.path,
      healthMatcher: healthCheck.matcher,
      healthIntervalSeconds: String(healthCheck.interval),
      healthTimeoutSeconds: String(healthCheck.timeout),
      healthyThreshold: String(healthCheck.healthyThreshold),
      unhealthyThreshold: String(healthCheck.unhealthyThreshold),
      drainSeconds: String(deregistrationDelay),
    };
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  }
}
