import type { Clock } from "../clock.ts";
import type { MetricSeries, MetricSink } from "../gateway/metric-sink.ts";
import type { Distribution, SavedDistribution, StatisticSet } from "./distribution.ts";
import {
  addStatisticSet,
  addValue,
  emptyDistribution,
  loadDistribution,
  merge,
  pack,
  partOf,
  saveDistribution,
} from "./distribution.ts";
import type { PublicationSchedule } from "./late-points.ts";
import { metricKey, type MetricId } from "./metric-key.ts";
import type { Statistic } from "./statistic.ts";
import { compute } from "./statistic.ts";

export const MINUTE_MS = 60_000;
/** How long minutes are kept. AWS keeps 60-second data for 15 days; a local machine keeps a day. */
export const RETENTION_MS = 24 * 60 * MINUTE_MS;
const TIDIES_EVERY_MS = 60 * MINUTE_MS;
/** From a minute's start; behind it few values come late. */
const SETTLED_MS = 2 * MINUTE_MS;
/** How much of it a snapshot has: enough for alarms and a release's step, small enough to write every minute. */
export const SNAPSHOT_MS = 60 * MINUTE_MS;

export interface MetricRange {
  readonly metric: MetricId;
  /** Only data published with this unit; all units when absent. */
  readonly unit?: string | undefined;
  /** A multiple of a minute. */
  readonly periodMs: number;
  /** A whole minute; the first period starts here. */
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
}

export interface Point {
  /** Start of the period, epoch milliseconds. */
  readonly timestampMs: number;
  readonly value: number;
}

/** Virtual milliseconds from a minute's end until it can be read; of one metric, where they differ. */
export type PublishLag = number | ((metric: MetricId) => number);

/**
 * What was measured, by metric and minute. A minute becomes readable a while after it ended, so the running minute is
 * never seen half full.
 */
export interface MetricStore extends MetricSink {
  addStatisticSet(series: MetricId & { unit: string }, timestampMs: number, set: StatisticSet): void;
  /** Ascending; a period without data has no point. Dimensions match exactly, as in CloudWatch. */
  read(range: MetricRange, statistic: Statistic): Point[];
  /** Several statistics of the same periods, and the unit of the data. */
  readPeriods(range: MetricRange): { timestampMs: number; data: Distribution; unit: string }[];
  /** Metrics with readable data, in the order of their first data. */
  list(): MetricId[];
  /** JSON-safe: the newest SNAPSHOT_MS, so that a restart does not look like missing data to the alarms. */
  snapshot(): unknown;
  /** Adds what a snapshot has to what is there. @throws when the snapshot has another format. */
  restore(snapshot: unknown): void;
}

interface Stored {
  readonly metric: MetricId;
  readonly unit: string;
  readonly minutes: Map<number, Distribution>;
}

/** `publishLagMs` is at least 0; AWS's own lag is minutes and is not published. `latePoints` comes on top of it. */
export function createMetricStore(options: {
  clock: Clock;
  publishLagMs?: PublishLag;
  latePoints?: PublicationSchedule | undefined;
}): MetricStore {
  const { publishLagMs = 0, latePoints } = options;
  const byMetric = new Map<string, Stored[]>();

  /** What can be read of the minute that starts then; undefined: nothing yet. */
  function readable(metric: MetricId, minuteMs: number, data: Distribution): Distribution | undefined {
    const lagMs = typeof publishLagMs === "number" ? publishLagMs : publishLagMs(metric);
    const sinceMs = options.clock.now() - (minuteMs + MINUTE_MS + lagMs);
    if (sinceMs < 0) return undefined;
    if (latePoints === undefined || sinceMs >= latePoints.latestMs) return data;
    const { lateMs, revisedMs, shown } = latePoints.of(metric, minuteMs);
    if (sinceMs < lateMs) return undefined;
    return sinceMs < revisedMs ? partOf(data, shown) : data;
  }

  function stored(series: MetricId & { unit: string }): Stored {
    const key = metricKey(series);
    const units = byMetric.get(key) ?? [];
    const known = units.find((other) => other.unit === series.unit);
    if (known !== undefined) return known;
    const metric = {
      namespace: series.namespace,
      metricName: series.metricName,
      dimensions: { ...series.dimensions },
    };
    const created: Stored = { metric, unit: series.unit, minutes: new Map() };
    byMetric.set(key, [...units, created]);
    return created;
  }

  let tidiedMs = Number.NEGATIVE_INFINITY;
  /**
   * Of what publishes no more, too: a slot's former tasks, a stack that is gone. What has no minutes left is dropped
   * whole: a dimension may be new with every request.
   */
  function tidyAll(): void {
    const nowMs = options.clock.now();
    if (nowMs < tidiedMs + TIDIES_EVERY_MS) return;
    tidiedMs = nowMs;
    for (const [key, units] of byMetric) {
      for (const each of units) tidy(each, nowMs);
      const kept = units.filter(({ minutes }) => minutes.size > 0);
      if (kept.length === 0) byMetric.delete(key);
      else byMetric.set(key, kept);
    }
  }

  function minuteOf(series: Stored, timestampMs: number): Distribution {
    const startMs = Math.floor(timestampMs / MINUTE_MS) * MINUTE_MS;
    const known = series.minutes.get(startMs);
    if (known !== undefined) return known;
    seal(series, options.clock.now());
    const created = emptyDistribution();
    series.minutes.set(startMs, created);
    return created;
  }

  function readPeriods(range: MetricRange) {
    const units = (byMetric.get(metricKey(range.metric)) ?? []).filter(
      (series) => range.unit === undefined || series.unit === range.unit,
    );
    const { startMs, endMs, periodMs, metric } = range;
    const found = units
      .flatMap(({ minutes, unit }) =>
        minutesWithin(minutes, startMs, endMs).flatMap((ms) => {
          const data = minutes.get(ms);
          const part = data === undefined ? undefined : readable(metric, ms, data);
          return part === undefined ? [] : [{ ms, data: part, unit }];
        }),
      )
      .sort((a, b) => a.ms - b.ms);
    const periods = Map.groupBy(
      found,
      ({ ms }) => startMs + Math.floor((ms - startMs) / periodMs) * periodMs,
    );
    return [...periods].map(([timestampMs, parts]) => ({
      timestampMs,
      data: merge(parts.map(({ data }) => data)),
      unit: parts[0]?.unit ?? "",
    }));
  }

  return {
    series(description): MetricSeries {
      let into = stored(description);
      return {
        add(timestampMs, value, count = 1) {
          tidyAll();
          // One without minutes may have been dropped since, and another may stand in its place.
          if (into.minutes.size === 0) into = stored({ ...into.metric, unit: into.unit });
          addValue(minuteOf(into, timestampMs), value, count);
        },
      };
    },
    addStatisticSet(series, timestampMs, set) {
      tidyAll();
      addStatisticSet(minuteOf(stored(series), timestampMs), set);
    },
    read(range, statistic) {
      return readPeriods(range).flatMap(({ timestampMs, data }) => {
        const value = compute(statistic, data);
        return value === undefined ? [] : [{ timestampMs, value }];
      });
    },
    readPeriods,
    list() {
      const isReadable = ({ metric, minutes }: Stored) =>
        [...minutes].some(([minuteMs, data]) => readable(metric, minuteMs, data) !== undefined);
      return [...byMetric.values()]
        .flatMap((units) => units.filter(isReadable).slice(0, 1))
        .map((s) => s.metric);
    },
    snapshot() {
      const oldestMs = options.clock.now() - SNAPSHOT_MS;
      const series = [...byMetric.values()].flat().map(({ metric, unit, minutes }) => ({
        metric: { ...metric, unit },
        minutes: minutesWithin(minutes, oldestMs, Infinity).flatMap((ms) => {
          const data = minutes.get(ms);
          return data === undefined ? [] : [{ ms, ...saveDistribution(data) }];
        }),
      }));
      // Every stack that ever stood here has left its series.
      return { version: 1, series: series.filter(({ minutes }) => minutes.length > 0) };
    },
    restore(snapshot) {
      // Only snapshot() above writes this; the version says whether this code can read it.
      const saved = snapshot as SavedMetrics;
      if (saved.version !== 1)
        throw new Error(`metrics were saved in format ${saved.version}; this version reads 1`);
      // Read whole before any of it counts.
      const read = saved.series.map(({ metric, minutes }) => ({
        metric,
        minutes: minutes.map(({ ms, ...data }) => [ms, loadDistribution(data)] as const),
      }));
      for (const { metric, minutes } of read) {
        const into = stored(metric).minutes;
        for (const [ms, data] of minutes) into.set(ms, data);
      }
    },
  };
}

interface SavedMetrics {
  readonly version: number;
  readonly series: readonly {
    readonly metric: MetricId & { unit: string };
    readonly minutes: readonly (SavedDistribution & { readonly ms: number })[];
  }[];
}

/** Keys of the map; those asked for or those stored, whichever are fewer: a range may be a thousand years or a minute. */
function minutesWithin(minutes: ReadonlyMap<number, Distribution>, startMs: number, endMs: number): number[] {
  const firstMs = Math.ceil(startMs / MINUTE_MS) * MINUTE_MS;
  const asked = Math.ceil((endMs - firstMs) / MINUTE_MS);
  if (asked > minutes.size) return [...minutes.keys()].filter((ms) => ms >= startMs && ms < endMs);
  return Array.from({ length: Math.max(0, asked) }, (_, index) => firstMs + index * MINUTE_MS);
}

/** Forgets what is too old, and packs the rest. */
function tidy(series: Stored, nowMs: number): void {
  for (const minuteMs of series.minutes.keys())
    if (minuteMs < nowMs - RETENTION_MS) series.minutes.delete(minuteMs);
    else if (minuteMs < nowMs - SETTLED_MS) packMinute(series, minuteMs);
}

/** Packs the newest of what will hardly change any more: looking at all of a day each minute would cost a day of work. */
function seal(series: Stored, nowMs: number): void {
  const lastMs = Math.floor((nowMs - SETTLED_MS) / MINUTE_MS) * MINUTE_MS;
  for (let back = 0; back < 5; back++) packMinute(series, lastMs - back * MINUTE_MS);
}

function packMinute({ minutes }: Stored, minuteMs: number): void {
  const data = minutes.get(minuteMs);
  if (data !== undefined) pack(data);
}
