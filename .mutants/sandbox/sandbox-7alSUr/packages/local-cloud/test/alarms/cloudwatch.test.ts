import { describe, expect, it } from "vitest";

import { errors, MINUTE_MS, setUp, TOPIC } from "./fixture.ts";

describe("a metric alarm", () => {
  it("starts without data, changes by itself, says why, and calls its actions once for each change", () => {
    const { call, describeAlarm, state, minute, actions } = setUp();
    call("PutMetricAlarm", { ...errors, AlarmActions: [TOPIC], OKActions: [TOPIC] });
    expect(state("errors")).toBe("INSUFFICIENT_DATA");
    expect(describeAlarm("errors").StateReason).toBe("Unchecked: Initial alarm creation");
    minute(0);
    expect(state("errors")).toBe("OK");
    minute(9);
    expect(state("errors")).toBe("OK");
    minute(7);
    expect(describeAlarm("errors")).toMatchObject({
      StateValue: "ALARM",
      StateReason:
        "Threshold Crossed: 2 out of the last 3 datapoints [7.0 (01/01/26 00:02:00), 9.0 (01/01/26 00:01:00)] were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).",
    });
    minute(8);
    minute(0);
    minute(0);
    expect(state("errors")).toBe("OK");
    expect(actions).toEqual([`errors OK ${TOPIC}`, `errors ALARM ${TOPIC}`, `errors OK ${TOPIC}`]);
  });

  it("is evaluated seconds after each minute, on what CloudWatch has by then", () => {
    const { call, state, minute, clock } = setUp(90_000);
    call("PutMetricAlarm", { ...errors, EvaluationPeriods: 1, DatapointsToAlarm: 1 });
    minute(9);
    minute();
    expect(state("errors")).toBe("OK");
    clock.advance(52_000);
    expect(state("errors")).toBe("OK");
    clock.advance(2_000);
    expect(state("errors")).toBe("ALARM");
  });

  it("takes minutes that CloudWatch does not have yet for missing, which FILL makes good for ever", () => {
    const { call, state, minute } = setUp(180_000);
    const { Namespace, MetricName, Statistic, Period, ...rest } = errors;
    const MetricStat = { Metric: { Namespace, MetricName }, Stat: Statistic, Period };
    const alarm = (AlarmName: string, Expression: string) =>
      call("PutMetricAlarm", {
        ...rest,
        AlarmName,
        TreatMissingData: "missing",
        Metrics: [
          { Id: "m", MetricStat, ReturnData: false },
          { Id: "e", Expression, ReturnData: true },
        ],
      });
    alarm("filled", "FILL(m, 0)");
    alarm("as it is", "m * 1");
    for (let passed = 0; passed < 20; passed++) minute(9);
    expect([state("filled"), state("as it is")]).toEqual(["OK", "ALARM"]);
  });

  it("warms up once: it keeps its state and says so, until there is enough data or the time is over", () => {
    const { call, describeAlarm, state, minute } = setUp();
    const put = (AlarmName: string, whole: boolean) =>
      call("PutMetricAlarm", {
        ...errors,
        AlarmName,
        TreatMissingData: "breaching",
        WarmUpConfiguration: {
          WarmUpPeriodDurationInMinutes: 6,
          OnlyStartEvaluatingAfterWarmUpPeriodEnds: whole,
        },
      });
    put("early", false);
    put("whole", true);
    const both = () => ["early", "whole"].map(state);
    for (let passed = 0; passed < 2; passed++) minute();
    minute(9);
    expect(both()).toEqual(["INSUFFICIENT_DATA", "INSUFFICIENT_DATA"]);
    expect(describeAlarm("early")).toMatchObject({ EvaluationState: "IN_WARM_UP" });
    minute(9);
    minute(9);
    expect(both()).toEqual(["ALARM", "INSUFFICIENT_DATA"]);
    expect(describeAlarm("early")).not.toHaveProperty("EvaluationState");
    for (let passed = 0; passed < 2; passed++) minute(9);
    expect(both()).toEqual(["ALARM", "ALARM"]);
    put("whole", true);
    for (let passed = 0; passed < 5; passed++) minute(0);
    expect(both()).toEqual(["OK", "OK"]);
  });

  it("keeps its state when it is put again, and its reason and times while the state stays", () => {
    const { call, describeAlarm, minute } = setUp();
    call("PutMetricAlarm", errors);
    minute(9);
    minute(9);
    const before = describeAlarm("errors");
    call("PutMetricAlarm", { ...errors, Threshold: 1000 });
    expect(describeAlarm("errors")).toMatchObject({ StateValue: "ALARM", StateReason: before.StateReason });
    call("PutMetricAlarm", errors);
    minute(9);
    expect(describeAlarm("errors")).toMatchObject({
      StateReason: before.StateReason,
      StateUpdatedTimestamp: before.StateUpdatedTimestamp,
    });
  });

  it("looks at data from before its creation", () => {
    const { call, state, minute, cloudWatch } = setUp();
    minute(9);
    minute(9);
    call("PutMetricAlarm", errors);
    cloudWatch.evaluateNow();
    expect(state("errors")).toBe("ALARM");
  });

  it("has a state that was set until the next evaluation", () => {
    const { call, describeAlarm, state, minute, actions } = setUp();
    call("PutMetricAlarm", { ...errors, AlarmActions: [TOPIC] });
    minute(0);
    call("SetAlarmState", { AlarmName: "errors", StateValue: "ALARM", StateReason: "a drill" });
    expect(describeAlarm("errors")).toMatchObject({ StateValue: "ALARM", StateReason: "a drill" });
    expect(actions).toEqual([`errors ALARM ${TOPIC}`]);
    minute(0);
    expect(state("errors")).toBe("OK");
  });

  it("takes M = N when DatapointsToAlarm is not given", () => {
    const { call, state, minute } = setUp();
    const { DatapointsToAlarm: _, ...all } = errors;
    call("PutMetricAlarm", all);
    minute(9);
    minute(9);
    expect(state("errors")).toBe("OK");
    minute(9);
    expect(state("errors")).toBe("ALARM");
  });

  it("keeps its state while a percentile has too few samples, if it was told to", () => {
    const { call, state, store, clock } = setUp();
    const { Statistic: _, ...percentile } = {
      ...errors,
      ExtendedStatistic: "p90",
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
    };
    call("PutMetricAlarm", {
      ...percentile,
      AlarmName: "ignore",
      EvaluateLowSampleCountPercentile: "ignore",
    });
    call("PutMetricAlarm", { ...percentile, AlarmName: "evaluate" });
    const series = store.series({ namespace: "App", metricName: "Errors", unit: "None", dimensions: {} });
    const samples = (count: number) => {
      series.add(clock.now(), 9, count);
      clock.advance(MINUTE_MS);
    };
    samples(99);
    expect([state("ignore"), state("evaluate")]).toEqual(["INSUFFICIENT_DATA", "ALARM"]);
    samples(100);
    expect([state("ignore"), state("evaluate")]).toEqual(["ALARM", "ALARM"]);
  });

  it("emits no action while its actions are disabled", () => {
    const { call, minute, actions } = setUp();
    call("PutMetricAlarm", { ...errors, AlarmActions: [TOPIC], EvaluationPeriods: 1, DatapointsToAlarm: 1 });
    call("DisableAlarmActions", { AlarmNames: ["errors"] });
    minute(9);
    minute(0);
    call("EnableAlarmActions", { AlarmNames: ["errors"] });
    minute(9);
    expect(actions).toEqual([`errors ALARM ${TOPIC}`]);
  });
});

describe("a metric math alarm", () => {
  const stat = (Id: string, MetricName: string, Stat = "Sum") => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: "App", MetricName }, Period: 60, Stat },
  });
  const rate = {
    AlarmName: "rate",
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    Threshold: 0.05,
    ComparisonOperator: "GreaterThanThreshold",
    TreatMissingData: "notBreaching",
    Metrics: [
      stat("requests", "Requests"),
      stat("ok", "Ok"),
      { Id: "rate", Expression: "IF(FILL(requests,0) >= 20, (requests - FILL(ok,0)) / requests, 0)" },
    ],
  };

  it("alarms on the rate, ignores little traffic, and is OK without any", () => {
    const { call, describeAlarm, state, minute, store, clock } = setUp();
    const series = (metricName: string) =>
      store.series({ namespace: "App", metricName, unit: "Count", dimensions: {} });
    const traffic = (requests: number, ok: number) => {
      series("Requests").add(clock.now(), 1, requests);
      if (ok > 0) series("Ok").add(clock.now(), 1, ok);
      clock.advance(MINUTE_MS);
    };
    call("PutMetricAlarm", rate);
    minute();
    expect(state("rate")).toBe("OK");
    traffic(10, 0);
    traffic(10, 0);
    expect(state("rate")).toBe("OK");
    traffic(100, 80);
    expect(state("rate")).toBe("OK");
    traffic(100, 0);
    expect(describeAlarm("rate").StateReason).toContain("[1.0 (01/01/26 00:04:00), 0.2 (01/01/26 00:03:00)]");
    expect(state("rate")).toBe("ALARM");
  });

  it("counts slow requests with TC", () => {
    const { call, state, store, clock } = setUp();
    call("PutMetricAlarm", {
      ...rate,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      Metrics: [
        stat("slow", "Latency", "TC(0.5:)"),
        stat("samples", "Latency", "SampleCount"),
        { Id: "share", Expression: "IF(FILL(samples,0) >= 20, slow / samples, 0)" },
      ],
    });
    const latency = store.series({
      namespace: "App",
      metricName: "Latency",
      unit: "Seconds",
      dimensions: {},
    });
    latency.add(clock.now(), 0.5, 100);
    clock.advance(MINUTE_MS);
    expect(state("rate")).toBe("OK");
    latency.add(clock.now(), 0.1, 90);
    latency.add(clock.now(), 0.51, 10);
    clock.advance(MINUTE_MS);
    expect(state("rate")).toBe("ALARM");
  });
});

describe("saving", () => {
  it("restores definitions, states, tags and history from JSON", () => {
    const first = setUp();
    let changes = 0;
    first.cloudWatch.onChange(() => changes++);
    first.call("PutMetricAlarm", { ...errors, Tags: [{ Key: "k", Value: "v" }] });
    first.call("PutCompositeAlarm", { AlarmName: "page", AlarmRule: "ALARM(errors)" });
    first.minute(9);
    first.minute(9);
    expect(changes).toBeGreaterThan(2);

    const second = setUp();
    second.cloudWatch.restore(JSON.parse(JSON.stringify(first.cloudWatch.snapshot())));
    const types = { AlarmTypes: ["MetricAlarm", "CompositeAlarm"] };
    for (const [operation, input] of [
      ["DescribeAlarms", types],
      ["DescribeAlarmHistory", types],
      ["ListTagsForResource", { ResourceARN: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors" }],
    ] as const) {
      expect(second.call(operation, input)).toEqual(first.call(operation, input));
    }
    expect([second.state("errors"), second.state("page")]).toEqual(["ALARM", "ALARM"]);
    second.minute(0);
    second.minute(0);
    expect(second.state("page")).toBe("OK");
  });

  it("refuses another format", () => {
    expect(() => setUp().cloudWatch.restore({ version: 2, alarms: [], history: [] })).toThrow("format 2");
  });
});

it("stops evaluating when closed", () => {
  const { call, cloudWatch, state, minute } = setUp();
  call("PutMetricAlarm", errors);
  cloudWatch.close();
  minute(9);
  minute(9);
  expect(state("errors")).toBe("INSUFFICIENT_DATA");
});
