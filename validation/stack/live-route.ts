import type { StackOutputs } from "../../contract/names/outputs.ts";
import { liveSplit } from "../../contract/route/live-route.ts";
import { perSlot, type PerSlot } from "../../contract/slot.ts";
import { sameSplit, type Split } from "../../contract/route/split.ts";
import { attempt } from "../reading.ts";
import type { Context } from "../ports.ts";

/** Production target groups per slot, as the stack's outputs name them. */
export const productionGroups = ({ slots }: StackOutputs): PerSlot<string> =>
  perSlot((slot) => slots[slot].targetGroupArn);

const READ_BACK_MS = 60_000;
const READ_BACK_EVERY_MS = 1_000;
/** So long a read may well show what was there before a write. */
const INSIST_EVERY_MS = 2_000;

/**
 * Waits until the route shows this split; false when it does not within a minute of the cloud's time. A check that
 * fails is repeated like one that shows another split: the write was done, and what follows it must not be left out
 * for a hiccup. Throws what the last check threw.
 *
 * `insist`: writes it anew, every two seconds while another split is shown. For the emergency write: an update that was
 * under way may write its own weights after it, and before anybody has seen it.
 */
export async function routeShows(
  context: Pick<Context, "route" | "clock">,
  routeArn: string,
  groups: PerSlot<string>,
  wanted: Split,
  insist?: () => Promise<void>,
): Promise<boolean> {
  const untilMs = context.clock.now() + READ_BACK_MS;
  let writtenMs = context.clock.now();
  for (;;) {
    const isLast = context.clock.now() >= untilMs;
    const route = await context.route.read(routeArn).catch((error: unknown) => {
      if (isLast) throw error;
    });
    const live = route && liveSplit(route, groups);
    if (live !== undefined && sameSplit(live, wanted)) return true;
    if (isLast) return false;
    if (insist !== undefined && live !== undefined && context.clock.now() - writtenMs >= INSIST_EVERY_MS) {
      writtenMs = context.clock.now();
      // One that fails is repeated like a check that fails.
      await insist().catch(() => {});
    }
    await context.clock.sleep(READ_BACK_EVERY_MS);
  }
}

/** Whether the route shows this split as it is. Only a check that fails is repeated, for a minute of the cloud's time. */
export async function routeShowsAlready(
  context: Pick<Context, "route" | "clock">,
  routeArn: string,
  groups: PerSlot<string>,
  wanted: Split,
): Promise<boolean> {
  const untilMs = context.clock.now() + READ_BACK_MS;
  for (;;) {
    const read = await attempt(() => context.route.read(routeArn));
    const live = read.readable ? liveSplit(read.value, groups) : undefined;
    if (read.readable) return live !== undefined && sameSplit(live, wanted);
    if (context.clock.now() >= untilMs) return false;
    await context.clock.sleep(READ_BACK_EVERY_MS);
  }
}
