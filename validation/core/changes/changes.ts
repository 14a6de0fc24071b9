import { isOpen, releaseId, type Prepared, type Release } from "../../../contract/release/release.ts";
import { cohortInStep } from "../../../contract/cohorts/in-step.ts";
import { TOLD } from "../../../contract/config/told.ts";
import type { RELEASE_KEYS } from "../../../contract/config/keys.ts";
import { deadlineMinutesAt, type Schedule } from "../../../contract/release/schedule.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { otherSlot, type Slot, weightKey } from "../../../contract/slot.ts";
import { cohortPerhapsSent, cohortReturnChange, cohortsAfterDeploy } from "./cohort-step.ts";
import { activeImage, closed, opened, refusedWithCohort } from "./compared.ts";
import { iso } from "../iso.ts";

export type ReleaseKey = (typeof RELEASE_KEYS)[number];

/** New values of keys that the tools own; keys that are absent stay as deployed. */
export type KeyChange = Readonly<Partial<Record<ReleaseKey, unknown>>>;

/** A stack's raw configuration (objects as JSON text) with a change in it. */
export function withChange(
  raw: Readonly<Record<string, string>>,
  change: KeyChange,
): Readonly<Record<string, string>> {
  const changed = Object.entries(change).map(([key, value]) => [
    key,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
  return { ...raw, ...Object.fromEntries(changed) };
}

/** Every write of ours raises the generation, so that a stale checkout can be told. */
export const nextGeneration = (config: StackConfig, change: KeyChange): KeyChange => ({
  ...change,
  generation: config.generation + 1,
});

/** Nothing new for users: makes Pulumi write the deployed route again, from when on it is watched anew. */
export function restoreChange(config: StackConfig): KeyChange {
  const { release } = config;
  const isStale = isOpen(release) && release.liveSince !== "";
  return nextGeneration(config, isStale ? { release: { ...release, liveSince: "" } } : {});
}

/** Shifts the candidate `percent` and begins the step at `nowMs`. */
export function shareChange(
  config: StackConfig,
  release: Release,
  percent: number,
  nowMs: number,
  owner: string,
  reason = "",
  planned?: Schedule,
): KeyChange {
  const compared = opened(release, activeImage(config), nowMs, planned);
  const deadlineMinutes = deadlineMinutesAt({ ...config.rollout, schedule: compared.schedule }, percent);
  return nextGeneration(config, {
    [weightKey(release.slot)]: percent,
    release: {
      ...release,
      state: "running",
      weight: percent,
      stepSince: iso(nowMs),
      deadline: iso(nowMs + deadlineMinutes * 60_000),
      liveSince: "",
      compared,
      owner,
      reason,
    } satisfies Release,
  });
}

/** The candidate becomes the active slot; what was active has no share and stays as the warm standby. */
export function promoteChange(
  config: StackConfig,
  release: Release,
  nowMs: number,
  reason: string,
): KeyChange {
  return nextGeneration(config, {
    activeSlot: release.slot,
    blueWeight: 0,
    greenWeight: 0,
    release: {
      ...release,
      state: "promoted",
      weight: 100,
      stepSince: iso(nowMs),
      deadline: "",
      ...closedComparison(release, nowMs),
      reason,
    } satisfies Release,
  });
}

/** The comparison of a release whose candidate has no users any more. */
export const closedComparison = (
  release: Release,
  nowMs: number,
  refused?: string,
): Pick<Release, "compared"> => {
  const compared = closed(release.compared, nowMs, refused);
  return compared === undefined ? {} : { compared };
};

/** A verdict of the gates is about the candidate, and terminal for it; a person may have other reasons. */
export type RolledBackBy = "gates" | "person";

/**
 * Everyone on `to`, no traffic shifted; a release that was open, or promoted away from `to`, is rolled back.
 * `returned`: tasks that `to` is to get in the update after this one; the release remembers them until it has them.
 */
export function revertChange(
  config: StackConfig,
  to: Slot,
  nowMs: number,
  reason: string,
  by: RolledBackBy = "person",
  returned?: Prepared,
): KeyChange {
  const { release } = config;
  const ends =
    release !== undefined &&
    release.slot === otherSlot(to) &&
    (release.state === "promoted" || isOpen(release));
  const rolledBack: Release | undefined = ends
    ? {
        ...release,
        state: "rolledBack",
        weight: 0,
        stepSince: iso(nowMs),
        deadline: "",
        cohort: cohortPerhapsSent(config, release) ?? release.cohort,
        ...closedComparison(
          withPair(config, release, reason, by),
          nowMs,
          by === "gates" ? reason : undefined,
        ),
        ...(returned === undefined
          ? {}
          : { returned: { own: returned.own, raised: returned.raised, due: true } }),
        reason,
      }
    : undefined;
  return nextGeneration(config, {
    activeSlot: to,
    blueWeight: 0,
    greenWeight: 0,
    ...(rolledBack === undefined ? {} : { release: rolledBack }),
  });
}

/** A release that its cohort has judged has been compared with nobody, and is to be remembered as refused. */
function withPair(config: StackConfig, release: Release, reason: string, by: RolledBackBy): Release {
  if (by !== "gates" || cohortInStep(release) === undefined) return release;
  return { ...release, compared: refusedWithCohort(release, activeImage(config), reason) };
}

/** Whether the deployed configuration already says what `revertChange` would. */
export function alreadyReverted(config: StackConfig, to: Slot): boolean {
  const { release, activeSlot, split } = config;
  const open = isOpen(release) && release.slot !== to;
  return activeSlot === to && split[to] === 100 && !open;
}

/**
 * Another process has ended the release, and took for a person's revert what the gates did: their verdict stands.
 * undefined: it is said already, or there is nothing to say it of.
 */
export function refusalChange(
  config: StackConfig,
  releaseId: string | undefined,
  reason: string,
): KeyChange | undefined {
  const { release } = config;
  if (release === undefined || release.id !== releaseId || release.state !== "rolledBack") return undefined;
  const { compared } = release;
  if (compared === undefined || compared.refused !== undefined) return undefined;
  const refused: Release = { ...release, compared: { ...compared, refused: reason }, reason };
  return nextGeneration(config, { release: refused });
}

export interface Candidate {
  readonly image: string;
  readonly modelVersion: string;
  readonly minTasks: number;
  readonly maxTasks: number;
  readonly overrides: Readonly<Record<string, unknown>>;
  /** Where its registry has it, and the revision of its source; absent: nobody knows. */
  readonly registry?: string | undefined;
  readonly revision?: string | undefined;
  /** Its copy of `service`. */
  readonly service: Readonly<Record<string, unknown>>;
}

/**
 * Puts a model onto a slot without users: all settings of the slot anew, nothing merged from its former model.
 * `known`: what the release is to remember from before it.
 */
export function deployChange(
  config: StackConfig,
  slot: Slot,
  candidate: Candidate,
  nowMs: number,
  owner: string,
  known: Pick<Release, "compared" | "prepared" | "held"> = {},
): KeyChange {
  const { overrides, ...own } = candidate;
  const id = releaseId(candidate.modelVersion, config.generation + 1);
  // Whoever fills a slot from outside fills no group for cohorts.
  const takesCohorts = config.rollout.cohorts && candidate.service["kind"] !== "external";
  const settings = { ...own, release: id, told: TOLD, ...(takesCohorts && { cohortGroup: true }) };
  const cohorts = cohortsAfterDeploy(config, nowMs);
  const release: Release = {
    id,
    slot,
    digest: candidate.image,
    modelVersion: candidate.modelVersion,
    state: "deployed",
    weight: 0,
    stepSince: iso(nowMs),
    deadline: "",
    liveSince: "",
    approvedSteps: [],
    retreats: [],
    ...known,
    fastTrack: "",
    owner,
    reason: "",
  };
  const slotValue = Object.keys(overrides).length === 0 ? settings : { ...settings, overrides };
  const changed = { [slot]: slotValue, release };
  const isChanged = cohortReturnChange(config) !== undefined || cohorts.length < config.cohorts.length;
  return nextGeneration(config, isChanged ? { ...changed, cohorts } : changed);
}
