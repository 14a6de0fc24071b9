import { SLOT_TAG } from "./route.ts";
import { perSlot, SLOTS, type PerSlot, type Slot } from "../slot.ts";
import { splitFromWeights, type Split } from "./split.ts";

/** The target groups of a forward action, as the load balancer has them. */
export type WeightedGroups = readonly { readonly arn: string; readonly weight: number }[];

/** The listener rule, as the load balancer has it. */
export interface LiveRoute {
  readonly routeArn: string;
  readonly groups: WeightedGroups;
}

/** Production target groups per slot, from the tags of the groups that a route forwards to. */
export function groupsFromTags(
  route: Pick<LiveRoute, "groups">,
  tags: ReadonlyMap<string, Readonly<Record<string, string>>>,
): PerSlot<string> | undefined {
  const only = (slot: Slot) => {
    const [first, ...others] = route.groups.filter(({ arn }) => tags.get(arn)?.[SLOT_TAG] === slot);
    return others.length === 0 ? first?.arn : undefined;
  };
  const blue = only("blue");
  const green = only("green");
  return blue !== undefined && green !== undefined ? { blue, green } : undefined;
}

/** The split on a route; undefined when its weights are no whole percents of exactly these two groups. */
export function liveSplit(route: Pick<LiveRoute, "groups">, groups: PerSlot<string>): Split | undefined {
  const known = SLOTS.map((slot) => groups[slot]);
  if (route.groups.some(({ arn, weight }) => weight > 0 && !known.includes(arn))) return undefined;
  return splitFromWeights(
    perSlot((slot) => route.groups.find(({ arn }) => arn === groups[slot])?.weight ?? 0),
  );
}
