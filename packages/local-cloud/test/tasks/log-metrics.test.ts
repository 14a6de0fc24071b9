import { appendFileSync, mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMetricStore, type MetricStore } from "../../metrics/store.ts";
import { publishLogMetrics } from "../../tasks/log-metrics.ts";
import { ManualClock } from "../support/manual-clock.ts";

const MINUTE_MS = 60_000;

let directory: string;
let file: string;
let clock: ManualClock;
let store: MetricStore;
let told: string[];
let stop: () => void;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "log-metrics-"));
  file = join(directory, "task.log");
  clock = new ManualClock();
  store = createMetricStore({ clock });
  told = [];
  stop = publishLogMetrics(() => [{ service: "blue", file }], {
    clock,
    metrics: store,
    log: (line) => told.push(line),
    realNow: () => clock.now(),
  });
});
afterEach(() => {
  stop();
  rmSync(directory, { recursive: true, force: true });
});

const line = (more: object = {}, directive: object = {}) =>
  JSON.stringify({
    _aws: {
      Timestamp: clock.now(),
      CloudWatchMetrics: [
        {
          Namespace: "Digits",
          Dimensions: [["Slot"], ["Slot", "Version"]],
          Metrics: [{ Name: "Unsure", Unit: "Count" }],
          ...directive,
        },
      ],
    },
    Slot: "blue",
    Version: "2",
    Unsure: 1,
    ...more,
  });
const write = (...lines: string[]) => appendFileSync(file, lines.map((one) => `${one}\n`).join(""));
const sum = (dimensions: Readonly<Record<string, string>>) =>
  store.read(
    {
      metric: { namespace: "Digits", metricName: "Unsure", dimensions },
      periodMs: MINUTE_MS,
      startMs: 0,
      endMs: Number.MAX_SAFE_INTEGER,
    },
    { kind: "simple", name: "Sum" },
  );
const values = (dimensions: Readonly<Record<string, string>>) => sum(dimensions).map(({ value }) => value);

test("lines of a task's output become metrics, once for each set of dimensions, in the minute that they say", () => {
  write("listens on 8080", line(), line({ Unsure: [1, 2] }), '{"level":"info"}');
  clock.advance(2 * MINUTE_MS);
  expect(values({ Slot: "blue" })).toEqual([4]);
  expect(values({ Slot: "blue", Version: "2" })).toEqual([4]);
  expect(values({ Version: "2" })).toEqual([]);
  expect(told).toEqual([]);
});

test("no line is counted twice, and one that is being written only when it is whole", () => {
  const whole = line();
  appendFileSync(file, `${whole}\n${whole.slice(0, 40)}`);
  clock.advance(10_000);
  appendFileSync(file, `${whole.slice(40)}\n`);
  clock.advance(2 * MINUTE_MS);
  expect(values({ Slot: "blue" })).toEqual([2]);
});

test("a task without a log yet, or whose log has gone, has no metrics", () => {
  clock.advance(10_000);
  write(line());
  clock.advance(10_000);
  rmSync(file);
  clock.advance(2 * MINUTE_MS);
  expect(values({ Slot: "blue" })).toEqual([1]);
});

test.each([
  ["a metric that is not in the line", () => line({ Unsure: undefined }), "Unsure: "],
  ["a metric that is text", () => line({ Unsure: "1" }), "Unsure: "],
  ["a dimension that is not in the line", () => line({ Slot: undefined }), "Slot: "],
  [
    "a namespace of AWS itself",
    () => line({}, { Namespace: "AWS/ECS" }),
    "_aws.CloudWatchMetrics.0.Namespace: ",
  ],
  ["an unknown unit", () => line({}, { Metrics: [{ Name: "Unsure", Unit: "Pieces" }] }), "Metrics.0.Unit: "],
  ["no time", () => line({ _aws: { CloudWatchMetrics: [] } }), "_aws.Timestamp: "],
  [
    "a time that is long past",
    () => line({ _aws: { Timestamp: 1000, CloudWatchMetrics: [] } }),
    "_aws.Timestamp: more than two weeks",
  ],
])("a line with %s counts nothing, and that is said once", (_title, bad, why) => {
  write(bad(), bad());
  clock.advance(2 * MINUTE_MS);
  expect(values({ Slot: "blue" })).toEqual([]);
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(why);
  expect(told[0]).toContain("log of blue");
});

test("a log that begins anew, because it had become too great, is counted from its begin", () => {
  write(line(), line());
  clock.advance(5_000);
  truncateSync(file);
  clock.advance(5_000);
  write(line());
  clock.advance(2 * MINUTE_MS);
  expect(values({ Slot: "blue" })).toEqual([3]);
});
