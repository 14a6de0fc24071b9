import { describe, expect, it } from "vitest";
import { latePoints, type LatePoints } from "../../metrics/late-points.ts";
import { parseStatistic } from "../../metrics/statistic.ts";
import type { MetricId } from "../../metrics/metric-key.ts";
import { createMetricStore } from "../../metrics/store.ts";
import { ManualClock } from "../support/manual-clock.ts";

const MINUTE_MS = 60_000;
const MINUTES = 2_000;
const elb = (metricName: string, targetGroup = "targetgroup/blue/1"): MetricId => ({
  namespace: "AWS/ApplicationELB",
  metricName,
  dimensions: { LoadBalancer: "app/a/1", TargetGroup: targetGroup },
});
const REQUESTS = elb("RequestCount");

/** A store in which every metric has had ten requests in each of so many minutes, just ended. */
function after(minutes: number, settings: LatePoints, metrics = [REQUESTS]) {
  const clock = new ManualClock();
  const startMs = Math.ceil(clock.now() / MINUTE_MS) * MINUTE_MS;
  const store = createMetricStore({ clock, latePoints: latePoints(settings) });
  for (const metric of metrics) {
    const series = store.series({ ...metric, unit: "Count" });
    for (let minute = 0; minute < minutes; minute++) series.add(startMs + minute * MINUTE_MS, 1, 10);
  }
  clock.advance(startMs - clock.now() + minutes * MINUTE_MS);
  const read = (metric: MetricId, stat = "Sum") => {
    const statistic = parseStatistic(stat);
    if (statistic === undefined) throw new Error(`${stat} is no statistic`);
    const range = { metric, periodMs: MINUTE_MS, startMs, endMs: startMs + minutes * MINUTE_MS };
    return new Map(
      store
        .read(range, statistic)
        .map(({ timestampMs, value }) => [(timestampMs - startMs) / MINUTE_MS, value]),
    );
  };
  return { clock, store, read };
}

/** Of the minutes that are watched from their end on, those in which less than everything is there at first. */
function unsettledMinutes(settings: LatePoints, metric: MetricId): readonly number[] {
  const publication = latePoints(settings);
  return Array.from({ length: MINUTES }, (_, minute) => minute).filter((minute) => {
    const { lateMs, revisedMs } = publication.of(metric, minute * MINUTE_MS);
    return lateMs > 0 || revisedMs > 0;
  });
}

describe("late datapoints", () => {
  it("are not there until so many seconds after the others, and are whole then", () => {
    const { clock, store, read } = after(3, { seed: 1, late: { part: 1, seconds: 90 } });
    expect(read(REQUESTS)).toEqual(new Map([[0, 10]]));
    clock.advance(29_999);
    expect(read(REQUESTS)).toEqual(new Map([[0, 10]]));
    clock.advance(1);
    expect([...read(REQUESTS).keys()]).toEqual([0, 1]);
    clock.advance(MINUTE_MS);
    expect([...read(REQUESTS)]).toEqual([
      [0, 10],
      [1, 10],
      [2, 10],
    ]);
    expect(store.list()).toEqual([REQUESTS]);
  });

  it("come on top of the lag that all metrics have", () => {
    const clock = new ManualClock();
    const store = createMetricStore({
      clock,
      publishLagMs: 60_000,
      latePoints: latePoints({ seed: 1, late: { part: 1, seconds: 30 } }),
    });
    const startMs = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS;
    store.series({ ...REQUESTS, unit: "Count" }).add(startMs, 1);
    clock.advance(startMs - clock.now() + MINUTE_MS + 89_999);
    expect(store.list()).toEqual([]);
    clock.advance(1);
    expect(store.list()).toEqual([REQUESTS]);
  });

  it("are about the given part of all, other ones of each metric and target group", () => {
    const settings = { seed: 1, late: { part: 0.05, seconds: 180 } };
    const [one, otherMetric, otherGroup] = [
      REQUESTS,
      elb("HTTPCode_Target_2XX_Count"),
      elb("RequestCount", "targetgroup/green/1"),
    ].map((metric) => unsettledMinutes(settings, metric));
    for (const minutes of [one, otherMetric, otherGroup]) {
      expect(minutes?.length).toBeGreaterThan(0.03 * MINUTES);
      expect(minutes?.length).toBeLessThan(0.07 * MINUTES);
    }
    expect(otherMetric).not.toEqual(one);
    expect(otherGroup).not.toEqual(one);
  });

  it("are the same again with the same seed, whatever the order of the dimensions, and others with another", () => {
    const late = { part: 0.05, seconds: 180 };
    const { LoadBalancer = "", TargetGroup = "" } = REQUESTS.dimensions;
    const turned = { ...REQUESTS, dimensions: { TargetGroup, LoadBalancer } };
    const first = unsettledMinutes({ seed: 1, late }, REQUESTS);
    expect(unsettledMinutes({ seed: 1, late }, turned)).toEqual(first);
    expect(unsettledMinutes({ seed: 2, late }, REQUESTS)).not.toEqual(first);
  });
});

describe("revised datapoints", () => {
  it("first show a part of their samples, and all of them so many seconds later", () => {
    const { clock, read } = after(1, { seed: 1, revised: { part: 1, shown: 0.5, seconds: 120 } });
    expect([...read(REQUESTS).values()]).toEqual([5]);
    expect([...read(REQUESTS, "SampleCount").values()]).toEqual([5]);
    clock.advance(2 * MINUTE_MS - 1);
    expect([...read(REQUESTS).values()]).toEqual([5]);
    clock.advance(1);
    expect([...read(REQUESTS).values()]).toEqual([10]);
  });

  it("have no point yet where the part is less than a sample", () => {
    const { read } = after(1, { seed: 1, revised: { part: 1, shown: 0.05, seconds: 120 } });
    expect(read(REQUESTS)).toEqual(new Map());
  });

  it("are a part of the small and of the great values alike", () => {
    const clock = new ManualClock();
    const startMs = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS;
    const store = createMetricStore({
      clock,
      latePoints: latePoints({ seed: 1, revised: { part: 1, shown: 0.5, seconds: 60 } }),
    });
    const metric = elb("TargetResponseTime");
    const series = store.series({ ...metric, unit: "Seconds" });
    for (let sample = 1; sample <= 100; sample++) series.add(startMs, sample / 100);
    clock.advance(startMs - clock.now() + MINUTE_MS);
    const range = { metric, periodMs: MINUTE_MS, startMs, endMs: startMs + MINUTE_MS };
    const [period] = store.readPeriods(range);
    expect(period?.data.count).toBe(50);
    const slow = parseStatistic("TC(0.8:)");
    expect(slow && store.read(range, slow)).toEqual([{ timestampMs: startMs, value: 10 }]);
  });

  it("are a part of a set that was added as one, too", () => {
    const clock = new ManualClock();
    const startMs = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS;
    const store = createMetricStore({
      clock,
      latePoints: latePoints({ seed: 1, revised: { part: 1, shown: 0.5, seconds: 60 } }),
    });
    const set = { count: 4, sum: 12, minimum: 1, maximum: 5 };
    store.addStatisticSet({ ...REQUESTS, unit: "Count" }, startMs, set);
    clock.advance(startMs - clock.now() + MINUTE_MS);
    const range = { metric: REQUESTS, periodMs: MINUTE_MS, startMs, endMs: startMs + MINUTE_MS };
    expect(store.readPeriods(range)[0]?.data).toMatchObject({ count: 2, sum: 6, minimum: 1, maximum: 5 });
  });
});

it("one metric alone is late, and the others of the same target group are on time", () => {
  const answers = elb("HTTPCode_Target_2XX_Count");
  const settings = { seed: 1, lateOf: { HTTPCode_Target_2XX_Count: { part: 1, seconds: 240 } } };
  const { clock, read } = after(5, settings, [REQUESTS, answers]);
  expect([...read(REQUESTS).keys()]).toEqual([0, 1, 2, 3, 4]);
  expect([...read(answers).keys()]).toEqual([0]);
  clock.advance(4 * MINUTE_MS);
  expect([...read(answers).keys()]).toEqual([0, 1, 2, 3, 4]);
});
