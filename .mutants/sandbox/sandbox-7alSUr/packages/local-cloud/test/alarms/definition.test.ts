import { expect, it } from "vitest";

import { createCloudWatch } from "../../alarms/cloudwatch.ts";
import { createMetricStore } from "../../metrics/store.ts";
import { ManualClock } from "../support/manual-clock.ts";

function setUp() {
  const clock = new ManualClock();
  const { operations } = createCloudWatch({
    clock,
    region: "us-east-1",
    store: createMetricStore({ clock }),
  });
  return (operation: string, input: Record<string, unknown>) => operations[operation]?.(input);
}

const alarm = {
  AlarmName: "errors",
  Namespace: "App",
  MetricName: "Errors",
  Dimensions: [{ Name: "Slot", Value: "green" }],
  Statistic: "Sum",
  Period: 60,
  EvaluationPeriods: 3,
  Threshold: 5,
  ComparisonOperator: "GreaterThanThreshold",
};
const stat = (Id: string, Period: number, ReturnData: boolean) => ({
  Id,
  ReturnData,
  MetricStat: { Metric: { Namespace: "App", MetricName: "M" }, Period, Stat: "Sum" },
});
const math = (...Metrics: object[]) => ({
  Metrics,
  MetricName: undefined,
  Namespace: undefined,
  Dimensions: undefined,
  Statistic: undefined,
  Period: undefined,
});
const dimension = { Name: "D", Value: "1" };

it.each<[what: string, change: object, code: string, message: string]>([
  ["a period of 7", { Period: 7 }, "ValidationException", "multiple of 60"],
  [
    "an unknown treatment",
    { TreatMissingData: "nope" },
    "ValidationException",
    "[breaching, notBreaching, ignore, missing]",
  ],
  [
    "an unknown low-sample treatment",
    { EvaluateLowSampleCountPercentile: "no" },
    "ValidationException",
    "[evaluate, ignore]",
  ],
  [
    "two kinds of statistic",
    { ExtendedStatistic: "p99" },
    "InvalidParameterCombinationException",
    "Exactly one of",
  ],
  ["no statistic", { Statistic: undefined }, "InvalidParameterCombinationException", "Exactly one of"],
  ["p101", { Statistic: undefined, ExtendedStatistic: "p101" }, "InvalidParameterValueException", "p101"],
  ["a percentile as Statistic", { Statistic: "p99" }, "InvalidParameterValueException", "p99"],
  ["M greater than N", { DatapointsToAlarm: 4 }, "ValidationException", "DatapointsToAlarm"],
  ["a window over a day", { Period: 300, EvaluationPeriods: 289 }, "ValidationException", "86400"],
  ["a window over a week", { Period: 3600, EvaluationPeriods: 169 }, "ValidationException", "604800"],
  ["an unknown operator", { ComparisonOperator: "Above" }, "ValidationException", "enum value set"],
  ["an infinite threshold", { Threshold: "Infinity" }, "InvalidParameterValueException", "finite"],
  [
    "no evaluation periods",
    { EvaluationPeriods: undefined },
    "ValidationException",
    "'EvaluationPeriods' failed to satisfy constraint: Member must not be null",
  ],
  [
    "a name of 256 characters",
    { AlarmName: "x".repeat(256) },
    "ValidationException",
    "less than or equal to 255",
  ],
  [
    "an action that is no ARN",
    { AlarmActions: ["pager"] },
    "ValidationException",
    "Invalid arn syntax: pager",
  ],
  [
    "six actions",
    { AlarmActions: Array.from({ length: 6 }, () => "arn:aws:sns:a:b:c") },
    "ValidationException",
    "less than or equal to 5",
  ],
  [
    "a dimension twice",
    { Dimensions: [dimension, dimension] },
    "InvalidParameterValueException",
    "different names",
  ],
  [
    "a metric and a list of metrics",
    { Metrics: [stat("m", 60, true)] },
    "ValidationException",
    "must not be specified",
  ],
  ["no metric at all", { MetricName: undefined }, "ValidationException", "MetricName, Namespace and Period"],
  [
    "two returned series",
    math(stat("m", 60, true), stat("n", 60, true)),
    "ValidationException",
    "Exactly one element",
  ],
  ["two periods", math(stat("m", 60, true), stat("n", 120, false)), "ValidationException", "same Period"],
  [
    "an expression over an unknown id",
    math({ Id: "e", Expression: "nowhere * 2" }),
    "ValidationException",
    "no query with the id nowhere",
  ],
  [
    "an expression over itself",
    math({ Id: "e", Expression: "e + 1" }),
    "ValidationException",
    "refers to itself",
  ],
  [
    "an expression and a metric in one",
    math({ ...stat("m", 60, true), Expression: "m" }),
    "ValidationException",
    "exactly one of",
  ],
  ["an id twice", math(stat("m", 60, true), stat("m", 60, false)), "ValidationException", "unique"],
  ["an id in upper case", math(stat("M", 60, true)), "ValidationException", "lower-case letter"],
  [
    "a function that is not simulated",
    math(stat("m", 60, false), { Id: "e", Expression: "RATE(m)" }),
    "ValidationException",
    "RATE",
  ],
  ["a high-resolution period", { Period: 10 }, "NotSimulated", "10 seconds"],
  [
    "anomaly detection",
    { ComparisonOperator: "GreaterThanUpperThreshold" },
    "NotSimulated",
    "anomaly detection",
  ],
  ["an interquartile mean", { Statistic: undefined, ExtendedStatistic: "IQM" }, "NotSimulated", "IQM"],
  [
    "a Metrics Insights query",
    math({ Id: "q", Expression: "SELECT AVG(M) FROM App" }),
    "NotSimulated",
    "Metrics Insights",
  ],
  ["a PromQL alarm", { EvaluationInterval: 60 }, "NotSimulated", "EvaluationInterval of PutMetricAlarm"],
  ["a window of two days", { Period: 3600, EvaluationPeriods: 48 }, "NotSimulated", "more than a day"],
])("PutMetricAlarm refuses %s", (_, change, code, message) => {
  const call = setUp();
  expect(() => call("PutMetricAlarm", { ...alarm, ...change })).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
  expect(call("DescribeAlarms", {})).toMatchObject({ MetricAlarms: [] });
});

it("names all problems of an input at once", () => {
  const input = { ...alarm, AlarmName: "", EvaluationPeriods: 1.5 };
  expect(() => setUp()("PutMetricAlarm", input)).toThrow(
    "2 validation errors detected: Value '' at 'AlarmName' failed to satisfy constraint: Member must have length greater than or equal to 1; Value '1.5' at 'EvaluationPeriods'",
  );
});

it.each([
  ["ALARM(", "AlarmRule is not valid"],
  ["ALARM(zzz)", "Could not save the composite alarm as alarms [zzz] in the alarm rule do not exist"],
])("PutCompositeAlarm refuses the rule %s", (AlarmRule, message) => {
  expect(() => setUp()("PutCompositeAlarm", { AlarmName: "page", AlarmRule })).toThrow(
    expect.objectContaining({ code: "ValidationException", message: expect.stringContaining(message) }),
  );
});

it("refuses to suppress actions, by name", () => {
  const input = { AlarmName: "page", AlarmRule: "TRUE", ActionsSuppressor: "x" };
  expect(() => setUp()("PutCompositeAlarm", input)).toThrow("ActionsSuppressor of PutCompositeAlarm");
});

it("keeps one name for one kind of alarm", () => {
  const call = setUp();
  call("PutMetricAlarm", alarm);
  call("PutCompositeAlarm", { AlarmName: "page", AlarmRule: "ALARM(errors)" });
  expect(() => call("PutMetricAlarm", { ...alarm, AlarmName: "page" })).toThrow("A composite alarm");
  expect(() => call("PutCompositeAlarm", { AlarmName: "errors", AlarmRule: "TRUE" })).toThrow(
    "A metric alarm",
  );
});

it.each([
  [
    "AlarmNames with AlarmNamePrefix",
    { AlarmNames: ["a"], AlarmNamePrefix: "a" },
    "cannot be specified together",
  ],
  ["log alarms", { AlarmTypes: ["LogAlarm"] }, "log alarms"],
  ["children of an alarm", { ChildrenOfAlarmName: "a" }, "ChildrenOfAlarmName of DescribeAlarms"],
  ["101 records a page", { MaxRecords: 101 }, "less than or equal to 100"],
])("DescribeAlarms refuses %s", (_, input, message) => {
  expect(() => setUp()("DescribeAlarms", input)).toThrow(message);
});

it("SetAlarmState refuses reason data that are not JSON", () => {
  const call = setUp();
  call("PutMetricAlarm", alarm);
  const input = { AlarmName: "errors", StateValue: "OK", StateReason: "x", StateReasonData: "{" };
  expect(() => call("SetAlarmState", input)).toThrow(expect.objectContaining({ code: "InvalidFormatFault" }));
});
