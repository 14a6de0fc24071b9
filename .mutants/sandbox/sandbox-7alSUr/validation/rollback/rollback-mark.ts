import {
  BY_HAND,
  readRetreatMark,
  readRevertMark,
  readWatchdogMark,
  type RollbackMark,
} from "../../contract/route/route-tags.ts";
import { isOpen } from "../../contract/release/release.ts";
import type { Context, Deployed } from "../ports.ts";

/** Who moved users back without Pulumi, when and why. */
export interface RolledBack extends RollbackMark {
  readonly by: "watchdog" | "revert" | "retreat";
}

/**
 * What the watchdog, or a revert that Pulumi could not be told of, did to the users of the stack as it is deployed, the
 * newest of it; undefined: nothing. A mark stays on the route until the next one, so one of an earlier release, or from
 * before the last update, tells of what is over.
 */
export async function rollbackMark(
  { route, clock }: Pick<Context, "route" | "clock">,
  { config, outputs, endedWallMs }: Deployed,
): Promise<RolledBack | undefined> {
  const { routeArn } = outputs;
  const tags = (await route.tags([routeArn])).get(routeArn) ?? {};
  const marks = [
    { by: "watchdog", mark: readWatchdogMark(tags) },
    { by: "revert", mark: readRevertMark(tags) },
    { by: "retreat", mark: readRetreatMark(tags) },
  ] as const;
  const { release } = config;
  const isOfNow = ({ releaseId, atMs }: RollbackMark) =>
    (isOpen(release) && releaseId === release.id) ||
    (releaseId === BY_HAND && atMs > clock.fromWall(endedWallMs));
  // A release may retreat and get users again: only a retreat from its present share is not written down yet.
  const isPending = ({ by, mark }: (typeof marks)[number]) =>
    by !== "retreat" || (mark?.atMs ?? 0) > Date.parse(release?.stepSince ?? "");
  return marks
    .filter(isPending)
    .flatMap(({ by, mark }) => (mark !== undefined && isOfNow(mark) ? [{ ...mark, by }] : []))
    .toSorted((a, b) => b.atMs - a.atMs)[0];
}

export function rollbackWords({ by, atMs, reason }: RolledBack): string {
  const at = new Date(atMs).toISOString();
  const words = {
    watchdog: "the watchdog moved users back",
    revert: "users were rolled back by a revert",
    retreat: "users went back in doubt",
  } as const;
  return `${words[by]} at ${at}: ${reason}`;
}
