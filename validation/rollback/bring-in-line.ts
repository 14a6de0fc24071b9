import { liveSplit } from "../../contract/route/live-route.ts";
import type { Slot } from "../../contract/slot.ts";
import { sameSplit, splitOf, type Split } from "../../contract/route/split.ts";
import {
  alreadyReverted,
  refusalChange,
  revertChange,
  type KeyChange,
  type RolledBackBy,
} from "../core/changes/changes.ts";
import { writeEveryone, type KnownRoute } from "./emergency-write.ts";
import { LONGEST_UPDATE_MS } from "../stack/time-limits.ts";
import { holderNames, pastTheDead } from "../stack/locks.ts";
import { attempt } from "../reading.ts";
import type { Applied, Context, Deployed } from "../ports.ts";
import { staying } from "../cohorts/cohorts.ts";
import { leaveMark, rollbackMark, takeMarkAway, type RouteMark } from "./rollback-mark.ts";
import { lackOf } from "./raise-tasks.ts";

export type InLine =
  | { readonly kind: "inLine"; readonly deployed: Deployed }
  /** Users are back; Pulumi's state does not know it yet. The next `step` completes it. */
  | { readonly kind: "pending"; readonly why: string };

export const REASSERT_EVERY_MS = 2_000;
/** Each is an update of seconds, or several; users are back, and the next step completes it. */
const MOST_TRIES = 5;

/** What the deployed configuration is to say of users who are back already. */
export interface Followed {
  /** For the audit log. */
  readonly message: string;
  /** undefined: it says so already. */
  readonly change: (deployed: Deployed) => Promise<KeyChange | undefined>;
}

/**
 * Everyone on `to`, and no release that moves them. `before`: the split until then; undefined: not known. `releaseId`: the
 * one that a verdict of the gates is about.
 */
export function endedRelease(
  context: Context,
  to: Slot,
  before: Split | undefined,
  reason: string,
  by: RolledBackBy = "person",
  releaseId?: string,
): Followed {
  return {
    message: `bluegreen: everyone to ${to}: ${reason}`,
    async change(deployed) {
      if (alreadyReverted(deployed.config, to))
        return by === "gates" ? refusalChange(deployed.config, releaseId, reason) : undefined;
      const lack = await attempt(() => lackOf(context, deployed, to, before));
      const returned = lack.readable ? lack.value : undefined;
      const nowMs = context.clock.now();
      // A verdict of the gates that Pulumi does not know of yet stands, whoever tells it.
      const mark = by === "gates" ? undefined : await attempt(() => rollbackMark(context, deployed));
      const verdict = mark?.readable === true && mark.value?.by === "gates" ? mark.value : undefined;
      return verdict === undefined
        ? revertChange(deployed.config, to, nowMs, reason, by, returned)
        : revertChange(deployed.config, to, nowMs, verdict.reason, "gates", returned);
    },
  };
}

/**
 * Makes Pulumi's state follow a route that already has everyone on `to`. While another update holds the stack
 * it may still write its own weights, so the route is asserted again every two seconds until it is gone; `mark` says on
 * the route meanwhile what was done, also when this process dies.
 */
export async function bringInLine(
  context: Context,
  route: KnownRoute,
  to: Slot,
  followed: Followed,
  mark: RouteMark | undefined,
): Promise<InLine> {
  const { clock, reporter } = context;
  const untilMs = clock.wall() + LONGEST_UPDATE_MS;
  if (mark !== undefined) await leaveMark(context, route.routeArn, mark);
  let state = await followOnce(context, to, followed);
  while (state.kind === "held") {
    const { who } = state;
    if (clock.wall() >= untilMs) return { kind: "pending", why: `the stack is held by ${who}` };
    reporter.report({ kind: "locked", who });
    await clock.sleep(REASSERT_EVERY_MS);
    await reassert(context, route, to);
    state = await followOnce(context, to, followed);
  }
  if (mark !== undefined && state.kind === "inLine") await takeMarkAway(context, route.routeArn, mark);
  return state;
}

async function followOnce(
  context: Context,
  to: Slot,
  followed: Followed,
): Promise<InLine | { readonly kind: "held"; readonly who: string }> {
  for (let tries = 1; ; tries += 1) {
    const attempted = await attempt(() => pastTheDead(context, () => follow(context, followed)));
    if (!attempted.readable) return { kind: "pending", why: attempted.why };
    const applied = attempted.value;
    switch (applied.kind) {
      case "failed":
        return { kind: "pending", why: applied.message };
      case "applied":
        for (const message of staying(applied.deployed.config, to))
          context.reporter.report({ kind: "note", message });
        return { kind: "inLine", deployed: applied.deployed };
      // The deployed configuration says now what was wanted; whoever runs beside us may say otherwise in a moment.
      case "cancelled":
        return { kind: "pending", why: "somebody cancelled this update while it ran" };
      case "locked":
        return { kind: "held", who: holderNames(applied.holders) };
      case "stale":
      case "overtaken":
        if (tries >= MOST_TRIES) return { kind: "pending", why: "other updates came in between each time" };
    }
  }
}

async function follow(context: Context, { change: changeOf, message }: Followed): Promise<Applied> {
  const deployed = await context.store.deployed();
  if (deployed === undefined)
    return { kind: "failed", message: "no update of this stack has succeeded", unknown: [] };
  const change = await changeOf(deployed);
  if (change === undefined) return { kind: "applied", deployed, changedResources: 0 };
  return context.store.apply({ change, scope: "route", refresh: false, message });
}

/** Moves all traffic back to `to` where the route says otherwise. */
export async function reassert(context: Context, route: KnownRoute, to: Slot): Promise<void> {
  const wanted = splitOf(to, 0);
  const asserted = await attempt(async () => {
    const live = liveSplit(await context.route.read(route.routeArn), route.groups);
    if (live !== undefined && sameSplit(live, wanted)) return false;
    await writeEveryone(context, route, to);
    return true;
  });
  // A failed check is told and repeated in two seconds; giving up would leave the route to the other update.
  if (!asserted.readable) {
    context.reporter.report({ kind: "note", message: `the route could not be asserted: ${asserted.why}` });
  } else if (asserted.value) {
    context.reporter.report({
      kind: "note",
      message: `another update moved users; all traffic is on ${to} again`,
    });
  }
}
