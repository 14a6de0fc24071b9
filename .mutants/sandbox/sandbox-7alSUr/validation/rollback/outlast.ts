import type { Slot } from "../../contract/slot.ts";
import type { Split } from "../../contract/route/split.ts";
import { requireDeployed } from "../stack/apply.ts";
import { reassert, REASSERT_EVERY_MS } from "./bring-in-line.ts";
import type { KnownRoute } from "./emergency-write.ts";
import { LONGEST_UPDATE_MS } from "../stack/time-limits.ts";
import { cancelUpdate, FORCED } from "../stack/locks.ts";
import { attempt } from "../reading.ts";
import type { Context, LockHolder } from "../ports.ts";

/** How an update ended that was under way when there was nothing to roll back. */
export type Outlasted = { readonly who: string } &
  /** `shifted`: the split that it deployed, where that gave the other slot users; the route has all traffic back already. */
  (
    | { readonly kind: "ended"; readonly shifted: Split | undefined }
    /** It holds the stack for longer than an update lasts. */
    | { readonly kind: "holds" }
  );

/**
 * Nobody has users to roll back, but a rollout may be giving some away just now: its update holds the stack. So everyone
 * is kept on `to` until that has ended. A lock that a person wants broken is broken first. undefined: nobody is at it, or
 * this engine does not tell.
 */
export async function outlast(context: Context, route: KnownRoute, to: Slot): Promise<Outlasted | undefined> {
  const { clock, reporter } = context;
  const first = await atWork(context);
  if (first === undefined) return undefined;
  const { who } = first;
  if (context.takeForce()) await cancelUpdate(context, who, FORCED);
  const untilMs = clock.wall() + LONGEST_UPDATE_MS;
  while ((await atWork(context)) !== undefined) {
    if (clock.wall() >= untilMs) return { kind: "holds", who };
    reporter.report({ kind: "locked", who });
    await clock.sleep(REASSERT_EVERY_MS);
    await reassert(context, route, to);
  }
  // What it wrote last may have come after the last check.
  await reassert(context, route, to);
  const { split } = (await requireDeployed(context)).config;
  return { kind: "ended", who, shifted: split[to] < 100 ? split : undefined };
}

async function atWork({ store }: Context): Promise<LockHolder | undefined> {
  const holder = await attempt(() => store.lockHolder());
  return holder.readable && holder.value?.dead === false ? holder.value : undefined;
}
