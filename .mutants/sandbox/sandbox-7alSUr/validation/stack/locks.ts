import { UserError } from "../errors.ts";
import { attempt } from "../reading.ts";
import type { Applied, Context, LockHolder, Reporter, StackStore, Update } from "../ports.ts";

export const holderNames = (holders: readonly LockHolder[]) => holders.map(({ who }) => who).join(", ");

const allDead = (holders: readonly LockHolder[]) => holders.length > 0 && holders.every(({ dead }) => dead);

/** An update of somebody who may still be at work. */
export function heldBy(holders: readonly LockHolder[]): UserError {
  const known = holders.some(({ runs }) => runs)
    ? "it runs on this machine"
    : "from here nobody can tell whether it still runs";
  return new UserError("BG131", `It is held by ${holderNames(holders)}; ${known}.`);
}

const GONE = "its process is gone";
export const FORCED = "as asked by --force-ownership; if it still runs, both write";

/** Whether the update that holds the stack could be cancelled; either way it is said. */
export async function cancelUpdate(
  { store, reporter }: Pick<Context, "store" | "reporter">,
  who: string,
  why: string,
): Promise<boolean> {
  reporter.report({ kind: "note", message: `cancelling the update of ${who}: ${why}` });
  const cancelled = await attempt(() => store.breakLock());
  if (!cancelled.readable) {
    reporter.report({ kind: "note", message: `cancelling failed: ${cancelled.why}` });
  }
  return cancelled.readable;
}

/** One update. A lock whose holder is dead, or that a person wants broken, is cancelled once. */
export const applyPastTheDead = (context: Context, update: Update): Promise<Applied> =>
  pastTheDead(context, () => context.store.apply(update));

/**
 * The same for an update that is made up anew at each try. Whoever breaks a lock asks once more when he is alone with it:
 * another one may have broken it before, and hold it now himself.
 */
export async function pastTheDead(context: Context, apply: () => Promise<Applied>): Promise<Applied> {
  const { store } = context;
  const first = await apply();
  if (first.kind !== "locked") return first;
  const isForced = !allDead(first.holders) && context.takeForce();
  if (!allDead(first.holders) && !isForced) return first;
  const tryAgain = async () => {
    const again = await apply();
    if (again.kind !== "locked" || !(allDead(again.holders) || isForced)) return again;
    const why = allDead(again.holders) ? GONE : FORCED;
    return (await cancelUpdate(context, holderNames(again.holders), why)) ? apply() : again;
  };
  // Where nobody can be kept out, only a person's word breaks a lock.
  return (await store.alone(tryAgain)) ?? (isForced ? tryAgain() : first);
}

/** Puts the lock of a dead process away, where the engine tells of it without an update. */
export async function freeTheDead({
  store,
  reporter,
}: {
  readonly store: Pick<StackStore, "lockHolder" | "breakLock" | "alone">;
  readonly reporter: Reporter;
}): Promise<void> {
  if ((await store.lockHolder())?.dead !== true) return;
  await store.alone(async () => {
    const holder = await store.lockHolder();
    if (holder?.dead !== true) return;
    const message = `cancelling the update of ${holder.who}: its process is gone`;
    reporter.report({ kind: "note", message });
    await store.breakLock();
  });
}
