import { modelFields } from "../config/model-fields.ts";
import { problem, type Problem } from "../checks/problem.ts";
import { otherSlot, SLOTS, type Slot } from "../slot.ts";
import type { TaskPart } from "../config/task-settings.ts";
import { definitionChanges, type PartChange } from "./definition-changes.ts";
import { isRotation } from "./rotation.ts";
import { inTurn } from "./routing.ts";
import { hadUsers, isByHand, notRunning, standsBy, type SlotTransition } from "./step.ts";

/**
 * What no update changes on a slot in use, whatever is allowed. Another capacity is another service in place of the
 * slot's: the AWS provider changes neither in place. Another health check, or port, is asked of the tasks that run,
 * which know only theirs: ELB calls them unhealthy, and ECS kills them, before one of the new ones stands.
 */
const NEVER: readonly TaskPart[] = [
  "capacity",
  "capacityProvider",
  "port",
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

const isNever = ({ part, before, after }: PartChange) =>
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
function notInPlace(step: SlotTransition): string | undefined {
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

/** Another model, or another service of it, goes to a slot that nobody needs. */
export function keepsModelInUse(step: SlotTransition): readonly Problem[] {
  const changes = keptChanges(step);
  return changes.map((change) => kept(step, change, changes));
}

/** Scaling takes the tasks above a lower limit away at once, whatever the users need. By hand alone: no tool lowers it. */
export function keepsLimitOfUsers(step: SlotTransition): readonly Problem[] {
  const { previous, next, slot } = step;
  const before = previous.slots[slot]?.maxTasks;
  const { image, maxTasks } = next.slots[slot];
  if (before === undefined || image === undefined || maxTasks >= before) return [];
  if (!isByHand(previous, next) || !hadUsers(step) || next.service.allowInPlace) return [];
  const key = `${slot}.maxTasks`;
  const allowed = `${before} or more while ${slot} has users, unless service.allowInPlace is true`;
  return [problem(key, maxTasks, allowed, `pulumi config set --path ${key} ${before}`)];
}

function kept(step: SlotTransition, change: PartChange, changes: readonly PartChange[]): Problem {
  const { slot } = step;
  const { part, key, before, after } = change;
  const isHidden = part === "environment" || part === "secrets";
  const use = hadUsers(step) ? "has users" : "stands by";
  const allowed = `${isHidden ? "its value" : before || "nothing"} as deployed while ${slot} ${use}${unless(step, change)}`;
  const got = isHidden ? "changed" : after || "nothing";
  // `sync` puts the keys of a release back as deployed; those that belong to a person are the person's to undo.
  if (key.startsWith(`${slot}.`)) {
    const anew = part === "rotated" ? `npx bluegreen rotate ${slot}` : deployCommand(step, changes);
    return { key, got, allowed, mend: inTurn("npx bluegreen sync", anew) };
  }
  const forNext = `${allowed}. It is for the next model once ${slot} has a copy of its own`;
  return { key, got, allowed: forNext, mend: inTurn("npx bluegreen freeze", "pulumi up") };
}

function unless(step: SlotTransition, change: PartChange): string {
  if (isNever(change)) return "";
  const why = notInPlace(step);
  return why === undefined ? ", unless service.allowInPlace is true" : ` (service.allowInPlace: ${why})`;
}

/** How `deploy` gives a part to its model. */
const DEPLOY_FLAGS: Readonly<Partial<Record<TaskPart, (value: string) => string>>> = {
  cpu: (value) => `--cpu ${value}`,
  capacity: (value) => `--capacity ${value}`,
  gpus: (value) => `--gpus ${value}`,
  memory: (value) => `--memory ${value}`,
  port: (value) => `--port ${value}`,
  healthPath: (value) => `--health-path ${value}`,
  environment: () => "--env NAME=value",
  secrets: () => "--set 'secrets={…}'",
};

function deployCommand({ next, slot }: SlotTransition, changes: readonly PartChange[]): string {
  const { image, modelVersion = "<version>" } = next.slots[slot];
  const flags = changes.flatMap(({ part, after }) => {
    const flag = DEPLOY_FLAGS[part];
    if (flag !== undefined) return [flag(after)];
    return Object.hasOwn(modelFields, part) ? [`--set '${part}=${after}'`] : [];
  });
  return ["npx bluegreen deploy", String(image), `--model-version ${modelVersion}`, ...new Set(flags)].join(
    " ",
  );
}
