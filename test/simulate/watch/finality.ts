import { CANDIDATE, ACTIVE } from "./slots.ts";
import type { CheckedEvent } from "../../../validation/progress.ts";
import type { StepOutcome } from "../../../validation/rollout/step-types.ts";
import { SIGNAL } from "../scenario/signal.ts";
import type { SlotMinute } from "../world/traffic.ts";
import type { CloudOfOne } from "../world/cloud-of-one.ts";

/** A clock that is wrong by more takes minutes for final that are not; it is told apart from what is wrong by itself. */
export const SKEW_MS = 30_000;

/** What a decision for more users has counted otherwise than it was; undefined: nothing, or it was no such decision. */
export function unlikeTruth(
  { traffic }: CloudOfOne,
  { verdict, comparison }: StepOutcome,
  skewMs: number,
): string | undefined {
  const isForMore = verdict?.kind === "advance" || verdict?.kind === "promote";
  if (!isForMore || comparison === undefined || Math.abs(skewMs) > SKEW_MS) return undefined;
  for (const { name, minutes } of comparison.counts) {
    if (name !== "failed" && name !== SIGNAL) continue;
    const eventsOf = ({ errors, wrong }: SlotMinute) => (name === SIGNAL ? wrong : errors);
    for (const { atMs, candidate, active } of minutes) {
      const truth = [traffic.minute(CANDIDATE, atMs), traffic.minute(ACTIVE, atMs)] as const;
      const counted = [candidate, active] as const;
      const at = truth.findIndex(
        (real, arm) => counted[arm]?.exposure !== real.requests || counted[arm]?.events !== eventsOf(real),
      );
      if (at === -1) continue;
      const said = `${counted[at]?.events} of ${counted[at]?.exposure}`;
      const was = truth.map((real) => `${eventsOf(real)} of ${real.requests}`)[at];
      return `${verdict.kind} by ${said} (${name}) in the minute of ${new Date(atMs).toISOString()}, where it was ${was}`;
    }
  }
  return undefined;
}

const MINUTE_MS = 60_000;

/**
 * Each share has its own `rollout.minRequests`: fewer than those came in all whole minutes since the route has had it for
 * the first time. undefined: enough came, or it is no decision about a share.
 */
export function tooFewRequests(
  { traffic, nowMs }: CloudOfOne,
  { bake, release, split, verdict }: CheckedEvent,
  { sinceMs, need }: { readonly sinceMs: number; readonly need: number },
): string | undefined {
  if (bake === undefined) return undefined;
  let count = 0;
  const untilMs = nowMs() + SKEW_MS;
  for (
    let atMs = Math.floor((sinceMs - SKEW_MS) / MINUTE_MS) * MINUTE_MS;
    atMs + MINUTE_MS <= untilMs;
    atMs += MINUTE_MS
  )
    count += traffic.minute(release.slot, atMs).requests;
  if (count >= need) return undefined;
  return `${verdict.kind} from ${split[release.slot]} % after ${count} requests, where ${need} are to be seen`;
}
