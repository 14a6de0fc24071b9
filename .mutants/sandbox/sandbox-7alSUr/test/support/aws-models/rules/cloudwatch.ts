import {
  all,
  at,
  atMost,
  jsonText,
  matches,
  required,
  texts,
  type Report,
  type InputRule,
  type Rules,
} from "./read.ts";

// CloudWatch API, MetricDataQuery: "The valid characters are letters, numbers, and underscore. The first character must
// be a lowercase letter."
const ID = /^[a-z][A-Za-z0-9_]{0,254}$/;
// CloudWatch user guide, "CloudWatch statistics definitions": percentiles and bounds with up to ten decimals.
const PERCENT = String.raw`\d{1,2}(\.\d{1,10})?|100`;
const BOUND = String.raw`(\d+(\.\d{1,10})?%?)?`;
const STATISTIC = new RegExp(
  `^(SampleCount|Sum|Average|Minimum|Maximum|IQM|(p|tm|tc|ts|wm)(${PERCENT})|(PR|TC|TM|TS|WM)\\(${BOUND}:${BOUND}\\))$`,
);

const isPeriod = (seconds: number) =>
  [1, 5, 10, 20, 30].includes(seconds) || (seconds >= 60 && seconds % 60 === 0);

function queries(given: readonly unknown[], member: string, report: Report): void {
  const ids = given.map((query) => String(at(query, "Id")));
  if (new Set(ids).size < ids.length) report(member, ids, "each id once");
  for (const [index, query] of given.entries()) {
    const path = `${member}[${index}]`;
    if (!ID.test(ids[index] ?? ""))
      report(`${path}.Id`, ids[index], "a small letter, then letters, digits and _");
    const [expression, metric] = [at(query, "Expression"), at(query, "MetricStat")];
    if ((expression === undefined) === (metric === undefined))
      report(path, query, "an Expression or a MetricStat");
    const periods = [at(query, "Period"), at(metric, "Period")].filter((period) => period !== undefined);
    for (const period of periods) {
      if (!isPeriod(Number(period))) report(`${path} Period`, period, "1, 5, 10, 20, 30 or a multiple of 60");
    }
    if (metric !== undefined) metricStat(metric, path, report);
    if (expression !== undefined) names(String(expression), ids, `${path}.Expression`, report);
  }
}

function metricStat(metric: unknown, path: string, report: Report): void {
  const stat = String(at(metric, "Stat"));
  if (!STATISTIC.test(stat)) report(`${path}.MetricStat.Stat`, stat, "a statistic");
  for (const member of ["Namespace", "MetricName"]) {
    if (at(metric, "Metric", member) === undefined)
      report(`${path}.MetricStat.Metric.${member}`, undefined, "a value");
  }
  dimensions(all(metric, "Metric", "Dimensions"), `${path}.MetricStat.Metric.Dimensions`, report);
}

/** Dimension: ASCII without control characters, not only spaces; a name does not begin with a colon. */
function dimensions(given: readonly unknown[], path: string, report: Report): void {
  for (const dimension of given) {
    const [name, value] = [String(at(dimension, "Name")), String(at(dimension, "Value"))];
    const isText = (text: string) => /^[\x20-\x7e]*$/.test(text) && text.trim() !== "";
    if (!isText(name) || name.startsWith(":")) report(path, name, "ASCII, not beginning with :");
    if (!isText(value)) report(path, value, "ASCII");
  }
}

/** Every name of a metric-math expression is a function's (in capitals) or the id of another query. */
function names(expression: string, ids: readonly string[], path: string, report: Report): void {
  const used = expression.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? [];
  const unknown = used.filter((name) => /^[a-z]/.test(name) && !ids.includes(name));
  if (unknown.length > 0) report(path, unknown, `ids of the call: ${ids.join(", ")}`);
}

/** PutMetricAlarm: the members that its model says nothing of, and MetricDataQuery's bounds for an alarm. */
const alarm: InputRule = (input, report) => {
  const [periods, points] = [Number(at(input, "EvaluationPeriods")), at(input, "DatapointsToAlarm")];
  if (Number(points) > periods) report("DatapointsToAlarm", points, `at most EvaluationPeriods, ${periods}`);
  const missing = String(at(input, "TreatMissingData") ?? "missing");
  if (!["breaching", "notBreaching", "ignore", "missing"].includes(missing)) {
    report("TreatMissingData", missing, "breaching, notBreaching, ignore, missing");
  }
  const isPlain = at(input, "MetricName") !== undefined;
  if (isPlain === all(input, "Metrics").length > 0)
    report("Metrics", at(input, "Metrics"), "it, or a MetricName");
  const seconds = isPlain ? [Number(at(input, "Period"))] : onQueries(all(input, "Metrics"), report);
  if (new Set(seconds).size > 1) report("Metrics", seconds, "one period for all of an alarm");
  // PutMetricAlarm, Period: with periods below an hour at most a day in all.
  const window = Math.max(...seconds) * periods;
  if (window > 86_400) report("EvaluationPeriods", window, "at most 86400 seconds in all");
  if (seconds.some((period) => ![10, 20, 30].includes(period) && period % 60 !== 0)) {
    report("Metrics", seconds, "periods of 10, 20, 30 or a multiple of 60 seconds");
  }
};

/** What is watched by an expression or a query; gives the periods. */
function onQueries(given: readonly unknown[], report: Report): readonly number[] {
  queries(given, "Metrics", report);
  const metrics = given.filter((query) => at(query, "MetricStat") !== undefined);
  const isTooMany = metrics.length > 10 || given.length - metrics.length > 10;
  if (isTooMany) report("Metrics", given.length, "at most 10 metrics and 10 expressions");
  const watched = given.filter((query) => at(query, "ReturnData") === true);
  const isSaid = given.every((query) => typeof at(query, "ReturnData") === "boolean");
  if (watched.length !== 1 || !isSaid)
    report("Metrics", given, "ReturnData of exactly one, and said of each");
  return metrics.map((query) => Number(at(query, "MetricStat", "Period")));
}

// PutMetricAlarm: "The name must contain only UTF-8 characters, and can't contain ASCII control characters".
const alarmName = matches("AlarmName", /^\P{Cc}+$/u, "no control characters");

/** PutCompositeAlarm: which alarms a rule names, at most 100 (CloudWatch quotas, composite alarms). */
const compositeRule: InputRule = (input, report) => {
  const rule = String(at(input, "AlarmRule"));
  const parts = rule.split(" OR ");
  if (!parts.every((part) => /^ALARM\("[^"]{1,255}"\)$/.test(part)))
    report("AlarmRule", rule, 'ALARM("name") OR …');
  if (parts.length > 100) report("AlarmRule", parts.length, "at most 100 alarms");
};

const momentOf = (time: unknown) => (typeof time === "string" ? Date.parse(time) : Number(time));

const metricData: InputRule = (input, report) => {
  const given = all(input, "MetricDataQueries");
  queries(given, "MetricDataQueries", report);
  const [from, to] = [at(input, "StartTime"), at(input, "EndTime")].map(momentOf);
  if (!(Number(from) < Number(to))) report("EndTime", to, "after StartTime");
};

/** DescribeAlarms: AlarmNamePrefix, "you cannot specify AlarmNames". */
const describeAlarms: InputRule = (input, report) => {
  const isBoth = at(input, "AlarmNames") !== undefined && at(input, "AlarmNamePrefix") !== undefined;
  if (isBoth) report("AlarmNamePrefix", at(input, "AlarmNamePrefix"), "names or a prefix");
};

const published: InputRule = (input, report) => {
  if (String(at(input, "Namespace")).startsWith("AWS/"))
    report("Namespace", at(input, "Namespace"), "not AWS/…");
  for (const [index, datum] of all(input, "MetricData").entries()) {
    const path = `MetricData[${index}]`;
    const given = ["Value", "Values", "StatisticValues"].filter((member) => at(datum, member) !== undefined);
    if (given.length !== 1) report(path, datum, "a Value, Values or StatisticValues");
    if (all(datum, "Values").length > 150)
      report(`${path}.Values`, all(datum, "Values").length, "at most 150");
    dimensions(all(datum, "Dimensions"), `${path}.Dimensions`, report);
  }
};

/** CloudWatch quotas, dashboards: 500 metrics in a widget, 2,500 in a dashboard, 500 widgets. */
const dashboard: InputRule = (input, report) => {
  const body: unknown = JSON.parse(String(at(input, "DashboardBody")));
  const widgets = all(body, "widgets");
  if (widgets.length > 500) report("DashboardBody", widgets.length, "at most 500 widgets");
  const counts = widgets.map((widget) => all(widget, "properties", "metrics").length);
  if (counts.some((count) => count > 500)) report("DashboardBody", counts, "at most 500 metrics in a widget");
  for (const [index, widget] of widgets.entries()) {
    const [x, width] = [Number(at(widget, "x")), Number(at(widget, "width"))];
    // Dashboard body structure: a grid 24 wide, a widget 1 to 24 wide and 1 to 1000 high.
    if (!(x >= 0 && width >= 1 && x + width <= 24))
      report(`DashboardBody widget ${index}`, [x, width], "within 24");
    const alarms = texts(widget, "properties", "alarms");
    if (alarms.length > 100) report(`DashboardBody widget ${index}`, alarms.length, "at most 100 alarms");
  }
};

export const CLOUDWATCH_RULES: Rules = {
  "cloudwatch:PutMetricAlarm": [
    required("EvaluationPeriods", "ComparisonOperator", "Threshold"),
    alarmName,
    alarm,
  ],
  "cloudwatch:PutCompositeAlarm": [alarmName, compositeRule],
  "cloudwatch:GetMetricData": [atMost("MetricDataQueries", 500), metricData],
  "cloudwatch:DescribeAlarms": [describeAlarms],
  "cloudwatch:PutMetricData": [atMost("MetricData", 1000), published],
  "cloudwatch:PutDashboard": [
    matches("DashboardName", /^[A-Za-z0-9_-]{1,255}$/, "1 to 255 letters, digits, - and _"),
    jsonText("DashboardBody", 1024 * 1024),
    dashboard,
  ],
};
