import type { Expression } from "./math-parse.ts";
import { MathError } from "./math-parse.ts";

/**
 * Metric math as far as an alarm catalogue of rates needs it. Rules from the CloudWatch User Guide, "Using metric
 * math":
 * - Arithmetic and comparison of two series: "missing values in a time series are treated as 0"; a timestamp that
 *   neither series has stays missing. With a scalar, the series' own timestamps count.
 * - "If the value of a data point causes a function to attempt to divide by zero, the data point is dropped."
 * - IF: a missing condition drops the point; a true condition whose metric is missing gives 0; a false condition
 *   without an else value drops the point.
 * - FILL fills every period of the range, the newest included. What it does with a series without any point is not
 *   written there; AWS's service team says that it fills ("use math expression Fill to fill with 0 when there are no
 *   datapoints", aws/aws-sdk-js-v3#6873), so an idle target group counts as 0 and not as missing.
 */
export type Series = ReadonlyMap<number, number>;
type MathValue =
  | { readonly kind: "scalar"; readonly value: number }
  | { readonly kind: "series"; readonly points: Series }
  | { readonly kind: "array"; readonly items: readonly Series[] };

export interface MathContext {
  /** Throws MathError for an unknown id. */
  resolve(id: string): Series;
  /** All period starts of the requested range, ascending. */
  readonly timestampsMs: readonly number[];
  /** Told of the work of each operation: 1, and as many as its range has periods. Throws when it was too much. */
  readonly work: (steps: number) => void;
}

/** @throws MathError when the expression uses what is not supported or does not give one time series. */
export function evaluateMath(expression: Expression, context: MathContext): Series {
  const result = evaluate(expression, context);
  if (result.kind !== "series")
    throw new MathError("the result of an expression must be a single time series");
  return result.points;
}

function evaluate(expression: Expression, context: MathContext): MathValue {
  context.work(1 + context.timestampsMs.length);
  switch (expression.kind) {
    case "number":
      return scalar(expression.value);
    case "id":
      return series(context.resolve(expression.id));
    case "keyword":
      throw new MathError(`"${expression.name}" was not expected`);
    case "negate":
      return combine(scalar(0), evaluate(expression.of, context), (a, b) => a - b);
    case "array":
      return { kind: "array", items: expression.items.map((item) => asSeries(evaluate(item, context))) };
    case "binary":
      return evaluateBinary(expression, context);
    case "call": {
      const call = Object.hasOwn(FUNCTIONS, expression.name) ? FUNCTIONS[expression.name] : undefined;
      if (call !== undefined) return call(expression.args, context);
      throw new MathError(
        `the local cloud does not simulate the metric math function ${expression.name}; it has ${Object.keys(FUNCTIONS).join(", ")}`,
      );
    }
  }
}

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "<": (a, b) => Number(a < b),
  "<=": (a, b) => Number(a <= b),
  ">": (a, b) => Number(a > b),
  ">=": (a, b) => Number(a >= b),
  "==": (a, b) => Number(a === b),
  "!=": (a, b) => Number(a !== b),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  OR: (a, b) => Number(a !== 0 || b !== 0),
};

type Args = readonly Expression[];
const FUNCTIONS: Readonly<Record<string, (args: Args, context: MathContext) => MathValue>> = {
  ABS: (args, context) => {
    const value = evaluate(only("ABS", args), context);
    if (value.kind === "scalar") return scalar(Math.abs(value.value));
    return series(mapSeries(asSeries(value), Math.abs));
  },
  SUM: aggregate("SUM", sum),
  AVG: aggregate("AVG", (values, width) => sum(values) / width),
  MIN: aggregate("MIN", (values) => values.reduce((a, b) => Math.min(a, b), Infinity)),
  MAX: aggregate("MAX", (values) => values.reduce((a, b) => Math.max(a, b), -Infinity)),
  FILL: fill,
  IF: conditional,
};

function evaluateBinary(
  expression: Extract<Expression, { kind: "binary" }>,
  context: MathContext,
): MathValue {
  const operate = OPERATORS[expression.operator];
  if (operate === undefined) throw new MathError(`the operator ${expression.operator} is not supported`);
  return combine(evaluate(expression.left, context), evaluate(expression.right, context), operate);
}

function combine(left: MathValue, right: MathValue, operate: (a: number, b: number) => number): MathValue {
  if (left.kind === "scalar" && right.kind === "scalar") return scalar(operate(left.value, right.value));
  if (right.kind === "scalar")
    return series(mapSeries(asSeries(left), (value) => operate(value, right.value)));
  if (left.kind === "scalar")
    return series(mapSeries(asSeries(right), (value) => operate(left.value, value)));
  const [a, b] = [asSeries(left), asSeries(right)];
  const points = new Map<number, number>();
  for (const timestampMs of timestampsOf([a, b])) {
    setFinite(points, timestampMs, operate(a.get(timestampMs) ?? 0, b.get(timestampMs) ?? 0));
  }
  return series(points);
}

/** One series: a scalar over its points. Several: one series; missing points count as 0 in the average. */
function aggregate(name: string, reduce: (values: readonly number[], width: number) => number) {
  return (args: Args, context: MathContext): MathValue => {
    const value = evaluate(only(name, args), context);
    if (value.kind === "scalar") throw new MathError(`${name} needs a time series or an array of them`);
    if (value.kind === "series") return scalar(reduce([...value.points.values()], value.points.size));
    const points = new Map<number, number>();
    for (const timestampMs of timestampsOf(value.items)) {
      const present = value.items.map((item) => item.get(timestampMs)).filter((v) => v !== undefined);
      setFinite(points, timestampMs, reduce(present, value.items.length));
    }
    return series(points);
  };
}

function fill(args: Args, context: MathContext): MathValue {
  const [of, filler] = args;
  if (of === undefined || filler === undefined || args.length > 2) {
    throw new MathError("FILL needs a time series and a number or REPEAT");
  }
  const known = asSeries(evaluate(of, context));
  const repeat = filler.kind === "keyword" && filler.name === "REPEAT";
  if (filler.kind === "keyword" && !repeat) {
    throw new MathError(`the local cloud does not simulate FILL with ${filler.name}`);
  }
  const value = repeat ? undefined : evaluate(filler, context);
  if (value !== undefined && value.kind !== "scalar") {
    throw new MathError("the local cloud does not simulate FILL with another time series");
  }
  const points = new Map<number, number>();
  let previous: number | undefined;
  for (const timestampMs of context.timestampsMs) {
    previous = known.get(timestampMs) ?? (value === undefined ? previous : value.value);
    if (previous !== undefined) points.set(timestampMs, previous);
  }
  return series(points);
}

function conditional(args: Args, context: MathContext): MathValue {
  const [condition, then, otherwise] = args;
  if (condition === undefined || then === undefined || args.length > 3) {
    throw new MathError("IF needs a condition, a value and at most one other value");
  }
  const test = evaluate(condition, context);
  const yes = evaluate(then, context);
  const no = otherwise === undefined ? undefined : evaluate(otherwise, context);
  if (test.kind === "scalar") return chosenByNumber(test.value, yes, no, context);
  const points = new Map<number, number>();
  for (const [timestampMs, holds] of asSeries(test)) {
    const value = holds === 0 ? no && at(no, timestampMs) : (at(yes, timestampMs) ?? 0);
    if (value !== undefined) points.set(timestampMs, value);
  }
  return series(points);
}

/**
 * One of the two for all timestamps. Which one may depend on the data; of what kind the result is may not, or an alarm
 * that could be put could not be evaluated. So a number beside a series, or beside nothing, stands for a series.
 */
function chosenByNumber(
  test: number,
  yes: MathValue,
  no: MathValue | undefined,
  context: MathContext,
): MathValue {
  const chosen = test === 0 ? no : yes;
  if (yes.kind === "scalar" && no?.kind === "scalar") return chosen ?? yes;
  for (const branch of [yes, no]) if (branch !== undefined && branch.kind !== "scalar") asSeries(branch);
  if (chosen === undefined) return series(new Map());
  if (chosen.kind !== "scalar") return chosen;
  return series(new Map(context.timestampsMs.map((timestampMs) => [timestampMs, chosen.value])));
}

function at(value: MathValue, timestampMs: number): number | undefined {
  return value.kind === "scalar" ? value.value : asSeries(value).get(timestampMs);
}

function asSeries(value: MathValue): Series {
  if (value.kind === "series") return value.points;
  throw new MathError(
    `a time series is needed here, not ${value.kind === "array" ? "an array" : "a number"}`,
  );
}

function only(name: string, args: Args): Expression {
  const [arg] = args;
  if (arg === undefined || args.length > 1) throw new MathError(`${name} needs one argument`);
  return arg;
}

function mapSeries(of: Series, change: (value: number) => number): Series {
  const points = new Map<number, number>();
  for (const [timestampMs, value] of of) setFinite(points, timestampMs, change(value));
  return points;
}

function setFinite(points: Map<number, number>, timestampMs: number, value: number): void {
  if (Number.isFinite(value)) points.set(timestampMs, value);
}

function timestampsOf(all: readonly Series[]): number[] {
  return [...new Set(all.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function scalar(value: number): MathValue {
  return { kind: "scalar", value };
}

function series(points: Series): MathValue {
  return { kind: "series", points };
}
