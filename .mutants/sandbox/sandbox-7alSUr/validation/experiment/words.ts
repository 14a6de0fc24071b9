import { runningExperiment } from "../../contract/release/experiment-policy.ts";
import type { Release } from "../../contract/release/release.ts";

/** The experiment of a release in a line, from what is deployed alone; undefined: it has none. */
export function experimentWords(release: Release | undefined): string | undefined {
  if (release?.experiment === undefined) return undefined;
  const { signal, percent, days, ended } = release.experiment;
  if (ended !== undefined) return `experiment on ${signal} has ended: ${ended.sentence}`;
  if (runningExperiment(release) === undefined) return `experiment on ${signal} is over without a result`;
  const since = release.weight === percent ? ` since ${release.stepSince}` : ", not begun";
  return `experiment on ${signal}: ${percent} % for ${days} days at most${since}; npx bluegreen experiment status`;
}
