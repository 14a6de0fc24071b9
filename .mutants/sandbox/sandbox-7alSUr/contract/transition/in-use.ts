import { otherSlot, SLOTS, type Slot } from "../slot.ts";
import type { TaskPart } from "../config/task-settings.ts";
import { definitionChanges, type PartChange } from "./definition-changes.ts";
import { isRotation } from "./rotation.ts";
import { hadUsers, notRunning, standsBy, type SlotTransition } from "./step.ts";

/**
 * What no update changes on a slot in use, whatever is allowed. Another capacity is another service in place of the
 * slot's: the AWS provider changes neither in place. Another health check, or port, is asked of the tasks that run,
 * which know only theirs: ELB calls them unhealthy, and ECS kills them, before one of the new ones stands. An agent in
 * front is such a port, too.
 */
const NEVER: readonly TaskPart[] = [
  "kind",
  "capacity",
  "capacityProvider",
  "port",
  "agent",
  "protocol",
  "healthPath",
  "healthMatcher",
];

/** The same of a stricter health check: a model that answers as slowly as it always did is killed while it serves. */
const NEVER_LESS: readonly TaskPart[] = [
  "healthIntervalSeconds",
  "healthTimeoutSeconds",
  "unhealthyThreshold",
];

export const isNever = ({ part, before, after }: PartChange) =>
  NEVER.includes(part) || (NEVER_LESS.includes(part) && Number(after) < Number(before));

/** Parts that an update would change on a slot that has users or stands by, allowed or not. */
function changesInUse(step: SlotTransition): readonly PartChange[] {
  const { previous, next, slot } = step;
  if (!hadUsers(step) && !standsBy(step)) return [];
  return definitionChanges(previous, next, slot).filter((change) => !isSafe(change));
}

/** More time for requests in flight takes nothing from anybody. */
const isSafe = ({ part, before, after }: PartChange) =>
  part === "drainSeconds" && Number(after) >= Number(before);

/** Why `service.allowInPlace` allows nothing on this slot in this update; undefined: it does, or is false anyway. */
export function notInPlace(step: SlotTransition): string | undefined {
  const other = { ...step, slot: otherSlot(step.slot) };
  if (!step.next.service.allowInPlace) return undefined;
  const why = notRunning(other);
  if (why !== undefined) return `only while ${other.slot} could take everyone, and ${why}`;
  return changesInUse(other).length > 0 ? "one slot at a time" : undefined;
}

const isAllowed = (step: SlotTransition) => step.next.service.allowInPlace && notInPlace(step) === undefined;

/** Those of them that are refused. */
export function keptChanges(step: SlotTransition): readonly PartChange[] {
  const changes = changesInUse(step);
  const other = { ...step, slot: otherSlot(step.slot) };
  if (isRotation(step, changes) && notRunning(other) === undefined && changesInUse(other).length === 0) {
    return [];
  }
  return isAllowed(step) ? changes.filter(isNever) : changes;
}

/** Slots in use that the update changes in place, because that is allowed: while it runs, the other must be healthy. */
export const changedInPlace = (step: Omit<SlotTransition, "slot">): readonly Slot[] =>
  SLOTS.filter((slot) => changesInUse({ ...step, slot }).length > 0);

/**
 * Whether the update leaves the tasks of a slot in use as they are: it changes nothing of them, so what runs there is
 * to stay, also where ECS went back to another task definition than was asked for and a refresh has seen it.
 */
export const keepsTasks = (step: SlotTransition): boolean =>
  (hadUsers(step) || standsBy(step)) && changesInUse(step).length === 0;
