import type { StackOutputs } from "../../contract/names/outputs.ts";
import { liveSplit } from "../../contract/route/live-route.ts";
import { perSlot, type PerSlot } from "../../contract/slot.ts";
import { sameSplit, type Split } from "../../contract/route/split.ts";
import type { Context } from "../ports.ts";

/** Production target groups per slot, as the stack's outputs name them. */
export const productionGroups = ({ slots }: StackOutputs): PerSlot<string> =>
  perSlot((slot) => slots[slot].targetGroupArn);

const READ_BACK_MS = 60_000;
const READ_BACK_EVERY_MS = 1_000;

/**
 * Waits until the route shows this split; false when it does not within a minute of the cloud's time. A check that
 * fails is repeated like one that shows another split: the write was done, and what follows it must not be left out
 * for a hiccup. Throws what the last check threw.
 */
export async function routeShows(
  context: Pick<Context, "route" | "clock">,
  routeArn: string,
  groups: PerSlot<string>,
  wanted: Split,
): Promise<boolean> {
  const untilMs = context.clock.now() + READ_BACK_MS;
  for (;;) {
    const isLast = context.clock.now() >= untilMs;
    const route = await context.route.read(routeArn).catch((error: unknown) => {
      if (isLast) throw error;
    });
    const live = route && liveSplit(route, groups);
    if (live !== undefined && sameSplit(live, wanted)) return true;
    if (isLast) return false;
    await context.clock.sleep(READ_BACK_EVERY_MS);
  }
}
