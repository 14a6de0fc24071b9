import { isOver, type Cohort } from "../../../contract/cohorts/cohort.ts";
import type { ReleasedCohort } from "../../../contract/cohorts/released.ts";
import type { Release } from "../../../contract/release/release.ts";
import { cohortDeadlineMinutes } from "../../../contract/release/schedule.ts";
import { cohortStepOf } from "../../../contract/config/steps.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import type { Slot } from "../../../contract/slot.ts";
import { iso } from "../iso.ts";

/** What the two changes of a cohort by a release write, but for the generation. */
export interface CohortChange {
  readonly cohorts: readonly Cohort[];
  readonly release: Release;
}

/** The cohort goes to the candidate's slot, nobody else does, and the step begins at `nowMs`. */
export function cohortStepChange(
  { cohorts, rollout }: Pick<StackConfig, "cohorts" | "rollout">,
  release: Release,
  { name, bakeMinutes }: ReleasedCohort,
  nowMs: number,
  owner: string,
  reason: string,
): CohortChange {
  const isMoved = cohorts.some((one) => one.name === name && one.slot !== release.slot);
  const minutes = cohortDeadlineMinutes(rollout, bakeMinutes);
  return {
    cohorts: sent(cohorts, name, release.slot),
    release: {
      ...release,
      state: "running",
      weight: 0,
      stepSince: iso(nowMs),
      deadline: iso(nowMs + minutes * 60_000),
      liveSince: "",
      cohort: { name, bakeMinutes, ...(isMoved ? { moved: true } : {}) },
      owner,
      reason,
    },
  };
}

/**
 * The cohort that a candidate without users may have: its steps begin with it, and an update that was cut off may have
 * sent it before the stack said so. undefined: no cohort can be there.
 */
export function cohortPerhapsSent(
  { activeSlot, cohorts, rollout }: Pick<StackConfig, "activeSlot" | "cohorts" | "rollout">,
  release: Release,
): ReleasedCohort | undefined {
  const step = cohortStepOf(rollout);
  if (step === undefined || release.state !== "deployed" || release.slot === activeSlot) return undefined;
  const isElsewhere = cohorts.some(({ name, slot }) => name === step.cohort && slot === activeSlot);
  return isElsewhere ? { name: step.cohort, bakeMinutes: step.bakeMinutes, moved: true } : undefined;
}

/**
 * The cohort that a release took along, or may have, and did not bring back when it was rolled back; undefined: none. Where
 * the stack says that it is on the active slot, its rule may say otherwise.
 */
export function cohortToReturn({
  release,
  activeSlot,
  cohorts,
}: Pick<StackConfig, "release" | "activeSlot" | "cohorts">): Cohort | undefined {
  if (release?.state !== "rolledBack" || release.slot === activeSlot || release.cohort?.moved !== true)
    return undefined;
  const { name } = release.cohort;
  return cohorts.find((one) => one.name === name);
}

/** Everybody where they belong once a release is over; the release is done with its cohort. undefined: nothing is due. */
export function cohortReturnChange(
  config: Pick<StackConfig, "release" | "activeSlot" | "cohorts">,
): CohortChange | undefined {
  const { release, activeSlot, cohorts } = config;
  const due = cohortToReturn(config);
  if (due === undefined || release?.cohort === undefined) return undefined;
  const { name, bakeMinutes } = release.cohort;
  return {
    cohorts: sent(cohorts, due.name, activeSlot),
    release: { ...release, cohort: { name, bakeMinutes } },
  };
}

/** Who is in a cohort after a deploy: it takes those away that are over, and brings home whom an ended release had moved. */
export const cohortsAfterDeploy = (
  config: Pick<StackConfig, "release" | "activeSlot" | "cohorts">,
  nowMs: number,
): readonly Cohort[] =>
  (cohortReturnChange(config)?.cohorts ?? config.cohorts).filter((cohort) => !isOver(cohort, nowMs));

const sent = (cohorts: readonly Cohort[], name: string, slot: Slot): readonly Cohort[] =>
  cohorts.map((one) => (one.name === name ? { ...one, slot } : one));
