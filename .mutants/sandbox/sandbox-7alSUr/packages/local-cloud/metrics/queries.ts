import * as v from "valibot";

import { notSimulated } from "../aws-api/errors.ts";
import { boolean, integer, invalidValue, list, text, validationError } from "./input.ts";
import type { MathContext, Series } from "./math.ts";
import { evaluateMath } from "./math.ts";
import type { Expression } from "./math-parse.ts";
import { idsOf, MathError, parseMath } from "./math-parse.ts";
import type { Statistic } from "./statistic.ts";
import { isUnsupportedStatistic, parseStatistic } from "./statistic.ts";
import type { Dimensions, MetricId } from "./metric-key.ts";
import type { MetricStore } from "./store.ts";
import { MINUTE_MS } from "./store.ts";

const dimension = v.strictObject({ Name: text(1, 255), Value: text(1, 1024) });
export const dimensionList = list(dimension, 30);
export const namespace = v.pipe(text(1, 255), v.regex(/^[^:]/, "Member must not start with a colon"));
export const metricName = text(1, 255);

export const metricDataQuery = v.strictObject({
  Id: v.pipe(
    text(1, 255),
    v.regex(/^[a-z][a-zA-Z0-9_]*$/, "Member must start with a lower-case letter and be alphanumeric"),
  ),
  MetricStat: v.optional(
    v.strictObject({
      Metric: v.strictObject({
        Namespace: namespace,
        MetricName: metricName,
        Dimensions: v.optional(dimensionList),
      }),
      Period: integer(1),
      Stat: text(1, 255),
      Unit: v.optional(text(1, 255)),
    }),
  ),
  Expression: v.optional(text(1, 2048)),
  Label: v.optional(v.string()),
  ReturnData: v.optional(boolean),
  Period: v.optional(integer(1)),
});
export type MetricDataQuery = v.InferOutput<typeof metricDataQuery>;

/** One checked query: a metric's statistic, or an expression over the other queries. */
export type Query = { readonly id: string; readonly label: string; readonly returned: boolean } & (
  | {
      readonly kind: "metric";
      readonly metric: MetricId;
      readonly statistic: Statistic;
      readonly unit: string | undefined;
      readonly periodMs: number;
    }
  | { readonly kind: "math"; readonly expression: Expression }
);

/**
 * Checks the queries of one request together: ids, statistics, expressions, the ids and functions that they use.
 * @throws AwsError naming the query.
 */
export function readQueries(inputs: readonly MetricDataQuery[]): Query[] {
  const queries = inputs.map(readQuery);
  const ids = new Set(queries.map((query) => query.id));
  if (ids.size < queries.length)
    throw validationError("The values for parameter Id in MetricDataQueries must be unique");
  // An evaluation over nothing meets every unknown id, function, cycle and result type.
  const evaluate = evaluation(queries, () => new Map());
  const never: readonly number[] = [];
  for (const query of queries) {
    periodOf(queries, query.id);
    evaluate(query.id, never);
  }
  return queries;
}

/** The period of a query, from the metrics that it uses; a minute when it uses none. */
export function periodOf(queries: readonly Query[], id: string): number {
  const periods = new Set(metricsOf(queries, id, new Set()).map((metric) => metric.periodMs));
  if (periods.size > 1)
    throw notSimulated("CloudWatch", `metrics of different periods in one expression (${id})`);
  return [...periods][0] ?? MINUTE_MS;
}

/** AWS publishes no bound for the work of one request; this is about a second of a local machine, whose one thread also serves the users. */
const MOST_STEPS = 2_000_000;

/**
 * The series of the queries of one request, each computed once for the same periods, however many others use it.
 * `read` gives the series of a metric query.
 */
export function evaluation(
  queries: readonly Query[],
  read: (query: Extract<Query, { kind: "metric" }>) => Series,
): (id: string, timestampsMs: readonly number[]) => Series {
  const byId = new Map(queries.map((query) => [query.id, query]));
  const readById = new Map<string, Series>();
  const known = new Map<readonly number[], Map<string, Series>>();
  const visiting = new Set<string>();
  let steps = 0;
  const work = (more: number) => {
    steps += more;
    if (steps > MOST_STEPS)
      throw notSimulated("CloudWatch", `metric math of more than ${MOST_STEPS} steps in one request`);
  };

  function resolve(id: string, timestampsMs: readonly number[]): Series {
    const query = byId.get(id);
    if (query === undefined) throw new MathError(`there is no query with the id ${id}`);
    if (visiting.has(id)) throw new MathError(`the expression ${id} refers to itself`);
    if (query.kind === "metric") return remembered(readById, id, () => read(query));
    const own = remembered(known, timestampsMs, () => new Map<string, Series>());
    return remembered(own, id, () => {
      visiting.add(id);
      const context: MathContext = { timestampsMs, work, resolve: (used) => resolve(used, timestampsMs) };
      const series = evaluateMath(query.expression, context);
      visiting.delete(id);
      return series;
    });
  }

  return (id, timestampsMs) => {
    try {
      return resolve(id, timestampsMs);
    } catch (error) {
      if (error instanceof MathError) throw validationError(`Error in expression '${id}': ${error.message}`);
      throw error;
    }
  };
}

function remembered<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

/** Reads metric queries of a range from the store. All times are whole minutes. */
export function readFrom(store: MetricStore, range: { startMs: number; endMs: number }) {
  return (query: Extract<Query, { kind: "metric" }>): Series => {
    const points = store.read(
      { ...range, metric: query.metric, unit: query.unit, periodMs: query.periodMs },
      query.statistic,
    );
    return new Map(points.map((point) => [point.timestampMs, point.value]));
  };
}

export function periodStarts(startMs: number, endMs: number, periodMs: number): number[] {
  const starts: number[] = [];
  for (let fromMs = startMs; fromMs < endMs; fromMs += periodMs) starts.push(fromMs);
  return starts;
}

/** @throws AwsError: the store has one-minute resolution. */
export function readPeriod(seconds: number): number {
  if ([1, 5, 10, 20, 30].includes(seconds)) {
    throw notSimulated("CloudWatch", `a period of ${seconds} seconds (high-resolution metrics)`);
  }
  if (seconds % 60 !== 0)
    throw validationError(`Period must be 10, 20, 30 or a multiple of 60; it is ${seconds}`);
  return seconds * 1000;
}

/** @throws AwsError for a text that names no statistic, such as p101. */
export function readStatistic(parameter: string, name: string): Statistic {
  if (isUnsupportedStatistic(name)) throw notSimulated("CloudWatch", `the statistic ${name}`);
  const statistic = parseStatistic(name);
  if (statistic === undefined)
    throw invalidValue(`The value ${name} for parameter ${parameter} is not supported.`);
  return statistic;
}

export function readDimensions(pairs: readonly { Name: string; Value: string }[] | undefined): Dimensions {
  const names = new Set((pairs ?? []).map((pair) => pair.Name));
  if (names.size < (pairs ?? []).length) throw invalidValue("Dimensions must have different names");
  return Object.fromEntries((pairs ?? []).map((pair) => [pair.Name, pair.Value]));
}

export function writeDimensions(dimensions: Dimensions): { Name: string; Value: string }[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

function readQuery(input: MetricDataQuery): Query {
  const common = { id: input.Id, returned: input.ReturnData ?? true };
  const { MetricStat, Expression } = input;
  if ((MetricStat === undefined) === (Expression === undefined)) {
    throw validationError(`The query '${input.Id}' must have exactly one of MetricStat and Expression`);
  }
  if (MetricStat !== undefined) {
    const { Metric } = MetricStat;
    return {
      ...common,
      kind: "metric",
      label: input.Label ?? Metric.MetricName,
      metric: {
        namespace: Metric.Namespace,
        metricName: Metric.MetricName,
        dimensions: readDimensions(Metric.Dimensions),
      },
      statistic: readStatistic("Stat", MetricStat.Stat),
      unit: MetricStat.Unit,
      periodMs: readPeriod(MetricStat.Period),
    };
  }
  return {
    ...common,
    kind: "math",
    label: input.Label ?? input.Id,
    expression: readExpression(input.Id, Expression ?? ""),
  };
}

function readExpression(id: string, expression: string): Expression {
  if (/^\s*SELECT\b/i.test(expression)) throw notSimulated("CloudWatch", `Metrics Insights queries (${id})`);
  try {
    return parseMath(expression);
  } catch (error) {
    if (error instanceof MathError) throw validationError(`Error in expression '${id}': ${error.message}`);
    throw error;
  }
}

function metricsOf(
  queries: readonly Query[],
  id: string,
  seen: Set<string>,
): Extract<Query, { kind: "metric" }>[] {
  const query = queries.find((other) => other.id === id);
  if (query === undefined || seen.has(id)) return [];
  seen.add(id);
  return query.kind === "metric"
    ? [query]
    : idsOf(query.expression).flatMap((used) => metricsOf(queries, used, seen));
}
