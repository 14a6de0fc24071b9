import * as v from "valibot";

import { notSimulated } from "../aws-api/errors.ts";
import type { Operations } from "../aws-api/operations.ts";
import type { Clock } from "../clock.ts";
import {
  integer,
  invalidCombination,
  list,
  missingParameter,
  oneOf,
  page,
  parseInput,
  text,
  timestampMs,
  validationError,
} from "./input.ts";
import { putMetricData } from "./put-metric-data.ts";
import {
  dimensionList,
  evaluation,
  metricDataQuery,
  metricName,
  namespace,
  periodOf,
  periodStarts,
  readDimensions,
  readFrom,
  readPeriod,
  readQueries,
  readStatistic,
  writeDimensions,
  type Query,
} from "./queries.ts";
import { compute } from "./statistic.ts";
import type { MetricStore } from "./store.ts";
import { MINUTE_MS } from "./store.ts";

// SDK documentation of GetMetricData and GetMetricStatistics. Statistics of metrics come in pages of this size; with
// metric math there is only one page ("GMD doesn't support pagination", grafana/grafana#21533), so that a request for
// more is refused. Its words are those of GetMetricStatistics.
const MAX_DATAPOINTS = 100_800;
const MAX_STATISTICS_DATAPOINTS = 1440;
const METRICS_PER_PAGE = 500;

/** The metric operations of CloudWatch. Nothing of the running minute is seen; see MetricStore. */
export function metricOperations(store: MetricStore, clock: Clock): Operations {
  return {
    PutMetricData: (input) => putMetricData(input, store, clock),
    GetMetricData: (input) => getMetricData(input, store, clock),
    GetMetricStatistics: (input) => getMetricStatistics(input, store),
    ListMetrics: (input) => listMetrics(input, store),
  };
}

const metricDataInput = v.strictObject({
  MetricDataQueries: list(metricDataQuery, 500),
  StartTime: timestampMs,
  EndTime: timestampMs,
  NextToken: v.optional(v.string()),
  ScanBy: v.optional(oneOf(["TimestampDescending", "TimestampAscending"])),
  MaxDatapoints: v.optional(integer(1, MAX_DATAPOINTS)),
});

function getMetricData(raw: unknown, store: MetricStore, clock: Clock) {
  const input = parseInput("GetMetricData", metricDataInput, raw);
  const queries = readQueries(input.MetricDataQueries);
  const { startMs, endMs } = readRange(input.StartTime, input.EndTime);
  // FILL also fills the newest minutes, which no metric has yet (CloudWatch "metric math", FILL), not the future.
  const startsBy = periodsUntil(queries, startMs, Math.min(endMs, clock.now()));
  const evaluate = evaluation(queries, readFrom(store, { startMs, endMs }));
  const ascending = input.ScanBy === "TimestampAscending";

  const points = queries
    .filter((query) => query.returned)
    .flatMap((query) => {
      const series = [...evaluate(query.id, startsBy(query.id))].sort((a, b) => a[0] - b[0]);
      return (ascending ? series : series.toReversed()).map(([timestamp, value]) => ({
        id: query.id,
        timestamp,
        value,
      }));
    });

  const { items, next } = page(points, input.MaxDatapoints ?? MAX_DATAPOINTS, input.NextToken);
  const last = items.at(-1)?.id;
  return {
    MetricDataResults: queries
      .filter((query) => query.returned)
      .map((query) => {
        const own = items.filter((point) => point.id === query.id);
        return {
          Id: query.id,
          Label: query.label,
          Timestamps: own.map((point) => new Date(point.timestamp)),
          Values: own.map((point) => point.value),
          StatusCode: next !== undefined && query.id === last ? "PartialData" : "Complete",
        };
      }),
    Messages: [],
    NextToken: next,
  };
}

/** The starts of a query's periods in the range; none when no query is math, which alone looks at them. */
function periodsUntil(
  queries: readonly Query[],
  startMs: number,
  endMs: number,
): (id: string) => readonly number[] {
  if (queries.every(({ kind }) => kind === "metric")) return () => [];
  const periods = new Map(queries.map(({ id }) => [id, periodOf(queries, id)]));
  let asked = 0;
  for (const periodMs of periods.values()) asked += Math.max(0, Math.ceil((endMs - startMs) / periodMs));
  if (asked > MAX_DATAPOINTS) throw tooMany(asked, MAX_DATAPOINTS);
  const starts = new Map(
    [...new Set(periods.values())].map((periodMs) => [periodMs, periodStarts(startMs, endMs, periodMs)]),
  );
  return (id) => starts.get(periods.get(id) ?? 0) ?? [];
}

function tooMany(asked: number, most: number) {
  return invalidCombination(
    `You have requested up to ${asked} datapoints, which exceeds the limit of ${most}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
  );
}

const SIMPLE_STATISTICS = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"] as const;
const metricStatisticsInput = v.strictObject({
  Namespace: namespace,
  MetricName: metricName,
  Dimensions: v.optional(dimensionList),
  StartTime: timestampMs,
  EndTime: timestampMs,
  Period: integer(1),
  Statistics: v.optional(list(oneOf(SIMPLE_STATISTICS), 5)),
  ExtendedStatistics: v.optional(list(text(1, 255), 10)),
  Unit: v.optional(text(1, 255)),
});

function getMetricStatistics(raw: unknown, store: MetricStore) {
  const input = parseInput("GetMetricStatistics", metricStatisticsInput, raw);
  const { Statistics: simple = [], ExtendedStatistics: extended = [] } = input;
  if (simple.length === 0 && extended.length === 0) {
    throw missingParameter("Either Statistics or ExtendedStatistics must be requested");
  }
  if (simple.length > 0 && extended.length > 0) {
    throw invalidCombination("Statistics and ExtendedStatistics cannot be requested together");
  }
  const periodMs = readPeriod(input.Period);
  const { startMs, endMs } = readRange(input.StartTime, input.EndTime);
  const asked = Math.ceil((endMs - startMs) / periodMs);
  if (asked > MAX_STATISTICS_DATAPOINTS) throw tooMany(asked, MAX_STATISTICS_DATAPOINTS);
  const statistics = [...simple, ...extended].map((name) => ({
    name,
    statistic: readStatistic("Statistics", name),
  }));
  const metric = {
    namespace: input.Namespace,
    metricName: input.MetricName,
    dimensions: readDimensions(input.Dimensions),
  };
  const Datapoints = store
    .readPeriods({ metric, unit: input.Unit, periodMs, startMs, endMs })
    .map(({ timestampMs, data, unit }) => {
      const values = statistics.map(({ name, statistic }) => [name, compute(statistic, data)] as const);
      const known = Object.fromEntries(values.filter(([, value]) => value !== undefined));
      const point = { Timestamp: new Date(timestampMs), Unit: unit };
      return extended.length > 0 ? { ...point, ExtendedStatistics: known } : { ...point, ...known };
    });
  return { Label: input.MetricName, Datapoints };
}

const listMetricsInput = v.strictObject({
  Namespace: v.optional(namespace),
  MetricName: v.optional(metricName),
  Dimensions: v.optional(list(v.strictObject({ Name: text(1, 255), Value: v.optional(text(1, 1024)) }), 10)),
  NextToken: v.optional(v.string()),
  RecentlyActive: v.optional(v.string()),
});

function listMetrics(raw: unknown, store: MetricStore) {
  const input = parseInput("ListMetrics", listMetricsInput, raw);
  if (input.RecentlyActive !== undefined) throw notSimulated("CloudWatch", "RecentlyActive of ListMetrics");
  const matching = store.list().filter(
    (metric) =>
      (input.Namespace ?? metric.namespace) === metric.namespace &&
      (input.MetricName ?? metric.metricName) === metric.metricName &&
      (input.Dimensions ?? []).every((filter) => {
        const value = metric.dimensions[filter.Name];
        return value !== undefined && (filter.Value ?? value) === value;
      }),
  );
  const { items, next } = page(matching, METRICS_PER_PAGE, input.NextToken);
  return {
    Metrics: items.map((metric) => ({
      Namespace: metric.namespace,
      MetricName: metric.metricName,
      Dimensions: writeDimensions(metric.dimensions),
    })),
    NextToken: next,
  };
}

// SDK documentation of GetMetricData: start inclusive, end exclusive; recent start times are rounded down to a minute.
function readRange(start: number, end: number): { startMs: number; endMs: number } {
  if (start >= end) throw validationError("The parameter StartTime must be less than the parameter EndTime.");
  return { startMs: Math.floor(start / MINUTE_MS) * MINUTE_MS, endMs: end };
}
