import { decimal, flag, integer, isRecord, optional, type Field, type Fields } from "./field.ts";

/** One entry of `rollout.steps`: a share in percent, or one with settings of its own. */
export type ConfiguredStep = number | StepSettings;

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
  "a list of whole percents, or `{percent, bakeMinutes, approval, provenRatio}`: 1 to 100 percent, 0 to 10080 minutes, true or false, a number above 1";

/** One entry of `rollout.steps`; undefined: it is none. */
export function readStep(raw: unknown): ConfiguredStep | undefined {
  if (!isRecord(raw)) return percent.read(raw)?.value;
  const { percent: share, ...own } = raw;
  const read = percent.read(share);
  const known: Readonly<Record<string, Field<unknown>>> = settings;
  const values = Object.entries(own).map(([key, value]) => [key, known[key]?.read(value)?.value] as const);
  if (read === undefined || values.some(([, value]) => value === undefined)) return undefined;
  return { percent: read.value, ...Object.fromEntries(values) };
}

export const percentOf = (step: ConfiguredStep): number => (typeof step === "number" ? step : step.percent);
export const percents = (steps: readonly ConfiguredStep[]): readonly number[] => steps.map(percentOf);

/** What a policy says of its steps. */
export interface Stepped {
  readonly steps: readonly ConfiguredStep[];
  readonly bakeMinutes: number;
}

export interface StepAt extends StepSettings {
  /** In `rollout.steps`, from 0. */
  readonly index: number;
  readonly bakeMinutes: number;
}

/** The step to which a share in percent belongs: the first that is not smaller, and the last for all above. */
export function stepAt({ steps, bakeMinutes }: Stepped, share: number): StepAt {
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
  const own = steps.flatMap((step) =>
    typeof step === "number" || step.approval !== true ? [] : [step.percent],
  );
  return [...new Set([...approvals, ...own])].sort((a, b) => a - b);
}

/** Steps that can be proven: at 100 % there is nobody to compare with. */
export const provableSteps = (steps: readonly ConfiguredStep[]): number =>
  Math.max(1, percents(steps).filter((share) => share < 100).length);
