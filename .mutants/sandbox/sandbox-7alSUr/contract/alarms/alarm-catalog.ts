import { ALARM_CATALOG } from "./all.ts";
import type { Thresholds } from "../config/sections.ts";
import type { AlarmSpec } from "./define.ts";

export type { AlarmQuery, AlarmSpec, CountId, MetricScope } from "./define.ts";

/** The alarms that each slot has. The single source for the Pulumi program, for validation and for the documents. */
export { ALARM_CATALOG };

export type AlarmKey = keyof typeof ALARM_CATALOG;

export const alarmSpec = (key: AlarmKey): AlarmSpec => ALARM_CATALOG[key];

// Object.keys is typed as string[]; the catalogue is constant, so its keys are exactly AlarmKey.
const unordered = Object.keys(ALARM_CATALOG) as readonly AlarmKey[];
export const ALARM_KEYS = unordered.toSorted((a, b) => alarmSpec(a).order - alarmSpec(b).order);

/** The alarms that the gates ask; the others only page. */
export const JUDGING_ALARM_KEYS = ALARM_KEYS.filter((key) => alarmSpec(key).judges);

/** Whether an alarm asks ECS's metrics of a service: a slot that something else fills has none, and so not the alarm. */
export const asksService = ({ queries }: AlarmSpec, thresholds: Thresholds): boolean =>
  queries(thresholds).some((query) => "scope" in query && query.scope === "service");

/**
 * The alarms of version 0.1. Every other is absent from a stack that an earlier version deployed until its next update,
 * and one that no data sets off from a slot that is scaled to zero.
 */
export const FIRST_ALARM_KEYS = [
  "error-rate",
  "slow-rate",
  "healthy-hosts",
  "cpu",
  "memory",
] as const satisfies readonly AlarmKey[];

/**
 * How far back an alarm may look, in milliseconds. Only for N = 3 AWS says how many points it retrieves (5); for others
 * the formula is LocalStack's, and one period more is for those that may have just begun.
 */
export function alarmRangeMs({ evaluationPeriods, periodSeconds }: AlarmSpec): number {
  return (evaluationPeriods + Math.max(Math.floor(evaluationPeriods / 3), 2) + 1) * periodSeconds * 1000;
}
