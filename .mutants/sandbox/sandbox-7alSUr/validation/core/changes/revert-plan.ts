import { readRouteTags } from "../../../contract/route/route-tags.ts";
import { revertTarget } from "../../../contract/route/route.ts";
import { otherSlot, type Slot } from "../../../contract/slot.ts";
import type { Split } from "../../../contract/route/split.ts";

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
 * Where everyone goes, from the route's own tags. A second revert must not undo the first one: the other slot is
 * a standby only when the last release stands on the active one; otherwise a candidate stands there, or a model
 * that users were rolled back from. undefined: the tags are not those of a route of ours.
 * `live`: undefined when the weights are no whole percents. `asked`: the slot that a person named.
 */
export function planRevert(
  live: Split | undefined,
  tags: Readonly<Record<string, string>>,
  asked: Slot | undefined,
): RevertPlan | undefined {
  const memory = readRouteTags(tags);
  if (memory === undefined) return undefined;
  const { activeSlot, releaseSlot, stickinessSeconds } = memory;
  const other = otherSlot(activeSlot);
  const nothing = (stays: Slot, why: string): RevertPlan => ({
    kind: "nothing",
    to: stays,
    stickinessSeconds,
    why,
  });
  const move = (to: Slot): RevertPlan => ({ kind: "move", to, stickinessSeconds });
  if (asked !== undefined) {
    return live?.[asked] === 100 ? nothing(asked, `all traffic is on ${asked} already`) : move(asked);
  }
  if (live === undefined) return move(activeSlot);
  const releaseIsActive = releaseSlot === activeSlot;
  if (releaseIsActive && live[other] === 100) return nothing(other, `everyone is back on ${other} already`);
  if (live[activeSlot] === 100 && !releaseIsActive && releaseSlot !== undefined) {
    const why = `no traffic is shifted: all traffic is on ${activeSlot}, and ${other} holds a candidate or a model that was rolled back`;
    return nothing(activeSlot, why);
  }
  return move(revertTarget(live, activeSlot));
}
