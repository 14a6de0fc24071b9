import { otherSlot, type Slot } from "../slot.ts";
import type { StackConfig } from "../config/stack-config.ts";
import type { Previous } from "./previous.ts";

/** The step that an update would make, seen from one slot. */
export interface SlotTransition {
  readonly previous: Previous;
  readonly next: StackConfig;
  readonly slot: Slot;
}

/** Only the verbs raise the generation (contract/transition/writer.ts): with an equal one the update is a person's. */
export const isManual = (previous: Previous, next: StackConfig): boolean =>
  next.generation === previous.generation;

/** Why a slot did not run after the last update; undefined when it did. */
export function notRunning({ previous, slot }: SlotTransition): string | undefined {
  const before = previous.slots[slot];
  if (before === undefined) return "it is empty";
  return before.minTasks === 0 ? "it is scaled to zero" : undefined;
}

/** Whether the last update left users on this slot whom the next one could hurt. */
export const hadUsers = (step: SlotTransition): boolean =>
  step.previous.split[step.slot] > 0 && notRunning(step) === undefined && !isFirstModel(step);

/**
 * Whether the slot has the first model of its stack, which was never seen healthy and may never be: its release is
 * promoted as soon as it is. There is nobody to protect, and another model is the only way on.
 */
function isFirstModel({ previous, next, slot }: SlotTransition): boolean {
  const { release, activeSlot } = next;
  const isAlone = previous.slots[otherSlot(slot)] === undefined && slot === previous.activeSlot;
  return isAlone && slot === activeSlot && release?.slot === slot && release.state === "deployed";
}

/**
 * Whether everyone could go to this slot, which has no users and keeps its model. Not the candidate, nor one that users
 * were rolled back from: nobody reverts to these. Without a release nobody can tell, and it is taken for a standby.
 */
export function standsBy(step: SlotTransition): boolean {
  const { previous, next, slot } = step;
  const isIdle = previous.split[slot] === 0 && notRunning(step) === undefined;
  const isCandidate = next.release?.slot === slot && next.release.state !== "promoted";
  return isIdle && !isCandidate && next.slots[slot].image === previous.slots[slot]?.definition.image;
}
