import { CANDIDATE, ACTIVE } from "./slots.ts";
import type { StepOutcome } from "../../../validation/rollout/step-types.ts";
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
    if (name !== "failed") continue;
    for (const { atMs, candidate, active } of minutes) {
      const truth = [traffic.minute(CANDIDATE, atMs), traffic.minute(ACTIVE, atMs)] as const;
      const counted = [candidate, active] as const;
      const at = truth.findIndex(
        ({ requests, errors }, arm) => counted[arm]?.exposure !== requests || counted[arm]?.events !== errors,
      );
      if (at === -1) continue;
      const said = `${counted[at]?.events} of ${counted[at]?.exposure}`;
      const was = `${truth[at]?.errors} of ${truth[at]?.requests}`;
      return `${verdict.kind} by ${said} failures in the minute of ${new Date(atMs).toISOString()}, where it was ${was}`;
    }
  }
  return undefined;
}
