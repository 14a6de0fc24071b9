import { invalidCombination, validationError } from "./input.ts";
import { MINUTE_MS } from "./store.ts";

// SDK documentation of GetMetricData: start inclusive, end exclusive; recent start times are rounded down to a minute.
export function readRange(start: number, end: number): { startMs: number; endMs: number } {
  if (start >= end) throw validationError("The parameter StartTime must be less than the parameter EndTime.");
  return { startMs: Math.floor(start / MINUTE_MS) * MINUTE_MS, endMs: end };
}

/** Refuses a request for more datapoints than there are in one answer. */
export function tooMany(asked: number, most: number) {
  return invalidCombination(
    `You have requested up to ${asked} datapoints, which exceeds the limit of ${most}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
  );
}
