import { liveSplit } from "../../contract/route/live-route.ts";
import { showSplit, type Split } from "../../contract/route/split.ts";
import { UserError } from "../errors.ts";
import { LONGEST_UPDATE_MS } from "./time-limits.ts";
import { productionGroups, routeShows } from "./live-route.ts";
import { applyPastTheDead, heldBy, holderNames } from "./locks.ts";
import { attempt } from "../reading.ts";
import type { Applied, Context, Deployed, Update, UpdateFailed } from "../ports.ts";

/** The stack as deployed; refuses one that was never deployed. Remembers its route for an emergency. */
export async function requireDeployed(context: Context): Promise<Deployed> {
  const deployed = await context.store.deployed();
  if (deployed === undefined) throw new UserError("BG101", `Stack ${context.stack} has no succeeded update.`);
  // The memo only saves a later search; a disk that is full must not stop a release.
  await attempt(() => context.memo.write(deployed.outputs.routeArn));
  return deployed;
}

/** The split that users really have; undefined when the weights are no whole percents. */
export async function readLive(context: Context, { outputs }: Deployed): Promise<Split | undefined> {
  return liveSplit(await context.route.read(outputs.routeArn), productionGroups(outputs));
}

export type Written =
  | { readonly kind: "shown"; readonly deployed: Deployed; readonly atMs: number }
  /** The update is done, but within a minute the route did not show its split. */
  | { readonly kind: "notShown"; readonly deployed: Deployed }
  /**
   * Nothing of ours lasts: somebody holds the stack, or was faster. `held`: for a person who cannot wait.
   * `isStuck`: the stack is held for longer than an update lasts, which proves nothing, and calls for a person.
   */
  | {
      readonly kind: "locked";
      readonly who: string;
      readonly held: UserError;
      readonly isStuck: boolean;
      /** Models of the same stack, whose verbs may hold it; absent: there are none. */
      readonly others?: readonly string[] | undefined;
    };

/**
 * Carries out one update and reads it back from the route. A lock whose holder is dead is cancelled once.
 * Throws UserError when Pulumi cannot carry it out, and when somebody has cancelled it.
 */
export async function write(context: Context, update: Update): Promise<Written> {
  const { reporter, clock } = context;
  reporter.report({ kind: "applying", message: update.message });
  const applied = await applyPastTheDead(context, update);
  if (applied.kind === "locked") {
    const who = holderNames(applied.holders);
    reporter.report({ kind: "locked", who });
    const isStuck = applied.holders.some(
      ({ sinceMs = Infinity }) => clock.wall() - sinceMs > LONGEST_UPDATE_MS,
    );
    return { kind: "locked", who, held: heldBy(applied.holders), isStuck, others: applied.others };
  }
  if (applied.kind === "stale" || applied.kind === "overtaken") {
    const held = notDone(applied);
    return { kind: "locked", who: "an update that has just ended", held, isStuck: false };
  }
  if (applied.kind !== "applied") throw notDone(applied);
  const { deployed, changedResources } = applied;
  if (update.scope === "route" && changedResources > 1) {
    throw new UserError("BG132", `It changed ${changedResources} resources.`);
  }
  const { outputs, config } = deployed;
  const shown = await routeShows(context, outputs.routeArn, productionGroups(outputs), config.split);
  if (!shown) return { kind: "notShown", deployed };
  const { split, release } = config;
  reporter.report({ kind: "applied", split, message: update.message, release });
  return { kind: "shown", deployed, atMs: clock.now() };
}

/** Why an update of ours is not what the stack has now. */
export function notDone(applied: Exclude<Applied, { kind: "applied" }>): UserError {
  switch (applied.kind) {
    case "locked":
      return heldBy(applied.holders);
    case "stale":
      return new UserError("BG131", "It has just ended; the stack is no longer as it was.");
    case "overtaken":
      return new UserError("BG230", `It was followed by: ${applied.by}.`);
    case "cancelled":
      return new UserError("BG231", "");
    case "failed":
      return updateError(applied);
  }
}

/** What the program says of a configuration that it refuses is the person's to fix, not Pulumi's. */
export function updateError({ message, unknown }: UpdateFailed): UserError {
  const [problems] = /\d+ problems? in the stack configuration:[\s\S]*/.exec(message) ?? [];
  if (problems !== undefined) return new UserError("BG133", problems);
  return unknown.length === 0
    ? new UserError("BG130", message)
    : new UserError("BG134", `${message}\nNot known: ${unknown.join(", ")}.`);
}

const WAITS_MS = 120_000;
const ASKS_EVERY_MS = 5_000;

/**
 * Asks again for two minutes while a verb of another model of the stack holds it: each does so for an update at a time.
 * `others`: models of the same stack; absent: there are none, and whoever holds it is nobody to wait for.
 */
export async function whenFree<
  T extends { readonly kind: string; readonly others?: readonly string[] | undefined },
>({ clock }: Pick<Context, "clock">, tryOnce: () => Promise<T>): Promise<T> {
  const untilMs = clock.wall() + WAITS_MS;
  let tried = await tryOnce();
  while (tried.kind === "locked" && tried.others !== undefined && clock.wall() < untilMs) {
    await clock.sleep(ASKS_EVERY_MS);
    tried = await tryOnce();
  }
  return tried;
}

/**
 * Like `write`, for changes that must not wait for another check: locked and not shown are errors, after the wait for
 * verbs of other models.
 */
export async function mustWrite(context: Context, update: Update): Promise<Deployed> {
  const written = await whenFree(context, () => write(context, update));
  switch (written.kind) {
    case "shown":
      return written.deployed;
    case "notShown":
      throw new UserError(
        "BG130",
        `The route does not show ${showSplit(written.deployed.config.split)} after the update.`,
      );
    case "locked":
      throw written.held;
  }
}
