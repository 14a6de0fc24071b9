import { readRouteTags, revertTarget, ROUTE_TAGS } from "../../contract/route.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import type { Split } from "../../contract/split.ts";

export type RevertPlan = {
  /** Who has everyone afterwards. */
  readonly to: Slot;
  /** As the route's tags have it. */
  readonly stickinessSeconds: number;
} & (
  | { readonly kind: "move" }
  /** Everyone is already where a revert would put them. */
  | { readonly kind: "nothing"; readonly why: string }
);

/**
 * Where everyone goes, from the route's own tags. A second revert must not undo the first one: the other slot
 * is a standby only after a promotion; otherwise a candidate or a release that was taken back stands there.
 * undefined: the tags are not those of a route of ours. `live`: undefined when the weights are no whole percents. `asked`: the slot that a person named.
 */
export function planRevert(
  live: Split | undefined,
  tags: Readonly<Record<string, string>>,
  asked: Slot | undefined,
): RevertPlan | undefined {
  const memory = readRouteTags(tags);
  if (memory === undefined) return undefined;
  const { activeSlot, stickinessSeconds } = memory;
  const state = tags[ROUTE_TAGS.releaseState] ?? "none";
  const standby = otherSlot(activeSlot);
  const nothing = (stays: Slot, why: string): RevertPlan => ({
    kind: "nothing",
    to: stays,
    stickinessSeconds,
    why,
  });
  const move = (to: Slot): RevertPlan => ({ kind: "move", to, stickinessSeconds });
  if (asked !== undefined) {
    return live?.[asked] === 100 ? nothing(asked, `everyone is on ${asked} already`) : move(asked);
  }
  if (live === undefined) return move(activeSlot);
  if (state === "promoted" && live[standby] === 100) {
    return nothing(standby, `everyone is back on ${standby} already`);
  }
  const isStandby = state === "promoted" || state === "none";
  if (live[activeSlot] === 100 && !isStandby) {
    const there = state === "rolledBack" ? "holds a release that was taken back" : "holds a candidate";
    return nothing(activeSlot, `nothing is lent: everyone is on ${activeSlot}, and ${standby} ${there}`);
  }
  return move(revertTarget(live, activeSlot));
}
