import type { RolloutPolicy } from "../config/sections.ts";
import type { Experiment } from "./experiment.ts";
import { isOpen, type Release } from "./release.ts";

/**
 * The experiment by which a release goes; undefined: none, or it is over. One that gave its users back waits for a
 * person, and who resumes it goes on without the experiment: not all of its users would have the same split.
 */
export function runningExperiment(release: Release | undefined): Experiment | undefined {
  if (!isOpen(release) || release.experiment?.ended !== undefined) return undefined;
  return release.retreats.some(({ seen }) => seen === true) ? undefined : release.experiment;
}

/** So long after its days an experiment may still be read. */
export const GRACE_MINUTES = 60;

/**
 * The policy by which a release goes: while its experiment runs, its one step is the experiment's split. No step of
 * yours comes before it, for users stay where their first answer came from, and those of another split would be among
 * them. Everything that judges the candidate is as you have it.
 */
export function policyUnder(rollout: RolloutPolicy, release: Release | undefined): RolloutPolicy {
  const experiment = runningExperiment(release);
  if (experiment === undefined) return rollout;
  const minutes = experiment.days * 24 * 60;
  return {
    ...rollout,
    steps: [{ percent: experiment.percent, bakeMinutes: minutes }],
    approvals: [],
    deadlineMinutes: minutes + GRACE_MINUTES,
    maxRetreats: 0,
    fastTrackReleases: 0,
  };
}
