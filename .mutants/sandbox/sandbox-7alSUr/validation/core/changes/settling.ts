import { isOpen, type Prepared, type Release } from "../../../contract/release/release.ts";
import { otherSlot, type Slot } from "../../../contract/slot.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { nextGeneration, type KeyChange } from "./changes.ts";
import { written } from "./written.ts";

/** Tasks that were raised for a release which has ended, or for the users whom it lost. */
export interface Unsettled extends Prepared {
  readonly slot: Slot;
  /** Who must have answered its last request before tasks may go. */
  readonly drains: Slot;
  /** What of the release remembers it. */
  readonly by: "prepared" | "held" | "returned" | "rested";
}

/**
 * What a release that was promoted or rolled back has left raised; undefined: nothing, or a person has asked for another
 * number since. Without this the number would only ever grow, because every release starts from the one before it.
 */
export function unsettled({ release, activeSlot, slots }: StackConfig): Unsettled | undefined {
  if (release === undefined) return undefined;
  const { slot, state, prepared, held, returned, rested } = release;
  const drains = otherSlot(activeSlot);
  const isEnded = slot === activeSlot ? state === "promoted" : state === "rolledBack";
  const isLeft = (on: Slot, left: Prepared | undefined): left is Prepared =>
    isEnded && left !== undefined && slots[on].minTasks === left.raised && isOther(left, on === activeSlot);
  // The users' slot first: another deploy replaces what the candidate had.
  if (slot !== activeSlot && isLeft(activeSlot, returned))
    return { ...returned, slot: activeSlot, drains, by: "returned" };
  // Also where a person has made it the active slot again, past every verb.
  const isBack = slot !== activeSlot && !isOpen(release);
  if (isBack && rested !== undefined && slots[activeSlot].minTasks === rested.raised)
    return { ...rested, slot: activeSlot, drains, by: "rested" };
  if (isLeft(slot, prepared)) return { ...prepared, slot, drains, by: "prepared" };
  const other = otherSlot(slot);
  return isLeft(other, held) ? { ...held, slot: other, drains, by: "held" } : undefined;
}

/** Fewer than its own are too few for everyone, and enough for a model that was rolled back. */
const isOther = ({ own, raised }: Prepared, hasUsers: boolean) => (hasUsers ? raised !== own : raised > own);

/** The least number of tasks that the active slot's model has of its own, whatever an open release holds there. */
export function ownTasks({ release, activeSlot, slots }: StackConfig): number {
  const { minTasks } = slots[activeSlot];
  const held = release !== undefined && release.slot !== activeSlot ? release.held : undefined;
  return held?.raised === minTasks ? held.own : minTasks;
}

/** The same of the slot that stands by, or stood by until everyone came back. */
export function standbyTasks({ release, slots }: StackConfig, slot: Slot): number {
  const { minTasks } = slots[slot];
  const rested = release !== undefined && release.slot !== slot ? release.rested : undefined;
  return rested?.raised === minTasks ? rested.own : minTasks;
}

/** The active slot with as many tasks at least as serve its users now. */
export const heldSlot = (
  config: StackConfig,
  raw: Readonly<Record<string, string>>,
  { raised }: Prepared,
): KeyChange => ({ [config.activeSlot]: raisedSlot(config, raw, config.activeSlot, raised) });

/**
 * Tasks that the slot to which everyone went back was to get and has not got, because who moved them back was killed
 * before; undefined: none, or a person has asked for another number since.
 */
export function dueReturned({ release, activeSlot, slots }: StackConfig): Prepared | undefined {
  const returned = release?.state === "rolledBack" ? release.returned : undefined;
  const before = [returned?.own, release?.rested?.raised];
  const isDue =
    release?.slot !== activeSlot &&
    returned?.due === true &&
    returned.raised > slots[activeSlot].minTasks &&
    before.includes(slots[activeSlot].minTasks);
  return isDue ? returned : undefined;
}

/** As many tasks at least on the slot to which everyone went back; the release remembers its own number. */
export function returnedChange(
  config: StackConfig,
  raw: Readonly<Record<string, string>>,
  slot: Slot,
  { own, raised }: Prepared,
): KeyChange {
  const { release } = config;
  const returned = { own, raised };
  return nextGeneration(config, {
    [slot]: raisedSlot(config, raw, slot, raised),
    ...(release?.state === "rolledBack" ? { release: { ...release, returned } satisfies Release } : {}),
  });
}

/** The model's own number of tasks again; the release is done with it. */
export function settleChange(
  config: StackConfig,
  raw: Readonly<Record<string, string>>,
  release: Release,
  left: Unsettled,
): KeyChange {
  const settled: Release = { ...release, [left.by]: undefined };
  return nextGeneration(config, { ...settledSlot(raw, left), release: settled });
}

/** The same of the slot alone, for a deploy that puts another release in the place of the one that knows. */
export const settledSlot = (
  raw: Readonly<Record<string, string>>,
  { slot, own, max }: Pick<Unsettled, "slot" | "own" | "max">,
): KeyChange => ({
  [slot]: { ...slotWith(raw, slot, own), ...(max === undefined ? {} : { maxTasks: Math.max(own, max) }) },
});

/** No tasks on a slot without users; everything else that runs there stays as it was deployed. */
export const retireChange = (
  config: StackConfig,
  raw: Readonly<Record<string, string>>,
  slot: Slot,
): KeyChange => nextGeneration(config, { [slot]: slotWith(raw, slot, 0) });

/** A slot as it was deployed, with more tasks at least; its greatest number follows where it has to. */
export const raisedSlot = (
  { slots }: StackConfig,
  raw: Readonly<Record<string, string>>,
  slot: Slot,
  raised: number,
  max = 0,
) => ({ ...slotWith(raw, slot, raised), maxTasks: Math.max(slots[slot].maxTasks, raised, max) });

/** A slot as it was deployed, with another least number of tasks. */
const slotWith = (raw: Readonly<Record<string, string>>, slot: Slot, minTasks: number) => ({
  ...written(raw, slot),
  minTasks,
});
