import * as v from "valibot";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import {
  integer,
  invalidCombination,
  list,
  missingParameter,
  oneOf,
  parseInput,
  text,
  timestampMs,
} from "../../../metrics/input.ts";
import {
  dimensionList,
  metricName,
  namespace,
  readDimensions,
  readPeriod,
  readStatistic,
} from "../../../metrics/queries.ts";
import { readRange, tooMany } from "../../../metrics/range.ts";
import { compute } from "../../../metrics/statistic.ts";

// SDK documentation of GetMetricStatistics: datapoints in one answer.
const MAX_DATAPOINTS = 1440;
const SIMPLE_STATISTICS = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"] as const;
const Input = v.strictObject({
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

export default defineOperation({
  service: "cloudwatch",
  name: "GetMetricStatistics",
  run({ store }, raw) {
    const input = parseInput("GetMetricStatistics", Input, raw);
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
    if (asked > MAX_DATAPOINTS) throw tooMany(asked, MAX_DATAPOINTS);
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
  },
});
