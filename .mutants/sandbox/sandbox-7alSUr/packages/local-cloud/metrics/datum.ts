import * as v from "valibot";

import { notSimulated } from "../aws-api/errors.ts";
import {
  double,
  integer,
  invalidCombination,
  invalidValue,
  list,
  missingParameter,
  timestampMs,
} from "./input.ts";
import { dimensionList, metricName, readDimensions } from "./queries.ts";
import type { MetricStore } from "./store.ts";
import { RETENTION_MS } from "./store.ts";
import { unit } from "./unit.ts";

// Limits from the SDK documentation of MetricDatum.
const MAX_VALUES = 150;
const LARGEST_VALUE = 2 ** 360;
const OLDEST_MS = 14 * 24 * 3_600_000;
const NEWEST_MS = 2 * 3_600_000;

export const datum = v.strictObject({
  MetricName: metricName,
  Dimensions: v.optional(dimensionList),
  Timestamp: v.optional(timestampMs),
  Value: v.optional(double),
  Values: v.optional(list(double, MAX_VALUES)),
  Counts: v.optional(list(double, MAX_VALUES)),
  StatisticValues: v.optional(
    v.strictObject({ SampleCount: double, Sum: double, Minimum: double, Maximum: double }),
  ),
  Unit: v.optional(unit),
  StorageResolution: v.optional(integer(1)),
});
type Datum = v.InferOutput<typeof datum>;

/** Writes what was checked. */
type Write = (namespace: string, store: MetricStore) => void;

/** Checks a datum. @param at where it stands in the request @throws AwsError */
export function prepare(one: Datum, at: string, nowMs: number): Write {
  const timestamp = one.Timestamp ?? nowMs;
  checkTimestamp(timestamp, at, nowMs);
  if (one.StorageResolution !== undefined && one.StorageResolution !== 60) {
    throw notSimulated("CloudWatch", `StorageResolution ${one.StorageResolution} (high-resolution metrics)`);
  }
  const metric = {
    metricName: one.MetricName,
    dimensions: readDimensions(one.Dimensions),
    unit: one.Unit ?? "None",
  };
  const given = [one.Value, one.Values, one.StatisticValues].filter((form) => form !== undefined).length;
  if (given === 0) throw missingParameter(`The parameter ${at}.Value is required.`);
  if (given > 1)
    throw invalidCombination(`Only one of Value, Values and StatisticValues may be given in ${at}.`);
  if (one.StatisticValues !== undefined) {
    const { SampleCount: count, Sum: sum, Minimum: minimum, Maximum: maximum } = one.StatisticValues;
    for (const value of [count, sum, minimum, maximum]) checkValue(value, `${at}.StatisticValues`);
    if (count <= 0 || minimum > maximum)
      throw invalidValue(`The parameter ${at}.StatisticValues is contradictory.`);
    return (namespace, store) => {
      store.addStatisticSet({ namespace, ...metric }, timestamp, { count, sum, minimum, maximum });
    };
  }
  const values = one.Values ?? [one.Value ?? 0];
  const counts = one.Counts ?? values.map(() => 1);
  if (counts.length !== values.length || values.length === 0) {
    throw invalidValue(`The parameters ${at}.Values and ${at}.Counts must have the same number of members.`);
  }
  for (const value of values) checkValue(value, `${at}.Value`);
  for (const count of counts) {
    checkValue(count, `${at}.Counts`);
    if (count <= 0) throw invalidValue(`The parameter ${at}.Counts must be positive.`);
  }
  return (namespace, store) => {
    const into = store.series({ namespace, ...metric });
    values.forEach((value, i) => into.add(timestamp, value, counts[i] ?? 1));
  };
}

function checkValue(value: number, at: string): void {
  if (!Number.isFinite(value)) throw invalidValue(`The value ${value} for parameter ${at} is invalid.`);
  if (Math.abs(value) > LARGEST_VALUE) throw invalidValue(`The parameter ${at} must be within +-2^360.`);
}

function checkTimestamp(timestamp: number, at: string, nowMs: number): void {
  if (timestamp < nowMs - OLDEST_MS || timestamp > nowMs + NEWEST_MS) {
    throw invalidValue(
      `The parameter ${at}.Timestamp must specify a time no more than two weeks in the past and two hours in the future.`,
    );
  }
  if (timestamp < nowMs - RETENTION_MS) {
    throw notSimulated("CloudWatch", `data older than ${RETENTION_MS / 3_600_000} hours`);
  }
}
