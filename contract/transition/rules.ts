import type { Problem } from "../problem.ts";
import { otherSlot, SLOTS, type Slot } from "../slot.ts";
import { splitOf } from "../split.ts";
import type { StackConfig } from "../stack-config.ts";
import type { TaskPart } from "../task-settings.ts";
import { definitionChanges, type PartChange } from "./definition-changes.ts";
import type { Previous } from "./previous.ts";
import { inTurn, routingBack, routingOf, setRouting, weightKey } from "./routing.ts";

/** The step that an update would make, seen from one slot. */
export interface Step {
  readonly previous: Previous;
  readonly next: StackConfig;
  readonly slot: Slot;
}

export type Rule = (step: Step) => readonly Problem[];

const UP = "pulumi up";
const SYNC = "npx bluegreen sync";

/** Why a slot did not run after the last update; undefined when it did. */
function notRunning({ previous, slot }: Step): string | undefined {
  const before = previous.slots[slot];
  if (before === undefined) return "it is empty";
  return before.minTasks === 0 ? "it is scaled to zero" : undefined;
}

/** Whether the last update left users on this slot whom the next one could hurt. */
export const hadUsers = (step: Step): boolean =>
  step.previous.split[step.slot] > 0 && notRunning(step) === undefined && !isFirstModel(step);

/**
 * Whether the slot has the first model of its stack, which was never seen healthy and may never be: its release is
 * promoted as soon as it is. There is nobody to protect, and another model is the only way on.
 */
function isFirstModel({ previous, next, slot }: Step): boolean {
  const { release, activeSlot } = next;
  const isAlone = previous.slots[otherSlot(slot)] === undefined && slot === previous.activeSlot;
  return isAlone && slot === activeSlot && release?.slot === slot && release.state === "deployed";
}

/** Users are lent only to tasks that an earlier update has started. */
const lendsToRunningSlot: Rule = (step) => {
  const { next, slot } = step;
  const share = next.split[slot];
  const why = notRunning(step);
  if (slot === next.activeSlot || share === 0 || why === undefined) return [];
  const key = weightKey(slot);
  return [
    {
      key,
      got: String(share),
      allowed: `0 until an update has started ${slot}: so far ${why}`,
      mend: inTurn(`pulumi config set ${key} 0`, UP),
    },
  ];
};

/** Before the first model nobody can be lost, and either slot may become the active one. */
const switchesToRunningSlot: Rule = (step) => {
  const { previous, next, slot } = step;
  const why = notRunning(step);
  const nothingRan = SLOTS.every((one) => previous.slots[one] === undefined);
  if (slot !== next.activeSlot || why === undefined || nothingRan) return [];
  return [
    {
      key: "activeSlot",
      got: slot,
      allowed: `${previous.activeSlot} until an update has started ${slot}: so far ${why}`,
      mend: inTurn(routingBack(previous, next), UP),
    },
  ];
};

/**
 * Model and capacity first, users in the update after. An active slot that has users may be given back what it
 * lent whatever else changes on it, or a wish for more tasks would stand in the way of a revert by hand.
 */
const raisesOnlyTheShare: Rule = (step) => {
  const { previous, next, slot } = step;
  const [before, after] = [previous.split[slot], next.split[slot]];
  const isGivenBack = before > 0 && slot === previous.activeSlot && slot === next.activeSlot;
  if (after <= before || isGivenBack || notRunning(step) !== undefined) return [];
  const changes = changesUnderUsers(step).length > 0 ? [] : definitionChanges(previous, next, slot);
  const moreTasks = next.slots[slot].minTasks > (previous.slots[slot]?.minTasks ?? 0);
  const changed = [...changes.map(({ key }) => key), ...(moreTasks ? [`${slot}.minTasks`] : [])];
  if (changed.length === 0) return [];
  const inUpdate = `in the update that changes ${changed.join(", ")}: first the tasks, then their users`;
  const { key, got, allowed } = raisedBy(step);
  return [{ key, got, allowed: `${allowed} ${inUpdate}`, mend: inTurn(routingBack(previous, next), UP) }];
};

/** Which key raised the slot's share, and what would not have. */
function raisedBy({ previous, next, slot }: Step): Omit<Problem, "mend"> {
  const lent = otherSlot(next.activeSlot);
  const [before, after] = [previous.split[lent], next.split[lent]];
  if (slot === lent)
    return {
      key: weightKey(slot),
      got: String(after),
      allowed: before === 0 ? "0" : `at most ${before}`,
    };
  return slot === previous.activeSlot
    ? { key: weightKey(lent), got: String(after), allowed: String(before) }
    : { key: "activeSlot", got: slot, allowed: previous.activeSlot };
}

/** Another of these is another service in place of the slot's: the AWS provider changes neither in place. */
const SERVICE_PARTS: readonly TaskPart[] = ["capacity", "capacityProvider"];

/** Parts that would be replaced under users although nobody has allowed it; a whole service never is. */
function changesUnderUsers(step: Step): readonly PartChange[] {
  const { previous, next, slot } = step;
  if (!hadUsers(step)) return [];
  const changes = definitionChanges(previous, next, slot);
  return next.service.allowInPlace ? changes.filter(({ part }) => SERVICE_PARTS.includes(part)) : changes;
}

const keepsTasksOfUsers: Rule = (step) => {
  const changes = changesUnderUsers(step);
  const release = deployCommand(step, changes);
  return changes.map((change) => inPlace(step.slot, change, release));
};

/** `release`: the command that gives the same change to a new release. */
function inPlace(slot: Slot, { part, key, before, after }: PartChange, release: string): Problem {
  const isMap = part === "environment" || part === "secrets";
  const got = isMap ? "changed" : after || "nothing";
  const allowed = `${isMap ? "its value" : before || "nothing"} as deployed while ${slot} has users, unless service.allowInPlace is true`;
  // `sync` puts the keys of a release back as deployed; those that belong to a person are the person's to undo.
  if (key.startsWith(`${slot}.`)) return { key, got, allowed, mend: inTurn(SYNC, release) };
  if (SERVICE_PARTS.includes(part)) {
    const forRelease = part in DEPLOY_FLAGS ? `; for a new release alone: ${release}` : "";
    const never = `${before} as deployed while ${slot} has users${forRelease}`;
    return { key, got, allowed: never, mend: `pulumi config set --path ${key} ${before}` };
  }
  const orRelease = part in DEPLOY_FLAGS ? `; or for a new release alone: ${release}` : "";
  const mend = "pulumi config set --path service.allowInPlace true";
  return { key, got, allowed: `${allowed}${orRelease}`, mend };
}

/** How `deploy` gives a part to the next release; the others hold for both slots at once. */
const DEPLOY_FLAGS: Readonly<Partial<Record<TaskPart, (value: string) => string>>> = {
  cpu: (value) => ` --cpu ${value}`,
  capacity: (value) => ` --capacity ${value}`,
  gpus: (value) => ` --gpus ${value}`,
  memory: (value) => ` --memory ${value}`,
  environment: () => " --env NAME=value",
};

function deployCommand({ next, slot }: Step, changes: readonly PartChange[]): string {
  const { image, modelVersion = "<version>" } = next.slots[slot];
  const flags = changes.map(({ part, after }) => DEPLOY_FLAGS[part]?.(after) ?? "");
  return `npx bluegreen deploy ${image} --model-version ${modelVersion}${flags.join("")}`;
}

/** Capacity goes after the users, never with them: requests are still in flight. */
const keepsSlotOfUsers: Rule = (step) => {
  const { previous, next, slot } = step;
  if (!hadUsers(step)) return [];
  const { image, minTasks } = next.slots[slot];
  const users = `while ${slot} has users (${previous.split[slot]} %): they go first, in an update of their own`;
  if (image === undefined) {
    const go = usersGo(step);
    return [
      {
        key: `${slot}.image`,
        got: "nothing",
        allowed: `an image ${users}`,
        mend: inTurn(SYNC, go, go && UP),
      },
    ];
  }
  if (minTasks > 0) return [];
  const before = previous.slots[slot]?.minTasks ?? 1;
  const mend = inTurn(`pulumi config set --path ${slot}.minTasks ${before}`, UP);
  return [{ key: `${slot}.minTasks`, got: "0", allowed: `1 or more ${users}`, mend }];
};

/** The command that takes the users off a slot as they were deployed; undefined when they are to stay. */
function usersGo({ previous, next, slot }: Step): string | undefined {
  const { activeSlot, split } = next;
  const isLent = slot !== activeSlot && split[slot] > 0;
  const wanted = isLent ? { activeSlot, split: splitOf(activeSlot, 0) } : { activeSlot, split };
  return setRouting(routingOf(previous), routingOf(wanted));
}

/** What holds for each slot in every update. */
export const RULES: readonly Rule[] = [
  switchesToRunningSlot,
  lendsToRunningSlot,
  raisesOnlyTheShare,
  keepsTasksOfUsers,
  keepsSlotOfUsers,
];
