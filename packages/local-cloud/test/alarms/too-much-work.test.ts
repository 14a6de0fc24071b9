import { expect, it } from "vitest";
import { errors, setUp } from "./fixture.ts";

/** Two sums of 650 ids each: nothing over one period, and more than may be computed over a day of minutes. */
const sum = `SUM([${Array.from({ length: 650 }, () => "m1").join(",")}])`;
const heavy = {
  AlarmName: "a heavy one",
  EvaluationPeriods: 1440,
  Threshold: 5,
  ComparisonOperator: "GreaterThanThreshold",
  Metrics: [
    {
      Id: "m1",
      ReturnData: false,
      MetricStat: { Metric: { Namespace: "App", MetricName: "Errors" }, Period: 60, Stat: "Sum" },
    },
    { Id: "e1", ReturnData: false, Expression: sum },
    { Id: "e2", Expression: `e1 + ${sum}` },
  ],
};

it("an alarm that would compute for a long time at each evaluation is refused when it is put", () => {
  const { call } = setUp();
  expect(() => call("PutMetricAlarm", heavy)).toThrow(
    expect.objectContaining({
      code: "NotSimulated",
      message: expect.stringContaining("metric math of more than 2000000 steps"),
    }),
  );
  call("PutMetricAlarm", { ...heavy, EvaluationPeriods: 60 });
  expect(call("DescribeAlarms")).toMatchObject({ MetricAlarms: [{ EvaluationPeriods: 60 }] });
});

it("an alarm that cannot be evaluated keeps its state, is told once, and stops no other one", () => {
  const { call, cloudWatch, state, minute, told } = setUp();
  call("PutMetricAlarm", { ...heavy, EvaluationPeriods: 2, DatapointsToAlarm: 1 });
  call("PutMetricAlarm", { ...errors, EvaluationPeriods: 1, DatapointsToAlarm: 1 });
  minute(9);
  expect([state("a heavy one"), state("errors")]).toEqual(["ALARM", "ALARM"]);
  // As a local cloud kept it that has still taken such an alarm.
  const kept = JSON.stringify(cloudWatch.snapshot());
  cloudWatch.restore(JSON.parse(kept.replace('"EvaluationPeriods":2', '"EvaluationPeriods":1440')));
  minute(0);
  minute(0);
  expect([state("a heavy one"), state("errors")]).toEqual(["ALARM", "OK"]);
  expect(told).toEqual([
    expect.stringMatching(
      /^the alarm "a heavy one" cannot be evaluated and keeps its state: .*2000000 steps/,
    ),
  ]);
});
