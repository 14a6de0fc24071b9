import { renderForward } from "../../contract/route/route.ts";
import type { PerSlot, Slot } from "../../contract/slot.ts";
import { showSplit, splitOf } from "../../contract/route/split.ts";
import { UserError } from "../errors.ts";
import { routeShows, routeShowsAlready } from "../stack/live-route.ts";
import type { Context } from "../ports.ts";

/** A route with what is needed to write to it without Pulumi. */
export interface KnownRoute {
  readonly routeArn: string;
  /** ARNs of the production target groups. */
  readonly groups: PerSlot<string>;
  readonly stickinessSeconds: number;
}

/**
 * The emergency write: everyone on `to`, with the load balancer's API alone. Rendered as the Pulumi program
 * renders it, so that stickiness is off, pinned users come back too, and Pulumi finds what it would declare.
 */
export async function writeEveryone(
  context: Pick<Context, "route">,
  route: KnownRoute,
  to: Slot,
): Promise<void> {
  const forward = renderForward(splitOf(to, 0), route.groups, route.stickinessSeconds);
  await context.route.write(route.routeArn, forward);
}

/** Moves all traffic back to `to`; answers with the seconds from `startedWallMs` to the new weights. */
export async function rollBack(
  context: Context,
  route: KnownRoute,
  to: Slot,
  startedWallMs: number,
): Promise<number> {
  const { draining, ...registered } = await context.health.targets(route.groups[to]);
  const count = Object.values(registered).reduce((sum, targets) => sum + targets, 0);
  // The load balancer answers 503 for a group without registered targets, and does not fail over.
  if (count === 0) throw new UserError("BG123", `${to} has none, and ${draining} on their way out.`);
  const split = splitOf(to, 0);
  try {
    await writeEveryone(context, route, to);
  } catch (error) {
    // Without an answer it may have been carried out, and who did not know would take it for somebody else's rollback.
    if (!(await routeShowsAlready(context, route.routeArn, route.groups, split))) throw error;
  }
  const insist = () => writeEveryone(context, route, to);
  if (!(await routeShows(context, route.routeArn, route.groups, split, insist))) {
    throw new UserError("BG130", `The route does not show ${showSplit(split)}.`);
  }
  const seconds = (context.clock.wall() - startedWallMs) / 1000;
  context.reporter.report({ kind: "reverted", to, seconds });
  return seconds;
}
