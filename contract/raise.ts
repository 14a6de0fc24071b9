import { ROUTE_TAGS } from "./route.ts";
import { SLOTS, type PerSlot, type Slot } from "./slot.ts";

/** The route before or after an update: what each slot has, and what its tags say of roles and release. */
export interface RouteMoment {
  /** Percent; a slot that the rule does not list has nothing. */
  readonly weights: PerSlot<number>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Slots that an update of the route gives more users to, and that must have healthy targets for it. Taking users back
 * is never among them: neither what the slot of record gets back from a share lent, nor what a release that is rolled
 * back gives to the other slot.
 */
export function slotsToProve(before: RouteMoment, after: RouteMoment): readonly Slot[] {
  // Not `>`: what cannot be compared is a raise.
  const raised = SLOTS.filter((slot) => !(after.weights[slot] <= before.weights[slot]));
  return raised.filter((slot) => !isSlotOfRecord(slot, before, after) && !isRollbackTo(slot, after));
}

function isSlotOfRecord(slot: Slot, ...moments: readonly RouteMoment[]): boolean {
  return moments.every(({ tags }) => tags[ROUTE_TAGS.activeSlot] === slot);
}

/** The tags go on saying that a release was rolled back; a share that is lent later by hand is no rollback. */
function isRollbackTo(slot: Slot, { tags }: RouteMoment): boolean {
  const releaseSlot = tags[ROUTE_TAGS.releaseSlot];
  const isRolledBack = tags[ROUTE_TAGS.releaseState] === "rolledBack" && releaseSlot !== "none";
  return isRolledBack && releaseSlot !== slot && tags[ROUTE_TAGS.activeSlot] === slot;
}

/** What is wrong with a raise; undefined: nothing. `states`: of the slot's targets, in ELB's words. */
export function raiseProblem(
  slot: Slot,
  before: RouteMoment,
  after: RouteMoment,
  states: readonly string[],
): string | undefined {
  if (states.includes("healthy")) return undefined;
  return (
    `${slot} would go from ${before.weights[slot]} to ${after.weights[slot]} % of the users, and ` +
    `${targetsOf(states)}. Nothing was changed. Wait until it is healthy (npx bluegreen status) and run the same ` +
    `command again, or take the change back: ${commandBack(slot, before, after)}`
  );
}

/** The command that takes a raise of this slot back. */
export function commandBack(slot: Slot, before: RouteMoment, after: RouteMoment): string {
  const active = before.tags[ROUTE_TAGS.activeSlot];
  return active === undefined || active === after.tags[ROUTE_TAGS.activeSlot]
    ? `pulumi config set ${slot}Weight ${before.weights[slot]}`
    : `pulumi config set activeSlot ${active}`;
}

function targetsOf(states: readonly string[]): string {
  if (states.length === 0) return "it has no registered target";
  return `none of its targets is healthy (${states.join(", ")})`;
}
