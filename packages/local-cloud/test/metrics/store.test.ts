import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { EXACT_VALUES } from "../../metrics/distribution.ts";
import { parseStatistic } from "../../metrics/statistic.ts";
import { createMetricStore, RETENTION_MS, SNAPSHOT_MS } from "../../metrics/store.ts";
import { ManualClock } from "../support/manual-clock.ts";

const MINUTE_MS = 60_000;
const metric = { namespace: "N", metricName: "M", dimensions: {} };

function setUp(publishLagMs = 0) {
  const clock = new ManualClock();
  const startMs = clock.now();
  const store = createMetricStore({ clock, publishLagMs });
  const series = store.series({ ...metric, unit: "None" });
  function read(stat: string, options: { periodMs?: number; from?: object; unit?: string } = {}) {
    const statistic = parseStatistic(stat);
    if (statistic === undefined) throw new Error(`${stat} is no statistic`);
    const range = { periodMs: options.periodMs ?? MINUTE_MS, startMs, endMs: clock.now() + MINUTE_MS };
    return store
      .read({ ...range, metric: { ...metric, ...options.from }, unit: options.unit }, statistic)
      .map((point) => [(point.timestampMs - startMs) / MINUTE_MS, point.value]);
  }
  /** The statistic of these values in one minute. */
  function of(stat: string, values: readonly number[]) {
    for (const value of values) series.add(startMs, value);
    clock.advance(MINUTE_MS);
    return read(stat)[0]?.[1];
  }
  return { clock, startMs, store, series, read, of };
}

describe("what can be read when", () => {
  it("does not show the running minute, and shows it when it ended", () => {
    const { clock, startMs, series, read } = setUp();
    series.add(startMs + 1000, 4);
    clock.advance(MINUTE_MS - 1);
    expect(read("Sum")).toEqual([]);
    clock.advance(1);
    expect(read("Sum")).toEqual([[0, 4]]);
  });
  it("shows a minute the publish lag after it ended", () => {
    const { clock, startMs, series, read } = setUp(90_000);
    series.add(startMs, 4);
    clock.advance(MINUTE_MS + 89_999);
    expect(read("Sum")).toEqual([]);
    clock.advance(1);
    expect(read("Sum")).toEqual([[0, 4]]);
  });
  it("has no point for a minute without data and a point for the value 0.0", () => {
    const { clock, startMs, series, read } = setUp();
    series.add(startMs, 0);
    series.add(startMs + 2 * MINUTE_MS, 1);
    clock.advance(5 * MINUTE_MS);
    expect(read("Sum")).toEqual([
      [0, 0],
      [2, 1],
    ]);
  });
  it("joins the minutes of a longer period", () => {
    const { clock, startMs, series, read } = setUp();
    for (let minute = 0; minute < 10; minute++) series.add(startMs + minute * MINUTE_MS, minute, 2);
    clock.advance(10 * MINUTE_MS);
    const periodMs = 5 * MINUTE_MS;
    expect(read("Sum", { periodMs })).toEqual([
      [0, 20],
      [5, 70],
    ]);
    expect(read("p50", { periodMs })).toEqual([
      [0, 2],
      [5, 7],
    ]);
  });
  it("forgets minutes that are older than a day", () => {
    const { clock, startMs, series, store, read } = setUp();
    series.add(startMs, 1);
    clock.advance(RETENTION_MS + 2 * MINUTE_MS);
    series.add(clock.now(), 1);
    clock.advance(MINUTE_MS);
    expect(read("Sum", {})).toHaveLength(1);
    expect(store.list()).toHaveLength(1);
  });
  it("keeps nothing of a metric without minutes: one that is silent for a day is a new one when it comes back", () => {
    const { clock, store } = setUp();
    const writers = ["a", "b", "b"].map((metricName) =>
      store.series({ ...metric, metricName, unit: "None" }),
    );
    const write = () => writers.forEach((writer) => writer.add(clock.now(), 1));
    const names = () => store.list().map(({ metricName }) => metricName);
    write();
    clock.advance(MINUTE_MS);
    expect(names()).toEqual(["a", "b"]);
    clock.advance(RETENTION_MS + 60 * MINUTE_MS);
    const startMs = clock.now();
    writers.reverse();
    write();
    clock.advance(MINUTE_MS);
    expect(names()).toEqual(["b", "a"]);
    const statistic = { kind: "simple", name: "Sum" } as const;
    const sums = names().map((metricName) =>
      store.read(
        { metric: { ...metric, metricName }, startMs, endMs: clock.now(), periodMs: MINUTE_MS },
        statistic,
      ),
    );
    expect(sums).toMatchObject([[{ value: 2 }], [{ value: 1 }]]);
  });
});

describe("which data a query sees", () => {
  it("matches dimensions exactly, in any order", () => {
    const { clock, startMs, store, read } = setUp();
    store.series({ ...metric, dimensions: { A: "1", B: "2" }, unit: "None" }).add(startMs, 7);
    clock.advance(MINUTE_MS);
    expect(read("Sum")).toEqual([]);
    expect(read("Sum", { from: { dimensions: { A: "1" } } })).toEqual([]);
    expect(read("Sum", { from: { dimensions: { B: "2", A: "1" } } })).toEqual([[0, 7]]);
  });
  it("joins all units without a unit and takes one with it", () => {
    const { clock, startMs, store, series, read } = setUp();
    series.add(startMs, 1);
    store.series({ ...metric, unit: "Count" }).add(startMs, 10);
    clock.advance(MINUTE_MS);
    expect(read("Sum")).toEqual([[0, 11]]);
    expect(read("Sum", { unit: "Count" })).toEqual([[0, 10]]);
    expect(read("Sum", { unit: "Bytes" })).toEqual([]);
    expect(store.list()).toEqual([metric]);
  });
});

describe("statistics", () => {
  const values = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
  it.each([
    ["SampleCount", 10],
    ["Minimum", 0.1],
    ["Maximum", 1],
    ["p0", 0.1],
    ["p50", 0.5],
    ["p90", 0.9],
    ["p90.1", 1],
    ["p100", 1],
    ["TC(0.5:)", 5],
    ["TC(:0.5)", 5],
    ["TC(0.2:0.5)", 3],
    ["TC(5:)", 0],
    ["tc90", 9],
    ["TC(10%:90%)", 8],
    ["PR(:0.5)", 50],
    ["PR(0.5:)", 50],
    ["TM(0.8:)", 0.95],
    ["TS(0.8:)", 1.9],
  ])("%s of 0.1 to 1 is %d", (stat, expected) => expect(setUp().of(stat, values)).toBeCloseTo(expected, 10));

  it("has no mean of an empty range", () => expect(setUp().of("TM(5:)", values)).toBeUndefined());
  it.each([
    "p101",
    "p-1",
    "pp",
    "p",
    "sum",
    "TC(:)",
    "TC(5:1)",
    "TC(1:5%)",
    "PR(1%:5%)",
    "TC",
    "tm101",
    "IQM",
  ])("%s is no statistic", (text) => expect(parseStatistic(text)).toBeUndefined());
  it("has no percentile when a value is negative", () => {
    expect(setUp().of("p50", [-1, 2])).toBeUndefined();
    expect(setUp().of("Sum", [-1, 2])).toBe(1);
  });

  it("keeps raw statistics of trivial statistic sets only", () => {
    const read = (set: { count: number; sum: number; minimum: number; maximum: number }, stat: string) => {
      const local = setUp();
      local.store.addStatisticSet({ ...metric, unit: "None" }, local.startMs, set);
      local.clock.advance(MINUTE_MS);
      return local.read(stat)[0]?.[1];
    };
    expect(read({ count: 4, sum: 12, minimum: 3, maximum: 3 }, "p99")).toBe(3);
    expect(read({ count: 4, sum: 12, minimum: 1, maximum: 5 }, "p99")).toBeUndefined();
    expect(read({ count: 4, sum: 12, minimum: 1, maximum: 5 }, "Average")).toBe(3);
  });
});

describe("properties of a minute", () => {
  const latencies = fc.array(fc.double({ min: 1e-4, max: 100, noNaN: true }), {
    minLength: 1,
    maxLength: 300,
  });

  it("count, sum, minimum and maximum are those of the values", () => {
    fc.assert(
      fc.property(latencies, (values) => {
        expect(setUp().of("SampleCount", values)).toBe(values.length);
        expect(setUp().of("Sum", values)).toBeCloseTo(
          values.reduce((a, b) => a + b, 0),
          6,
        );
        expect(setUp().of("Minimum", values)).toBe(Math.min(...values));
        expect(setUp().of("Maximum", values)).toBe(Math.max(...values));
      }),
    );
  });

  it("a percentile is the value of that rank, and TC and PR split the values without loss", () => {
    fc.assert(
      fc.property(latencies, fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const sorted = values.toSorted((a, b) => a - b);
        expect(setUp().of(`p${percent}`, values)).toBe(
          sorted[Math.ceil((percent * sorted.length) / 100) - 1],
        );
        expect(setUp().of("TC(0.5:)", values)).toBe(values.filter((value) => value > 0.5).length);
        const below = setUp().of("PR(:0.5)", values) ?? Number.NaN;
        expect(below + (setUp().of("PR(0.5:)", values) ?? Number.NaN)).toBeCloseTo(100, 6);
      }),
    );
  });

  it.each([
    ["p7", 7],
    ["p55", 55],
    ["p99.9", 100],
    ["TC(:29%)", 29],
    ["tc57", 57],
    ["TC(7%:)", 93],
  ])("%s of 1 to 100 is %d: no rounding of a share moves the rank", (stat, expected) => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(setUp().of(stat, hundred)).toBe(expected);
  });

  it("stays within one percent, and small, when a minute has more distinct values than are kept exactly", () => {
    const many = Array.from({ length: 20 * EXACT_VALUES }, (_, i) => 0.001 * 1.001 ** i);
    const exact = many[Math.ceil(0.99 * many.length) - 1] ?? 0;
    const read = setUp().of("p99", many) ?? 0;
    expect(Math.abs(read - exact) / exact).toBeLessThanOrEqual(0.0101);
    expect(setUp().of("SampleCount", many)).toBe(many.length);
    expect(setUp().of("p100", many)).toBe(Math.max(...many));
  });

  it("takes a late value after the minute was read", () => {
    const { startMs, series, of, read } = setUp();
    expect(of("p100", [1, 2])).toBe(2);
    series.add(startMs, 9);
    expect(read("p100")).toEqual([[0, 9]]);
    expect(read("SampleCount")).toEqual([[0, 3]]);
  });
});

describe("saving", () => {
  it("restores the newest hour from JSON, and goes on from there", () => {
    const first = setUp();
    first.series.add(first.startMs, 1);
    first.clock.advance(SNAPSHOT_MS);
    const lateMs = first.clock.now();
    for (const value of [0.25, 0.5, 0.5]) first.series.add(lateMs, value);
    first.store.addStatisticSet({ ...metric, metricName: "Set", unit: "None" }, lateMs, {
      count: 4,
      sum: 12,
      minimum: 1,
      maximum: 5,
    });
    first.clock.advance(MINUTE_MS);

    const second = setUp();
    second.clock.advance(SNAPSHOT_MS + MINUTE_MS);
    second.store.restore(JSON.parse(JSON.stringify(first.store.snapshot())));
    second.series.add(lateMs, 0.75);
    expect(second.read("SampleCount")).toEqual([[60, 4]]);
    expect(second.read("p100")).toEqual([[60, 0.75]]);
    expect(second.read("TC(0.25:0.5)")).toEqual([[60, 2]]);
    const set = { from: { metricName: "Set" } };
    expect([second.read("Average", set), second.read("p50", set)]).toEqual([[[60, 3]], []]);
  });
  it("refuses another format", () => {
    expect(() => setUp().store.restore({ version: 0, series: [] })).toThrow("format 0");
  });
});
