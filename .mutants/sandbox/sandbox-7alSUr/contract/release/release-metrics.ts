import { isOpen, type Release } from "./release.ts";
import type { Split } from "../route/split.ts";

/**
 * What a step tells CloudWatch about the release, so that the dashboard shows it as it happened. Nothing decides
 * by these metrics: they are for people.
 */
export const RELEASE_NAMESPACE = "MlBlueGreen";

export const RELEASE_METRICS = {
  /** Percent of users on a slot, as the route has it. Dimensions: stack and slot. */
  share: "Share",
  /** How many entries of `rollout.steps` the candidate has reached; 0: no candidate has users. Dimension: stack. */
  step: "Step",
  /** One of VERDICT_CODES. Dimension: stack. */
  verdict: "Verdict",
} as const;

/** Counts how often the watchdog moved users back, with the dimension Stack. */
export const WATCHDOG_METRIC = "WatchdogReverts";

/** A stack is named whole (`fraud-model/prod`): several projects may have one of that name. */
export const RELEASE_DIMENSIONS = { stack: "Stack", slot: "Slot" } as const;

/**
 * The verdicts as numbers. CloudWatch keeps one maximum for each minute, and a minute may have several steps, so
 * the greater number is the one that a person must not miss.
 */
export const VERDICT_CODES = {
  ended: 0,
  hold: 1,
  insufficient: 2,
  advance: 3,
  promote: 4,
  retreat: 5,
  rollback: 6,
} as const;
export type VerdictName = keyof typeof VERDICT_CODES;

/** The number of the step that a split is at, for the metric. */
export function stepNumber(
  steps: readonly number[],
  release: Release | undefined,
  split: Split | undefined,
): number {
  if (!isOpen(release) || split === undefined) return 0;
  return steps.filter((share) => share <= split[release.slot]).length;
}
