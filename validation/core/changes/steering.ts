import type { Release } from "../../../contract/release/release.ts";
import { cohortInStep } from "../../../contract/cohorts/in-step.ts";
import { cohortDeadlineMinutes, deadlineMinutesAt } from "../../../contract/release/schedule.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { approvalShares } from "../../../contract/config/steps.ts";
import { nextGeneration, type KeyChange } from "./changes.ts";
import { iso } from "../iso.ts";

/**
 * Changes by which people steer a release. None of them changes the split, so each keeps since when it is live:
 * a bake goes on through a pause or an approval, and does not start anew.
 */

/** Minutes that the present step of a release gets. */
export function deadlineOf({ rollout }: StackConfig, release: Release): number {
  const cohort = cohortInStep(release);
  if (cohort !== undefined) return cohortDeadlineMinutes(rollout, cohort.bakeMinutes);
  return deadlineMinutesAt({ ...rollout, schedule: release.compared?.schedule }, release.weight);
}

/** The release with a step that is to be decided within the policy's time from now. */
const withDeadline = (config: StackConfig, release: Release, nowMs: number): Release => ({
  ...release,
  deadline: iso(nowMs + deadlineOf(config, release) * 60_000),
});

/** A pause has a deadline of its own, so that it neither eats the step's time nor lasts for ever. */
export function pauseChange(
  config: StackConfig,
  release: Release,
  at: { readonly nowMs: number; readonly liveSinceMs: number },
  reason: string,
): KeyChange {
  const paused: Release = { ...release, state: "paused", liveSince: iso(at.liveSinceMs), reason };
  return nextGeneration(config, { release: withDeadline(config, paused, at.nowMs) });
}

/** The step goes on where it was, with the policy's whole time to be decided. */
export function resumeChange(
  config: StackConfig,
  release: Release,
  at: { readonly nowMs: number; readonly liveSinceMs: number },
): KeyChange {
  const running: Release = { ...release, state: "running", liveSince: iso(at.liveSinceMs), reason: "" };
  return nextGeneration(config, { release: withDeadline(config, running, at.nowMs) });
}

/** `liveSinceMs`: undefined before the first share. */
export function approveChange(
  config: StackConfig,
  release: Release,
  share: number,
  liveSinceMs: number | undefined,
): KeyChange {
  const approvedSteps = [...new Set([...release.approvedSteps, share])].sort((a, b) => a - b);
  const liveSince = liveSinceMs === undefined ? "" : iso(liveSinceMs);
  return nextGeneration(config, { release: { ...release, approvedSteps, liveSince } });
}

/** Another rollout process goes on with the release. */
export function ownChange(
  config: StackConfig,
  release: Release,
  liveSinceMs: number,
  owner: string,
): KeyChange {
  return nextGeneration(config, { release: { ...release, owner, liveSince: iso(liveSinceMs) } });
}

/** Shares that the policy marks and nobody has approved yet. */
export function unapproved({ rollout }: StackConfig, release: Release): readonly number[] {
  return approvalShares(rollout).filter((share) => !release.approvedSteps.includes(share));
}

/** The share that comes after this one; undefined: promotion. */
export const nextShare = (steps: readonly number[], share: number) => steps.find((step) => step > share);
