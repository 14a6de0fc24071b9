import { AwsError } from "../aws-api/errors.ts";
import type { Operations } from "../aws-api/operations.ts";
import type { Body, BodyWidget, MetricWidget, Rendering } from "./body.ts";

/** What a browser needs to draw a dashboard: no more to be computed, nothing to be asked for. */
export interface Drawing {
  readonly startMs: number;
  readonly endMs: number;
  readonly widgets: readonly (WidgetFrame & (Graph | AlarmList | Text | Nothing))[];
}

interface WidgetFrame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
interface Graph {
  readonly kind: "graph";
  readonly title: string;
  readonly stacked: boolean;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly periodMs: number;
  readonly series: readonly {
    readonly label: string;
    readonly color: string | undefined;
    readonly points: readonly (readonly [ms: number, value: number])[];
  }[];
  readonly lines: readonly {
    readonly label: string;
    readonly value: number;
    readonly color: string | undefined;
  }[];
}
interface AlarmList {
  readonly kind: "alarms";
  readonly title: string;
  readonly alarms: readonly { readonly name: string; readonly state: string }[];
}
interface Text {
  readonly kind: "text";
  readonly markdown: string;
}
interface Nothing {
  readonly kind: "nothing";
  readonly why: string;
}

// CloudWatch: the period of a widget that names none.
const DEFAULT_PERIOD_SECONDS = 300;

/** A dashboard over [startMs, endMs), asked of CloudWatch's own operations as a console would. */
export async function drawDashboard(
  body: Body,
  operations: Operations,
  startMs: number,
  endMs: number,
): Promise<Drawing> {
  const widgets = body.widgets.map(async (widget) => {
    const { x = 0, y = 0, width = 6, height = 6 } = widget;
    return { x, y, width, height, ...(await contentOf(widget, operations, startMs, endMs)) };
  });
  return { startMs, endMs, widgets: await Promise.all(widgets) };
}

async function contentOf(
  widget: BodyWidget,
  operations: Operations,
  startMs: number,
  endMs: number,
): Promise<Graph | AlarmList | Text | Nothing> {
  try {
    switch (widget.type) {
      case "metric":
        return await graphOf(widget, operations, startMs, endMs);
      case "alarm":
        return await alarmsOf(widget.properties.title ?? "Alarms", widget.properties.alarms, operations);
      case "text":
        return { kind: "text", markdown: widget.properties.markdown };
      default:
        return { kind: "nothing", why: `the local cloud does not draw widgets of the type ${widget.type}` };
    }
  } catch (error) {
    // What CloudWatch would refuse to show stands in its place, beside widgets that it does show.
    if (error instanceof AwsError) return { kind: "nothing", why: error.message };
    throw error;
  }
}

async function graphOf(
  { properties }: MetricWidget,
  operations: Operations,
  startMs: number,
  endMs: number,
): Promise<Graph> {
  const { title = "", stacked = false, period = DEFAULT_PERIOD_SECONDS, annotations, yAxis } = properties;
  const drawn = (properties.metrics ?? []).map((metric, index) => queryOf(metric, index, properties));
  const MetricDataQueries = drawn.map(({ query }) => query);
  const found =
    drawn.length === 0
      ? []
      : await ask<{ MetricDataResults: readonly MetricDataResult[] }>(operations, "GetMetricData", {
          MetricDataQueries,
          StartTime: new Date(startMs),
          EndTime: new Date(endMs),
          ScanBy: "TimestampAscending",
        }).then(({ MetricDataResults }) => MetricDataResults);
  const series = found.map(({ Id, Label, Timestamps, Values }) => {
    const rendering = drawn.find(({ query }) => query.Id === Id)?.rendering;
    const points = Timestamps.map((at, index) => [at.getTime(), Values[index] ?? 0] as const);
    return { label: rendering?.label ?? Label, color: rendering?.color, points };
  });
  return {
    kind: "graph",
    title,
    stacked,
    min: yAxis?.left?.min,
    max: yAxis?.left?.max,
    periodMs: period * 1000,
    series,
    lines: (annotations?.horizontal ?? [])
      .flat()
      .map(({ label = "", value, color }) => ({ label, value, color })),
  };
}

/** What the operations of the local cloud answer, in the shape of the SDK's types. */
interface MetricDataResult {
  readonly Id: string;
  readonly Label: string;
  readonly Timestamps: readonly Date[];
  readonly Values: readonly number[];
}

function queryOf(
  metric: readonly (string | Rendering)[],
  index: number,
  { period = DEFAULT_PERIOD_SECONDS, stat = "Average" }: MetricWidget["properties"],
) {
  const last = metric.at(-1);
  const rendering: Rendering = typeof last === "object" ? last : {};
  const [namespace = "", name = "", ...pairs] = metric.filter((part) => typeof part === "string");
  const Id = rendering.id ?? `metric_${index}`;
  const base = { Id, ReturnData: rendering.visible !== false };
  if (rendering.expression !== undefined)
    return { rendering, query: { ...base, Expression: rendering.expression } };
  if ([namespace, name, ...pairs].some((part) => part === "." || part === "..."))
    throw new AwsError("NotSimulated", "the local cloud does not draw metrics in the short form", 501);
  const Dimensions = pairs.flatMap((value, at) =>
    at % 2 === 1 ? [{ Name: pairs[at - 1], Value: value }] : [],
  );
  const Metric = { Namespace: namespace, MetricName: name, Dimensions };
  const MetricStat = { Metric, Period: rendering.period ?? period, Stat: rendering.stat ?? stat };
  return { rendering, query: { ...base, MetricStat } };
}

async function alarmsOf(title: string, arns: readonly string[], operations: Operations): Promise<AlarmList> {
  const names = arns.map((arn) => arn.split(":alarm:")[1] ?? arn);
  const { MetricAlarms, CompositeAlarms } = await ask<{
    MetricAlarms: readonly Found[];
    CompositeAlarms: readonly Found[];
  }>(operations, "DescribeAlarms", { AlarmNames: names, AlarmTypes: ["MetricAlarm", "CompositeAlarm"] });
  const found = [...CompositeAlarms, ...MetricAlarms];
  const alarms = names.map((name) => ({
    name,
    state: found.find(({ AlarmName }) => AlarmName === name)?.StateValue ?? "does not exist",
  }));
  return { kind: "alarms", title, alarms };
}

interface Found {
  readonly AlarmName: string;
  readonly StateValue: string;
}

/** `T`: what this operation answers, by the SDK's types. */
async function ask<T>(operations: Operations, name: string, input: Record<string, unknown>): Promise<T> {
  const operation = operations[name];
  if (operation === undefined) throw new Error(`CloudWatch has no operation ${name}`);
  return (await operation(input)) as T;
}
