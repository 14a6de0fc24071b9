import { isRecord } from "../config/field.ts";
import { stepAt, type Stepped } from "../config/steps.ts";

/**
 * What was planned for a pair of models from the traffic before its first attempt. It stays with the pair: what a step
 * must show is not chosen again by what was seen.
 */
export interface Schedule {
  /** Per step, the last for all that follow; empty: a step proves nothing (`rollout.advanceWhen: blindSpot`). */
  readonly provenRatios: readonly number[];
  /** Where too little fails to prove a ratio: part of the requests, 0 to 1, below which a candidate is proven, too. */
  readonly provenRate?: number | undefined;
  /** Per step, minutes until a candidate as good as the active slot may go on, as planned. */
  readonly minutes: readonly number[];
  /** How many of such releases would promote a model with which fault. */
  readonly odds: readonly FaultOdds[];
}

export interface FaultOdds {
  /** `twice as often`. */
  readonly fault: string;
  /** 0 to 1, of simulated releases. */
  readonly promoted: number;
}

const areNumbers = (raw: unknown): raw is readonly number[] =>
  Array.isArray(raw) && raw.every((one) => typeof one === "number" && Number.isFinite(one) && one >= 0);

const isPart = (raw: unknown): raw is number => typeof raw === "number" && raw >= 0 && raw <= 1;

const areOdds = (raw: unknown): raw is readonly FaultOdds[] =>
  Array.isArray(raw) &&
  raw.every((one) => isRecord(one) && typeof one["fault"] === "string" && isPart(one["promoted"]));

/** undefined: it is none. */
export function readSchedule(raw: unknown): Schedule | undefined {
  if (!isRecord(raw)) return undefined;
  const { provenRatios, provenRate, minutes, odds } = raw;
  if (!areNumbers(provenRatios) || !areNumbers(minutes) || !areOdds(odds)) return undefined;
  if (provenRate !== undefined && !isPart(provenRate)) return undefined;
  return { provenRatios, minutes, odds, ...(provenRate === undefined ? {} : { provenRate }) };
}

/** A deadline from the plan has room for a release that goes slower than planned. */
const FEWEST_MINUTES = 60;
const TIMES_PLANNED = 4;
const MOST_MINUTES = 20_160;

export interface Deadlines extends Stepped {
  readonly deadlineMinutes: number | "auto";
  readonly schedule?: Pick<Schedule, "minutes"> | undefined;
}

/** Within how many minutes the step of a cohort must be decided. */
export const cohortDeadlineMinutes = (
  { deadlineMinutes }: Pick<Deadlines, "deadlineMinutes">,
  bakeMinutes: number,
): number => (deadlineMinutes === "auto" ? fromPlan(bakeMinutes) : deadlineMinutes);

const fromPlan = (minutes: number) =>
  Math.min(MOST_MINUTES, Math.max(FEWEST_MINUTES, Math.ceil(TIMES_PLANNED * minutes)));

/** Within how many minutes the step of a share must be decided; as planned, or as its bake says where nothing was. */
export function deadlineMinutesAt(policy: Deadlines, share: number): number {
  const { deadlineMinutes, schedule } = policy;
  if (deadlineMinutes !== "auto") return deadlineMinutes;
  const { index, bakeMinutes } = stepAt(policy, share);
  return fromPlan(Math.max(bakeMinutes, schedule?.minutes[index] ?? 0));
}
