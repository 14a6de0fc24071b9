import type { Slot } from "../../contract/slot.ts";
import { placeOf } from "../rollout/reading/read-counts.ts";
import { attempt } from "../reading.ts";
import { REQUEST_COUNT } from "../rollout/observe.ts";
import type { Context, Deployed } from "../ports.ts";

const MINUTE_MS = 60_000;
const LOOK_EVERY_MS = 10_000;

/**
 * Whether a slot answered no production request in the last full minute that CloudWatch can know, counted
 * from `sinceMs`; undefined: no such minute yet, or not readable. Weight 0 alone is not drained.
 */
export async function isDrained(
  context: Context,
  { outputs }: Deployed,
  slot: Slot,
  sinceMs: number,
): Promise<boolean | undefined> {
  // The newest complete minute may still be on its way to CloudWatch, so the one before it is read.
  const toMs = Math.floor(context.clock.now() / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
  const fromMs = toMs - MINUTE_MS;
  if (fromMs < sinceMs) return undefined;
  const place = placeOf(outputs, slot);
  const read = await attempt(() =>
    context.metrics.read(
      [{ id: "requests", queries: [REQUEST_COUNT], periodSeconds: 60, place }],
      fromMs,
      toMs,
    ),
  );
  // No point at all: the load balancer publishes the count only when requests flow.
  return read.readable ? (read.value.get("requests") ?? []).every(({ value }) => value === 0) : undefined;
}

/** Waits until the slot is drained; false when it is not within `withinMs` of the cloud's time. */
export async function waitUntilDrained(
  context: Context,
  deployed: Deployed,
  slot: Slot,
  sinceMs: number,
  withinMs: number,
): Promise<boolean> {
  const untilMs = context.clock.now() + withinMs;
  for (;;) {
    if ((await isDrained(context, deployed, slot, sinceMs)) === true) return true;
    if (context.clock.now() >= untilMs) return false;
    await context.clock.sleep(LOOK_EVERY_MS);
  }
}
