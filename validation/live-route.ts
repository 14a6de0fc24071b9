import type { StackOutputs } from "../contract/outputs.ts";
import { SLOT_TAG } from "../contract/route.ts";
import { perSlot, SLOTS, type PerSlot, type Slot } from "../contract/slot.ts";
import { sameSplit, splitFromWeights, type Split } from "../contract/split.ts";
import type { Context, LiveRoute } from "./ports.ts";

/** Production target groups per slot, as the stack's outputs name them. */
export const productionGroups = ({ slots }: StackOutputs): PerSlot<string> =>
  perSlot((slot) => slots[slot].targetGroupArn);

/** Production target groups per slot, from the tags of the groups that a route forwards to. */
export function groupsFromTags(
  route: LiveRoute,
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
export function liveSplit(route: LiveRoute, groups: PerSlot<string>): Split | undefined {
  const known = SLOTS.map((slot) => groups[slot]);
  if (route.groups.some(({ arn, weight }) => weight > 0 && !known.includes(arn))) return undefined;
  return splitFromWeights(
    perSlot((slot) => route.groups.find(({ arn }) => arn === groups[slot])?.weight ?? 0),
  );
}

const READ_BACK_MS = 60_000;
const READ_BACK_EVERY_MS = 1_000;

/** Waits until the route shows this split; false when it does not within a minute of the cloud's time. */
export async function routeShows(
  context: Pick<Context, "route" | "clock">,
  routeArn: string,
  groups: PerSlot<string>,
  wanted: Split,
): Promise<boolean> {
  const untilMs = context.clock.now() + READ_BACK_MS;
  for (;;) {
    const live = liveSplit(await context.route.read(routeArn), groups);
    if (live !== undefined && sameSplit(live, wanted)) return true;
    if (context.clock.now() >= untilMs) return false;
    await context.clock.sleep(READ_BACK_EVERY_MS);
  }
}
