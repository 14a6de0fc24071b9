import * as v from "valibot";

/** What is wrong with a dashboard body and where, as CloudWatch says it (DashboardValidationMessage). */
export interface BodyProblem {
  readonly dataPath: string;
  readonly message: string;
}

/**
 * The body as CloudWatch documents it: API reference, "Dashboard body structure and syntax". Strict where the
 * page gives a closed list of properties. Widgets that this cloud does not draw are taken with any properties.
 */
const whole = (min: number, max: number) =>
  v.pipe(v.number("Should be integer"), v.integer("Should be integer"), v.minValue(min), v.maxValue(max));
const text = v.string("Should be string");
// aws/aws-cdk#20024: AWS refuses a colour by name.
const color = v.pipe(text, v.regex(/^#[0-9a-fA-F]{6}$/, "Should be a six-digit HTML hex color code"));
const side = v.picklist(["left", "right"]);
// Metric periods: 1, 5, 10, 20, 30, or a multiple of 60 seconds.
const period = v.pipe(
  whole(1, 86_400),
  v.check(
    (seconds) => seconds % 60 === 0 || [1, 5, 10, 20, 30].includes(seconds),
    "Should be a valid period",
  ),
);

const rendering = v.strictObject({
  accountId: v.optional(text),
  color: v.optional(color),
  expression: v.optional(text),
  id: v.optional(
    v.pipe(
      text,
      v.regex(/^[a-z][a-zA-Z0-9_]*$/, "Should begin with a lower-case letter and be alphanumeric"),
    ),
  ),
  label: v.optional(text),
  period: v.optional(period),
  region: v.optional(text),
  stat: v.optional(text),
  visible: v.optional(v.boolean("Should be boolean")),
  yAxis: v.optional(side),
});

const METRIC_FORM =
  'Field "metrics" has to be an array of array of strings, with an optional metricRenderer object as last element';
const metric = v.pipe(
  v.array(v.union([text, rendering], METRIC_FORM), "Should be array"),
  v.check((members) => isMetric(members), METRIC_FORM),
);

/** Namespace, name and pairs of dimension and value, then perhaps how it is drawn; or an expression alone. */
function isMetric(members: readonly unknown[]): boolean {
  const last = members.at(-1);
  const names = typeof last === "object" ? members.slice(0, -1) : members;
  if (!names.every((member) => typeof member === "string")) return false;
  const isExpression = typeof last === "object" && last !== null && "expression" in last;
  return isExpression ? names.length === 0 : names.length >= 2 && names.length % 2 === 0;
}

const line = v.strictObject({
  value: v.number("Should be number"),
  label: v.optional(text),
  color: v.optional(color),
  fill: v.optional(v.picklist(["above", "below", "none"])),
  visible: v.optional(v.boolean("Should be boolean")),
  yAxis: v.optional(side),
});
const moment = v.strictObject({
  value: text,
  label: v.optional(text),
  color: v.optional(color),
  fill: v.optional(v.picklist(["before", "after", "none"])),
  visible: v.optional(v.boolean("Should be boolean")),
});
const axis = v.strictObject({
  label: v.optional(text),
  min: v.optional(v.number("Should be number")),
  max: v.optional(v.number("Should be number")),
  showUnits: v.optional(v.boolean("Should be boolean")),
});
const alarmArn = v.pipe(
  text,
  v.regex(/^arn:aws[a-z-]*:cloudwatch:[a-z0-9-]+:\d{12}:alarm:.+$/, "Should be the ARN of an alarm"),
);

const metricProperties = v.pipe(
  v.strictObject({
    accountId: v.optional(text),
    annotations: v.optional(
      v.strictObject({
        alarms: v.optional(v.pipe(v.array(alarmArn), v.length(1, "Should have exactly 1 item"))),
        horizontal: v.optional(v.array(v.union([line, v.array(line)]))),
        vertical: v.optional(v.array(v.union([moment, v.array(moment)]))),
      }),
    ),
    end: v.optional(text),
    labels: v.optional(v.unknown()),
    legend: v.optional(v.strictObject({ position: v.picklist(["right", "bottom", "hidden"]) })),
    liveData: v.optional(v.boolean("Should be boolean")),
    metrics: v.optional(v.pipe(v.array(metric, "Should be array"), v.maxLength(500))),
    period: v.optional(period),
    region: text,
    setPeriodToTimeRange: v.optional(v.boolean("Should be boolean")),
    singleValueFullPrecision: v.optional(v.boolean("Should be boolean")),
    sparkline: v.optional(v.boolean("Should be boolean")),
    stacked: v.optional(v.boolean("Should be boolean")),
    start: v.optional(text),
    stat: v.optional(text),
    table: v.optional(v.unknown()),
    timezone: v.optional(text),
    title: v.optional(text),
    trend: v.optional(v.boolean("Should be boolean")),
    view: v.optional(v.picklist(["timeSeries", "singleValue", "gauge", "bar", "pie", "table"])),
    yAxis: v.optional(v.strictObject({ left: v.optional(axis), right: v.optional(axis) })),
  }),
  v.check(
    ({ metrics, annotations }) => metrics !== undefined || annotations?.alarms !== undefined,
    "Should have required property 'metrics'",
  ),
);

const place = {
  x: v.optional(whole(0, 23)),
  y: v.optional(whole(0, Number.MAX_SAFE_INTEGER)),
  width: v.optional(whole(1, 24)),
  height: v.optional(whole(1, 1000)),
};
const other = (type: "log" | "explorer" | "custom" | "chart") =>
  v.strictObject({ ...place, type: v.literal(type), properties: v.record(v.string(), v.unknown()) });

const widget = v.variant("type", [
  v.strictObject({ ...place, type: v.literal("metric"), properties: metricProperties }),
  v.strictObject({
    ...place,
    type: v.literal("alarm"),
    properties: v.strictObject({
      alarms: v.pipe(v.array(alarmArn), v.minLength(1), v.maxLength(100)),
      sortBy: v.optional(v.picklist(["default", "stateUpdatedTimestamp", "timestamp"])),
      states: v.optional(v.array(v.picklist(["ALARM", "INSUFFICIENT_DATA", "OK"]))),
      title: v.optional(text),
    }),
  }),
  v.strictObject({
    ...place,
    type: v.literal("text"),
    properties: v.strictObject({
      markdown: text,
      background: v.optional(v.picklist(["solid", "transparent"])),
    }),
  }),
  ...(["log", "explorer", "custom", "chart"] as const).map(other),
]);

export type BodyWidget = v.InferOutput<typeof widget>;

const body = v.pipe(
  v.strictObject({
    start: v.optional(text),
    end: v.optional(text),
    periodOverride: v.optional(v.picklist(["auto", "inherit"])),
    variables: v.optional(v.array(v.record(v.string(), v.unknown()))),
    widgets: v.pipe(
      v.array(widget, "Should be array"),
      v.maxLength(500, "Should NOT have more than 500 items"),
    ),
  }),
  // CloudWatch quotas: 2,500 metrics in all widgets of a dashboard together.
  v.check(({ widgets }) => countMetrics(widgets) <= 2500, "Should NOT have more than 2500 metrics"),
  v.check(
    ({ start, end }) => end === undefined || start !== undefined,
    "Should have required property 'start'",
  ),
);

export type Body = v.InferOutput<typeof body>;
export type MetricWidget = Extract<BodyWidget, { type: "metric" }>;
export type Rendering = v.InferOutput<typeof rendering>;

function countMetrics(widgets: readonly BodyWidget[]): number {
  return widgets.reduce(
    (sum, { type, properties }) => sum + (type === "metric" ? (properties.metrics?.length ?? 0) : 0),
    0,
  );
}

/** The body that a text holds, or all that CloudWatch would refuse in it. */
export function readBody(
  json: string,
):
  | { readonly ok: true; readonly body: Body }
  | { readonly ok: false; readonly problems: readonly BodyProblem[] } {
  const parsed = parseJson(json);
  if (parsed === undefined) {
    return {
      ok: false,
      problems: [{ dataPath: "", message: "The field DashboardBody must be a valid JSON object" }],
    };
  }
  const result = v.safeParse(body, parsed.value);
  if (result.success) return { ok: true, body: result.output };
  const problems = result.issues.map((issue) => ({
    dataPath: (issue.path ?? []).map(({ key }) => `/${String(key)}`).join(""),
    message: messageOf(issue),
  }));
  return { ok: false, problems };
}

function parseJson(json: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(json) };
  } catch {
    // Reported by the caller as what it is: not JSON.
    return undefined;
  }
}

// The wording of AWS, for example in pulumi/pulumi#13059.
function messageOf(issue: v.BaseIssue<unknown>): string {
  const key = String(issue.path?.at(-1)?.key ?? "");
  if (issue.type === "strict_object" && issue.expected === "never")
    return `Should NOT have the property '${key}'`;
  return issue.input === undefined && key !== "" ? `Should have required property '${key}'` : issue.message;
}
