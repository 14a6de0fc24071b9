import * as v from "valibot";

import { notSimulated } from "../aws-api/errors.ts";
import {
  boolean,
  double,
  integer,
  invalidCombination,
  invalidValue,
  list,
  oneOf,
  parseInput,
  text,
  validationError,
} from "../metrics/input.ts";
import { unit } from "../metrics/unit.ts";
import type { Query } from "../metrics/queries.ts";
import {
  dimensionList,
  evaluation,
  metricDataQuery,
  metricName,
  namespace,
  periodOf,
  periodStarts,
  readDimensions,
  readPeriod,
  readQueries,
  readStatistic,
} from "../metrics/queries.ts";
import { isSimpleStatistic } from "../metrics/statistic.ts";
import { COMPARISONS, evaluationRange } from "./evaluate.ts";
import { parseRule, RuleError } from "./rule.ts";

const actions = v.optional(list(text(1, 1024), 5), []);
const tag = v.strictObject({ Key: text(1, 128), Value: text(0, 256) });
export const tagList = list(tag, 50);

const common = {
  AlarmName: text(1, 255),
  AlarmDescription: v.optional(text(0, 1024)),
  ActionsEnabled: v.optional(boolean, true),
  OKActions: actions,
  AlarmActions: actions,
  InsufficientDataActions: actions,
  Tags: v.optional(tagList),
};

const ANOMALY = [
  "LessThanLowerOrGreaterThanUpperThreshold",
  "LessThanLowerThreshold",
  "GreaterThanUpperThreshold",
];
// Object.keys types its result as string[]; these are the table's own keys.
const OPERATORS = Object.keys(COMPARISONS) as (keyof typeof COMPARISONS)[];

const metricAlarmInput = v.strictObject({
  ...common,
  MetricName: v.optional(metricName),
  Namespace: v.optional(namespace),
  Statistic: v.optional(text(1, 255)),
  ExtendedStatistic: v.optional(text(1, 255)),
  Dimensions: v.optional(dimensionList),
  Period: v.optional(integer(1)),
  Unit: v.optional(unit),
  EvaluationPeriods: integer(1),
  DatapointsToAlarm: v.optional(integer(1)),
  Threshold: double,
  ComparisonOperator: oneOf(OPERATORS),
  TreatMissingData: v.optional(text(1, 255)),
  EvaluateLowSampleCountPercentile: v.optional(text(1, 255)),
  Metrics: v.optional(list(metricDataQuery, 10)),
  WarmUpConfiguration: v.optional(
    v.strictObject({
      WarmUpPeriodDurationInMinutes: integer(1, 2880),
      OnlyStartEvaluatingAfterWarmUpPeriodEnds: v.optional(boolean),
    }),
  ),
});
const compositeAlarmInput = v.strictObject({ ...common, AlarmRule: text(1, 10_240) });

export type MetricAlarmInput = v.InferOutput<typeof metricAlarmInput>;
export type CompositeAlarmInput = v.InferOutput<typeof compositeAlarmInput>;

const TREATMENTS = ["breaching", "notBreaching", "ignore", "missing"] as const;
const LOW_SAMPLES = ["evaluate", "ignore"] as const;
const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 604_800;

/** @throws AwsError for whatever AWS refuses, and by name for what the local cloud does not evaluate. */
export function readMetricAlarm(raw: Record<string, unknown>): MetricAlarmInput {
  if (ANOMALY.includes(String(raw["ComparisonOperator"]))) {
    throw notSimulated("CloudWatch", `anomaly detection (${String(raw["ComparisonOperator"])})`);
  }
  const input = parseInput("PutMetricAlarm", metricAlarmInput, raw);
  if (!Number.isFinite(input.Threshold))
    throw invalidValue("The parameter Threshold must be a finite number.");
  requireMember("TreatMissingData", input.TreatMissingData, TREATMENTS);
  requireMember("EvaluateLowSampleCountPercentile", input.EvaluateLowSampleCountPercentile, LOW_SAMPLES);
  if ((input.DatapointsToAlarm ?? 1) > input.EvaluationPeriods) {
    throw validationError("The parameter DatapointsToAlarm must be less than or equal to EvaluationPeriods");
  }
  checkActions(input);
  const watched = readWatched(input);
  checkWindow(input.EvaluationPeriods, watched.periodMs / 1000);
  checkWork(input.EvaluationPeriods, watched);
  return input;
}

/** @throws AwsError `ValidationException` for a rule that cannot be read. */
export function readCompositeAlarm(raw: Record<string, unknown>): CompositeAlarmInput {
  const input = parseInput("PutCompositeAlarm", compositeAlarmInput, raw);
  checkActions(input);
  try {
    parseRule(input.AlarmRule);
  } catch (error) {
    if (error instanceof RuleError) throw validationError(`AlarmRule is not valid: ${error.message}`);
    throw error;
  }
  return input;
}

/** What an alarm looks at: the queries, and the one whose series meets the threshold. */
export interface Watched {
  readonly queries: readonly Query[];
  readonly id: string;
  readonly periodMs: number;
}

/** @throws AwsError */
export function readWatched(input: MetricAlarmInput): Watched {
  return input.Metrics === undefined ? oneMetric(input) : metricMath(input, input.Metrics);
}

function oneMetric(input: MetricAlarmInput): Watched {
  const { MetricName, Namespace, Period, Statistic, ExtendedStatistic } = input;
  if (MetricName === undefined || Namespace === undefined || Period === undefined) {
    throw validationError(
      "An alarm on one metric must have MetricName, Namespace and Period, or else Metrics",
    );
  }
  if ((Statistic === undefined) === (ExtendedStatistic === undefined)) {
    throw invalidCombination("Exactly one of Statistic and ExtendedStatistic must be specified");
  }
  if (Statistic !== undefined && !isSimpleStatistic(Statistic)) {
    throw invalidValue(`The value ${Statistic} for parameter Statistic is not supported.`);
  }
  const periodMs = readPeriod(Period);
  const query: Query = {
    kind: "metric",
    id: "m1",
    label: MetricName,
    returned: true,
    metric: { namespace: Namespace, metricName: MetricName, dimensions: readDimensions(input.Dimensions) },
    statistic: readStatistic("ExtendedStatistic", Statistic ?? ExtendedStatistic ?? ""),
    unit: input.Unit,
    periodMs,
  };
  return { queries: [query], id: query.id, periodMs };
}

function metricMath(input: MetricAlarmInput, metrics: NonNullable<MetricAlarmInput["Metrics"]>): Watched {
  const alone = [
    "MetricName",
    "Namespace",
    "Statistic",
    "ExtendedStatistic",
    "Dimensions",
    "Period",
    "Unit",
  ] as const;
  const both = alone.filter((key) => input[key] !== undefined);
  if (both.length > 0) throw validationError(`With Metrics, these must not be specified: ${both.join(", ")}`);
  const queries = readQueries(metrics);
  const [returned, second] = queries.filter((query) => query.returned);
  if (returned === undefined || second !== undefined) {
    throw validationError("Exactly one element of the Metrics list should return data");
  }
  // One period for the whole list, not only for what the expression uses (CloudWatch quotas, "metric math alarm").
  const periods = new Set(queries.map((query) => periodOf(queries, query.id)));
  if (periods.size > 1) throw validationError("All metrics of an alarm must have the same Period");
  return { queries, id: returned.id, periodMs: periodOf(queries, returned.id) };
}

function requireMember(parameter: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value)) return;
  throw validationError(
    `The value ${value} is not supported for ${parameter} parameter. Supported values are [${allowed.join(", ")}].`,
  );
}

// CloudWatch API, PutMetricAlarm: EvaluationPeriods times Period is at most a week, a day below one-hour periods.
function checkWindow(evaluationPeriods: number, periodSeconds: number): void {
  const windowSeconds = evaluationPeriods * periodSeconds;
  const most = periodSeconds < 3600 ? DAY_SECONDS : WEEK_SECONDS;
  if (windowSeconds > most) {
    throw validationError(
      `Metrics cannot be checked across more than ${most} seconds (EvaluationPeriods * Period)`,
    );
  }
  if (windowSeconds > DAY_SECONDS) throw notSimulated("CloudWatch", "alarms over more than a day");
}

/** What is too much to compute over all periods is refused here, by name, and does not fail at each evaluation. */
function checkWork(evaluationPeriods: number, { queries, id, periodMs }: Watched): void {
  const starts = periodStarts(0, evaluationRange(evaluationPeriods) * periodMs, periodMs);
  evaluation(queries, () => new Map())(id, starts);
}

function checkActions(
  input: Pick<MetricAlarmInput, "OKActions" | "AlarmActions" | "InsufficientDataActions">,
): void {
  for (const action of [...input.OKActions, ...input.AlarmActions, ...input.InsufficientDataActions]) {
    if (!/^arn:aws[\w-]*:[\w-]+:/.test(action)) throw validationError(`Invalid arn syntax: ${action}`);
  }
}
