import type { Problem } from "../checks/problem.ts";
import { tasksForShare } from "../release/follow-share.ts";
import { isOpen } from "../release/release.ts";
import { otherSlot, SLOTS, weightKey } from "../slot.ts";
import { splitOf } from "../route/split.ts";
import { definitionChanges } from "./definition-changes.ts";
import { keepsLimitOfUsers, keepsModelInUse } from "./frozen.ts";
import { keptChanges } from "./in-use.ts";
import { inTurn, routingBack, routingOf, setRouting } from "./routing.ts";
import { hadUsers, isManual, notRunning, type SlotTransition } from "./step.ts";

export type TransitionRule = (step: SlotTransition) => readonly Problem[];

const UP = "pulumi up";
const SYNC = "npx bluegreen sync";

/** Users are shifted only to tasks that an earlier update has started. */
const shiftsToRunningSlot: TransitionRule = (step) => {
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
      fix: inTurn(`pulumi config set ${key} 0`, UP),
    },
  ];
};

/** Before the first model nobody can be lost, and either slot may become the active one. */
const switchesToRunningSlot: TransitionRule = (step) => {
  const { previous, next, slot } = step;
  const why = notRunning(step);
  const nothingRan = SLOTS.every((one) => previous.slots[one] === undefined);
  if (slot !== next.activeSlot || why === undefined || nothingRan) return [];
  return [
    {
      key: "activeSlot",
      got: slot,
      allowed: `${previous.activeSlot} until an update has started ${slot}: so far ${why}`,
      fix: inTurn(routingBack(previous, next), UP),
    },
  ];
};

/**
 * Model and capacity first, users in the update after. An active slot that has users may be given back what it
 * shifted whatever else changes on it, or a wish for more tasks would stand in the way of a revert manually.
 */
const raisesOnlyTheShare: TransitionRule = (step) => {
  const { previous, next, slot } = step;
  const [before, after] = [previous.split[slot], next.split[slot]];
  const isGivenBack = before > 0 && slot === previous.activeSlot && slot === next.activeSlot;
  if (after <= before || isGivenBack || notRunning(step) !== undefined) return [];
  const changes = keptChanges(step).length > 0 ? [] : definitionChanges(previous, next, slot);
  const moreTasks = next.slots[slot].minTasks > (previous.slots[slot]?.minTasks ?? 0);
  const changed = [...changes.map(({ key }) => key), ...(moreTasks ? [`${slot}.minTasks`] : [])];
  if (changed.length === 0) return [];
  const inUpdate = `in the update that changes ${changed.join(", ")}: first the tasks, then their users`;
  const { key, got, allowed } = raisedBy(step);
  return [{ key, got, allowed: `${allowed} ${inUpdate}`, fix: inTurn(routingBack(previous, next), UP) }];
};

/** A candidate whose tasks follow its share has tasks for that alone: `rollout` raises both, in this order. */
const hasTasksForShare: TransitionRule = (step) => {
  const { previous, next, slot } = step;
  const { release, split, rollout, slots } = next;
  const isFollowing = isOpen(release) && release.slot === slot && release.prepared?.forPercent !== undefined;
  if (!isFollowing || split[slot] <= previous.split[slot]) return [];
  const everyone = previous.slots[otherSlot(slot)]?.minTasks ?? 0;
  const { capacity, headroomPercent } = rollout;
  const needs = capacity === "share" ? tasksForShare(everyone, split[slot], headroomPercent) : everyone;
  const { minTasks, maxTasks } = slots[slot];
  if (minTasks >= needs) return [];
  const set = (field: string) => `pulumi config set --path ${slot}.${field} ${needs}`;
  const room = maxTasks < needs ? set("maxTasks") : undefined;
  const { key, got, allowed } = raisedBy(step);
  return [
    {
      key,
      got,
      allowed: `${allowed} until ${slot} has at least ${needs} tasks (it has ${minTasks}: rollout.capacity), which rollout gives it by itself`,
      fix: inTurn(routingBack(previous, next), room, set("minTasks"), UP),
    },
  ];
};

/** Which key raised the slot's share, and what would not have. */
function raisedBy({ previous, next, slot }: SlotTransition): Omit<Problem, "fix"> {
  const shifted = otherSlot(next.activeSlot);
  const [before, after] = [previous.split[shifted], next.split[shifted]];
  if (slot === shifted)
    return {
      key: weightKey(slot),
      got: String(after),
      allowed: before === 0 ? "0" : `at most ${before}`,
    };
  return slot === previous.activeSlot
    ? { key: weightKey(shifted), got: String(after), allowed: String(before) }
    : { key: "activeSlot", got: slot, allowed: previous.activeSlot };
}

/** Capacity goes after the users, never with them: requests are still in flight. */
const keepsSlotOfUsers: TransitionRule = (step) => {
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
        fix: inTurn(SYNC, go, go && UP),
      },
    ];
  }
  if (minTasks > 0) return [];
  const before = previous.slots[slot]?.minTasks ?? 1;
  const fix = inTurn(`pulumi config set --path ${slot}.minTasks ${before}`, UP);
  return [{ key: `${slot}.minTasks`, got: "0", allowed: `1 or more ${users}`, fix }];
};

/**
 * The model to which everyone could go back is given up by a verb that looks how long it has stood by, not by the way. A
 * stack whose release is not told has plain Pulumi alone, and gives up what it wants.
 */
const keepsStandby: TransitionRule = ({ previous, next, slot }) => {
  const { release, activeSlot, service } = next;
  const before = previous.slots[slot];
  const isPromoted = release?.state === "promoted" && release.slot === activeSlot;
  const stoodBy = isPromoted && slot !== activeSlot && previous.activeSlot === activeSlot;
  if (!stoodBy || previous.split[slot] > 0 || before === undefined || before.minTasks === 0) return [];
  if (!isManual(previous, next) || service.allowInPlace) return [];
  const { image, minTasks } = next.slots[slot];
  if (image !== undefined && minTasks > 0) return [];
  const whilst = `while ${slot} stands by (to give it up: npx bluegreen retire --give-up-standby), unless service.allowInPlace is true`;
  const [key, got, allowed] =
    image === undefined
      ? [`${slot}.image`, "nothing", `an image ${whilst}`]
      : [`${slot}.minTasks`, "0", `1 or more ${whilst}`];
  return [{ key, got, allowed, fix: SYNC }];
};

/** The command that takes the users off a slot as they were deployed; undefined when they are to stay. */
function usersGo({ previous, next, slot }: SlotTransition): string | undefined {
  const { activeSlot, split } = next;
  const isShifted = slot !== activeSlot && split[slot] > 0;
  const wanted = isShifted ? { activeSlot, split: splitOf(activeSlot, 0) } : { activeSlot, split };
  return setRouting(routingOf(previous), routingOf(wanted));
}

/** What holds for each slot in every update. */
export const RULES: readonly TransitionRule[] = [
  switchesToRunningSlot,
  shiftsToRunningSlot,
  raisesOnlyTheShare,
  hasTasksForShare,
  keepsModelInUse,
  keepsLimitOfUsers,
  keepsSlotOfUsers,
  keepsStandby,
];
