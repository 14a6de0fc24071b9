import {
  BY_HAND,
  readReleaseTags,
  readRouteTags,
  readWatchdogMark,
  stackOfRoute,
} from "../contract/route/route-tags.ts";
import { readTelling } from "../contract/alarms/telling.ts";
import { otherSlot } from "../contract/slot.ts";
import type { Split } from "../contract/route/split.ts";
import { DEAD_CALL_MS } from "../contract/alarms/watchdog.ts";
import type { Ports } from "./ports.ts";
import { tellOnce } from "./telling.ts";

/** What was not told by then is no news. */
const OLD_MS = 3_600_000;

/**
 * Tells what a call that is dead has left: it had moved users back, or was about to, and nobody was told.
 * `tags`: of the route; `live`: its split, of which nobody is shifted anything that the watchdog watches.
 */
export async function tellUntold(
  ports: Ports,
  routeArn: string,
  tags: Readonly<Record<string, string>>,
  live: Split | undefined,
): Promise<void> {
  const left = readTelling(tags, "rolledBack");
  const ageMs = left === undefined ? 0 : ports.now() - left.atMs;
  if (left?.state !== "claimed" || ageMs < DEAD_CALL_MS || ageMs > OLD_MS) return;
  const { releaseId } = left;
  const mark = readWatchdogMark(tags);
  const isMarked = mark?.releaseId === releaseId && mark.atMs >= left.atMs;
  // Without the mark nothing says that it has written. Whoever has ended the release since has told of it.
  if (!isMarked && !(isShiftedNothing(tags, live) && isOpen(tags, releaseId))) return;
  const reason = isMarked
    ? left.reason
    : `${left.reason}; the call that was to move its users back died, and they are back`;
  const stack = stackOfRoute(tags);
  await tellOnce(ports, { routeArn, kind: "rolledBack", releaseId, reason, stack, toldSinceMs: left.atMs });
}

function isShiftedNothing(tags: Readonly<Record<string, string>>, live: Split | undefined): boolean {
  const memory = readRouteTags(tags);
  return memory !== undefined && live?.[otherSlot(memory.activeSlot)] === 0;
}

const isOpen = (tags: Readonly<Record<string, string>>, releaseId: string) =>
  releaseId === BY_HAND || readReleaseTags(tags)?.id === releaseId;
