import { COHORT_FIELDS } from "../cohorts/cohort.ts";
import { decimal, flag, integer, isRecord, optional, type Field, type Fields } from "./field.ts";

/** One entry of `rollout.steps`: a share in percent, one with settings of its own, or the cohort before them. */
export type ConfiguredStep = ShareStep | CohortStep;

type ShareStep = number | StepSettings;

/** Who gets the candidate before any user does: the first entry alone. */
export interface CohortStep {
  /** Name of a cohort. */
  readonly cohort: string;
  /** How long it is watched at least; undefined: `rollout.bakeMinutes`. */
  readonly bakeMinutes?: number | undefined;
}

export interface StepSettings {
  /** The candidate's share, 1 to 100. */
  readonly percent: number;
  /** How long it is watched at least; undefined: `rollout.bakeMinutes`. */
  readonly bakeMinutes?: number | undefined;
  /** Whether a person has to approve it. */
  readonly approval?: boolean | undefined;
  /** Proven when the candidate fails less than so many times as often as the active slot; undefined: as planned. */
  readonly provenRatio?: number | undefined;
}

const percent = integer({ min: 1, max: 100 }, 1, "");
const settings = {
  bakeMinutes: optional(integer({ min: 0, max: 10_080 }, 0, "")),
  approval: optional(flag(false, "")),
  provenRatio: optional(decimal({ above: 1, max: 100 }, 2, "")),
} as const satisfies Fields;

export const STEPS_ALLOWED =
  "a list of whole percents, or `{percent, bakeMinutes, approval, provenRatio}`: 1 to 100 percent, 0 to 10080 minutes, true or false, a number above 1; before them one `{cohort, bakeMinutes}`";

/** One entry of `rollout.steps`; undefined: it is none. */
export function readStep(raw: unknown): ConfiguredStep | undefined {
  if (!isRecord(raw)) return percent.read(raw)?.value;
  if ("cohort" in raw) return readCohortStep(raw);
  const { percent: share, ...own } = raw;
  const read = percent.read(share);
  const known: Readonly<Record<string, Field<unknown>>> = settings;
  const values = Object.entries(own).map(
    ([key, value]) => [key, Object.hasOwn(known, key) ? known[key]?.read(value)?.value : undefined] as const,
  );
  if (read === undefined || values.some(([, value]) => value === undefined)) return undefined;
  return { percent: read.value, ...Object.fromEntries(values) };
}

function readCohortStep({ cohort, bakeMinutes, ...others }: Record<string, unknown>): CohortStep | undefined {
  const name = COHORT_FIELDS.name.read(cohort)?.value;
  const minutes = settings.bakeMinutes.read(bakeMinutes);
  const isWhole = bakeMinutes === undefined || minutes !== undefined;
  if (name === undefined || !isWhole || Object.keys(others).length > 0) return undefined;
  return minutes === undefined ? { cohort: name } : { cohort: name, bakeMinutes: minutes.value };
}

const isCohort = (step: ConfiguredStep): step is CohortStep => typeof step !== "number" && "cohort" in step;

/** The steps that are shares of users. */
export const shareSteps = (steps: readonly ConfiguredStep[]): readonly ShareStep[] =>
  steps.filter((step): step is ShareStep => !isCohort(step));

export const percentOf = (step: ShareStep): number => (typeof step === "number" ? step : step.percent);
export const percents = (steps: readonly ConfiguredStep[]): readonly number[] =>
  shareSteps(steps).map(percentOf);

/** Places in the list of entries that are cohorts. */
export const cohortPlaces = (steps: readonly ConfiguredStep[]): readonly number[] =>
  steps.flatMap((step, index) => (isCohort(step) ? [index] : []));

/** The cohort that comes before the first share; undefined: none does. */
export function cohortStepOf({ steps, bakeMinutes }: Stepped): Required<CohortStep> | undefined {
  const [first] = steps;
  if (first === undefined || !isCohort(first)) return undefined;
  return { cohort: first.cohort, bakeMinutes: first.bakeMinutes ?? bakeMinutes };
}

/** What a policy says of its steps. */
export interface Stepped {
  readonly steps: readonly ConfiguredStep[];
  readonly bakeMinutes: number;
}

export interface StepAt extends StepSettings {
  /** Among the shares of `rollout.steps`, from 0. */
  readonly index: number;
  readonly bakeMinutes: number;
}

/** The step to which a share in percent belongs: the first that is not smaller, and the last for all above. */
export function stepAt({ steps: all, bakeMinutes }: Stepped, share: number): StepAt {
  const steps = shareSteps(all);
  const found = steps.findIndex((step) => percentOf(step) >= share);
  const index = found < 0 ? steps.length - 1 : found;
  const step = steps[index] ?? 100;
  const own = typeof step === "number" ? { percent: step } : step;
  return { ...own, index, bakeMinutes: own.bakeMinutes ?? bakeMinutes };
}

/** The same policy, whose steps go on as soon as they may. */
export const withoutBakes = <P extends Stepped>(policy: P): P => ({
  ...policy,
  bakeMinutes: 0,
  steps: policy.steps.map((step) => (typeof step === "number" ? step : { ...step, bakeMinutes: 0 })),
});

/** Shares that only a person lets a candidate have, in rising order. */
export function approvalShares({
  steps,
  approvals,
}: {
  readonly steps: readonly ConfiguredStep[];
  readonly approvals: readonly number[];
}): readonly number[] {
  const own = shareSteps(steps).flatMap((step) =>
    typeof step === "number" || step.approval !== true ? [] : [step.percent],
  );
  return [...new Set([...approvals, ...own])].sort((a, b) => a - b);
}

/** Steps that can be proven: at 100 % there is nobody to compare with. */
export const provableSteps = (steps: readonly ConfiguredStep[]): number =>
  Math.max(1, percents(steps).filter((share) => share < 100).length);
