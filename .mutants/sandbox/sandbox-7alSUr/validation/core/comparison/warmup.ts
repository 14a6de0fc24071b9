import type { RawMinute } from "./data.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** So often an hour new tasks may begin a warm-up: a slot that scales all day is compared all the same. */
const TIMES_AN_HOUR = 2;

/**
 * The minutes in which the candidate warms up, by when they began: so many after each time that it gets users from
 * none, and after it got new tasks. A first request loads weights, fills caches and opens connections, which is slow
 * and no sign of a slow model. What is left out follows from shares and numbers of tasks alone, never from what users
 * saw, so the evidence of the other minutes is as valid as before; failures are compared in these minutes, too.
 */
export function warmupMinutes(minutes: readonly RawMinute[], length: number): ReadonlySet<number> {
  const found = new Set<number>();
  const begins: number[] = [];
  let untilMs = Number.NEGATIVE_INFINITY;
  let last: RawMinute | undefined;
  let tasks = 0;
  for (const minute of minutes) {
    const { atMs, candidate } = minute;
    const isFromNone = last === undefined || atMs - last.atMs > MINUTE_MS;
    const healthy = candidate.healthy ?? tasks;
    const isNew = healthy > tasks && begins.filter((begin) => atMs - begin < HOUR_MS).length < TIMES_AN_HOUR;
    if (isFromNone || isNew) {
      untilMs = atMs + length * MINUTE_MS;
      if (!isFromNone) begins.push(atMs);
    }
    if (atMs < untilMs) found.add(atMs);
    tasks = healthy;
    last = minute;
  }
  return found;
}
