import { BY_HAND, readWatchdogMark, type WatchdogMark } from "../contract/route-tags.ts";
import { isOpen } from "../contract/release.ts";
import type { Context, Deployed } from "./ports.ts";

/**
 * What the watchdog did to the users of the stack as it is deployed; undefined: nothing. Its mark stays on the route
 * until it acts again, so one of an earlier release, or from before the last update, tells of what is over.
 */
export async function watchdogMark(
  { route, clock }: Pick<Context, "route" | "clock">,
  { config, outputs, endedWallMs }: Deployed,
): Promise<WatchdogMark | undefined> {
  const { routeArn } = outputs;
  const mark = readWatchdogMark((await route.tags([routeArn])).get(routeArn) ?? {});
  if (mark === undefined || (isOpen(config.release) && mark.releaseId === config.release.id)) return mark;
  const isNew = mark.releaseId === BY_HAND && mark.atMs > clock.fromWall(endedWallMs);
  return isNew ? mark : undefined;
}

export const watchdogWords = ({ atMs, reason }: WatchdogMark) =>
  `the watchdog took users back at ${new Date(atMs).toISOString()}: ${reason}`;
