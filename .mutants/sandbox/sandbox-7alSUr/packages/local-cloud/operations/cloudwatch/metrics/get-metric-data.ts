import * as v from "valibot";
import { transactionsPerSecond } from "../../../access/rate.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { integer, list, oneOf, page, parseInput, timestampMs } from "../../../metrics/input.ts";
import {
  evaluation,
  metricDataQuery,
  periodOf,
  periodStarts,
  readFrom,
  readQueries,
  type Query,
} from "../../../metrics/queries.ts";
import { readRange, tooMany } from "../../../metrics/range.ts";

// SDK documentation of GetMetricData. Statistics of metrics come in pages of this size; with metric math there is only one
// page ("GMD doesn't support pagination", grafana/grafana#21533), so that a request for more is refused. Its words are
// those of GetMetricStatistics.
const MAX_DATAPOINTS = 100_800;

const Input = v.strictObject({
  MetricDataQueries: list(metricDataQuery, 500),
  StartTime: timestampMs,
  EndTime: timestampMs,
  NextToken: v.optional(v.string()),
  ScanBy: v.optional(oneOf(["TimestampDescending", "TimestampAscending"])),
  MaxDatapoints: v.optional(integer(1, MAX_DATAPOINTS)),
});

export default defineOperation({
  service: "cloudwatch",
  name: "GetMetricData",
  rate: transactionsPerSecond(500),
  run({ store, clock }, raw) {
    const input = parseInput("GetMetricData", Input, raw);
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
  },
});

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
