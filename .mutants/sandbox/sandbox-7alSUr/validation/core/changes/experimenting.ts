import type { EndedExperiment, Experiment } from "../../../contract/release/experiment.ts";
import type { Release } from "../../../contract/release/release.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { iso } from "../iso.ts";
import { nextGeneration, type KeyChange } from "./changes.ts";

const DAY_MS = 24 * 60 * 60_000;

/** So long a release waits for a person after its experiment; then `rollout.atDeadline` holds, as for every wait. */
const DECISION_MS = DAY_MS;

/** When an experiment ends at the latest; its split begins the release's one step. */
export const endsAtMs = ({ stepSince }: Release, { days }: Experiment): number =>
  Date.parse(stepSince) + days * DAY_MS;

/** The candidate gets its first users by this experiment's split. */
export const startExperimentChange = (
  config: StackConfig,
  release: Release,
  experiment: Experiment,
): KeyChange => nextGeneration(config, { release: { ...release, experiment } satisfies Release });

/** The release stays where it is, and waits for a person. */
export function endExperimentChange(
  config: StackConfig,
  release: Release,
  ended: EndedExperiment,
  liveSinceMs: number,
): KeyChange {
  const experiment = release.experiment && { ...release.experiment, ended };
  return nextGeneration(config, {
    release: {
      ...release,
      experiment,
      state: "paused",
      liveSince: iso(liveSinceMs),
      deadline: iso(Date.parse(ended.at) + DECISION_MS),
      reason: `after its experiment: ${ended.sentence}`,
    } satisfies Release,
  });
}

/** Nobody has users by it yet: the release goes by its own steps again. */
export const dropExperimentChange = (config: StackConfig, release: Release): KeyChange =>
  nextGeneration(config, { release: { ...release, experiment: undefined } satisfies Release });
