import { describe, expect, it } from "vitest";

import { createCloudWatch } from "../../alarms/cloudwatch.ts";
import { createMetricStore } from "../../metrics/store.ts";
import { ManualClock } from "../support/manual-clock.ts";

const MINUTE_MS = 60_000;

function setUp() {
  const clock = new ManualClock();
  const store = createMetricStore({ clock });
  const { operations } = createCloudWatch({ clock, region: "us-east-1", store });
  return { clock, store, call: (name: string, input: Record<string, unknown>) => operations[name]?.(input) };
}
const put = (datum: object, Namespace = "App") => ({
  Namespace,
  MetricData: [{ MetricName: "M", ...datum }],
});

describe("PutMetricData refuses", () => {
  it.each<[what: string, input: Record<string, unknown>, code: string]>([
    ["the namespace of an AWS service", put({ Value: 1 }, "AWS/ELB"), "InvalidParameterValueException"],
    ["a namespace that starts with a colon", put({ Value: 1 }, ":x"), "ValidationException"],
    [
      "data from the far future",
      put({ Value: 1, Timestamp: new Date("2027-01-01") }),
      "InvalidParameterValueException",
    ],
    [
      "data of last month",
      put({ Value: 1, Timestamp: new Date("2025-12-01") }),
      "InvalidParameterValueException",
    ],
    [
      "data that it would forget at once",
      put({ Value: 1, Timestamp: new Date("2025-12-30") }),
      "NotSimulated",
    ],
    ["a value over 2^360", put({ Value: 2 ** 361 }), "InvalidParameterValueException"],
    ["infinity", put({ Value: "Infinity" }), "InvalidParameterValueException"],
    ["not a number", put({ Value: "NaN" }), "InvalidParameterValueException"],
    ["values without as many counts", put({ Values: [1, 2], Counts: [1] }), "InvalidParameterValueException"],
    ["a count of zero", put({ Values: [1], Counts: [0] }), "InvalidParameterValueException"],
    ["a value and values", put({ Value: 1, Values: [1] }), "InvalidParameterCombinationException"],
    ["no value", put({}), "MissingRequiredParameterException"],
    ["no data", { Namespace: "App" }, "MissingRequiredParameterException"],
    ["151 values", put({ Values: Array.from({ length: 151 }, () => 1) }), "ValidationException"],
    [
      "1,001 metrics",
      { Namespace: "A", MetricData: Array.from({ length: 1001 }, () => ({ MetricName: "M", Value: 1 })) },
      "ValidationException",
    ],
    [
      "31 dimensions",
      put({ Value: 1, Dimensions: Array.from({ length: 31 }, (_, i) => ({ Name: `D${i}`, Value: "1" })) }),
      "ValidationException",
    ],
    ["a unit that does not exist", put({ Value: 1, Unit: "Parsec" }), "ValidationException"],
    ["one-second resolution", put({ Value: 1, StorageResolution: 1 }), "NotSimulated"],
    [
      "a contradictory statistic set",
      put({ StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 2, Maximum: 1 } }),
      "InvalidParameterValueException",
    ],
    ["entities", { Namespace: "App", MetricData: [], EntityMetricData: [] }, "NotSimulated"],
  ])("%s", (_, input, code) => {
    const { call } = setUp();
    expect(() => call("PutMetricData", input)).toThrow(expect.objectContaining({ code }));
  });
});

describe("GetMetricData", () => {
  const query = (change: object = {}) => ({
    Id: "m1",
    MetricStat: { Metric: { Namespace: "App", MetricName: "M" }, Period: 60, Stat: "Sum", ...change },
  });
  const range = (clock: ManualClock) => ({
    StartTime: new Date(clock.now() - 5 * MINUTE_MS),
    EndTime: new Date(clock.now()),
  });

  it("takes epoch seconds and rounds the start down to a minute", () => {
    const { clock, call } = setUp();
    const startMs = clock.now();
    call("PutMetricData", put({ Value: 3 }));
    clock.advance(2 * MINUTE_MS);
    const input = {
      StartTime: startMs / 1000 + 59,
      EndTime: clock.now() / 1000,
      MetricDataQueries: [query()],
    };
    expect(call("GetMetricData", input)).toMatchObject({
      MetricDataResults: [{ Timestamps: [new Date(startMs)], Values: [3] }],
    });
  });

  it("gives FILL the newest minutes, which have no data yet, but not the future", () => {
    const { clock, call } = setUp();
    const startMs = clock.now();
    call("PutMetricData", put({ Value: 3 }));
    clock.advance(1.5 * MINUTE_MS);
    const fill = { Id: "e", Expression: "FILL(m1, 0)" };
    const EndTime = new Date(startMs + 10 * MINUTE_MS);
    const input = {
      StartTime: new Date(startMs),
      EndTime,
      MetricDataQueries: [{ ...query(), ReturnData: false }, fill],
    };
    expect(call("GetMetricData", input)).toMatchObject({ MetricDataResults: [{ Id: "e", Values: [0, 3] }] });
  });

  it.each<[what: string, queries: object[], message: string]>([
    ["an unknown statistic", [query({ Stat: "Median" })], "Median"],
    ["a period of 90 seconds", [query({ Period: 90 })], "multiple of 60"],
    [
      "an expression over metrics of different periods",
      [query(), { ...query({ Period: 120 }), Id: "m2" }, { Id: "e", Expression: "m1+m2" }],
      "different periods",
    ],
    ["a search", [{ Id: "e", Expression: "SEARCH(m1)" }], "SEARCH"],
    [
      "metrics of another account",
      [{ ...query(), AccountId: "1" }],
      "MetricDataQueries.member.1.AccountId of GetMetricData",
    ],
  ])("refuses %s", (_, MetricDataQueries, message) => {
    const { clock, call } = setUp();
    expect(() => call("GetMetricData", { ...range(clock), MetricDataQueries })).toThrow(message);
  });

  it("refuses a range that ends before it starts", () => {
    const { clock, call } = setUp();
    const { StartTime, EndTime } = range(clock);
    const input = { StartTime: EndTime, EndTime: StartTime, MetricDataQueries: [query()] };
    expect(() => call("GetMetricData", input)).toThrow("StartTime must be less than");
  });
});

it("GetMetricStatistics refuses more than 1,440 points, both kinds of statistic, and none", () => {
  const { call } = setUp();
  const ask = { Namespace: "App", MetricName: "M", StartTime: 0, EndTime: 86_460, Period: 60 };
  const refused = (change: object, message: string) =>
    expect(() => call("GetMetricStatistics", { ...ask, ...change })).toThrow(message);
  refused({ Statistics: ["Sum"] }, "up to 1441 datapoints");
  refused({ Statistics: ["Sum"], ExtendedStatistics: ["p50"] }, "cannot be requested together");
  refused({}, "must be requested");
});
