import type { AlarmSpec } from "../../contract/alarms/alarm-catalog.ts";
import type { Thresholds } from "../../contract/config/sections.ts";

/** The measure of one minute, undefined: not reported. */
export type MinuteValues = readonly (number | undefined)[];
export type PastState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/**
 * What state an alarm of the catalogue would have had after each minute: M breaching ones among the last N. Minutes
 * that were not reported count as the alarm treats them; where it ignores them and has no other, it knows nothing.
 * (CloudWatch itself looks a little further back than N minutes when some are missing, so it may fire a minute later.)
 */
export function alarmStates(
  spec: AlarmSpec,
  thresholds: Thresholds,
  values: MinuteValues,
): readonly PastState[] {
  const limit = spec.threshold(thresholds);
  const above = spec.comparison === "GreaterThanThreshold";
  const isBreach = (value: number | undefined): boolean | undefined => {
    if (value === undefined) return MISSING[spec.treatMissingData];
    return above ? value > limit : value < limit;
  };
  const breaches = values.map(isBreach);
  return breaches.map((_, at) => {
    const window = breaches.slice(Math.max(0, at + 1 - spec.evaluationPeriods), at + 1);
    if (window.every((breach) => breach === undefined)) return "INSUFFICIENT_DATA";
    return window.filter((breach) => breach === true).length >= spec.datapointsToAlarm ? "ALARM" : "OK";
  });
}

const MISSING: Readonly<Record<AlarmSpec["treatMissingData"], boolean | undefined>> = {
  notBreaching: false,
  breaching: true,
  missing: undefined,
};

/** Indices of the minutes after which it went into ALARM. */
export const firings = (states: readonly PastState[]): readonly number[] =>
  [...states.keys()].filter((at) => states[at] === "ALARM" && states[at - 1] !== "ALARM");
