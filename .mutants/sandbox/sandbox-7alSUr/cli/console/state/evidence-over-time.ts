import {
  blindSpotOf,
  compare,
  eValueOf,
  type ComparedMetric,
  type MetricComparison,
} from "../../../validation/core/comparison/compare.ts";
import { partsOf } from "../../../validation/core/comparison/compared.ts";
import { totalOf } from "../../../validation/core/comparison/counts.ts";
import type { Judgement } from "../../../validation/core/comparison/judgement.ts";
import { SHOWN_MINUTES } from "./slot-minutes.ts";

/** How the evidence of a pair of models has grown. Columns have a value for each of `seconds`. */
export interface EvidenceOverTime {
  /** Ends of minutes, epoch seconds of the cloud's clock. */
  readonly seconds: readonly number[];
  /** What the sum over all metrics has to reach. */
  readonly needed: number;
  /** Share of failing requests that would have been seen by then, 0 to 1. */
  readonly blindSpot: readonly number[];
  readonly maxBlindSpot: number;
  readonly metrics: readonly MetricOverTime[];
  /** The stack's own signals, minute by minute. */
  readonly signals: readonly SignalMinutes[];
}

/** How often a signal's event came in 100 of what it is counted among; null: there was none of these. */
export interface SignalMinutes {
  readonly name: string;
  readonly exposure: string;
  readonly seconds: readonly number[];
  readonly candidate: readonly (number | null)[];
  readonly active: readonly (number | null)[];
}

export interface MetricOverTime {
  readonly name: string;
  /** What its events are counted among. */
  readonly exposure: string;
  /** What ends or holds the release by this metric alone. */
  readonly needed: number;
  /** log10 of its part of the evidence. */
  readonly logEvidence: readonly number[];
  readonly candidate: SeenCount;
  readonly active: SeenCount;
  /** Segments, or tenths of its scores; empty: it has none. */
  readonly parts: readonly {
    readonly name: string;
    readonly candidate: SeenCount;
    readonly active: SeenCount;
  }[];
}

export interface SeenCount {
  readonly events: number;
  readonly among: number;
}

/** What of earlier minutes need not be computed again; begins empty. */
export type EvidenceMemory = Map<string, Row>;

interface Row {
  readonly blindSpot: number;
  readonly metrics: readonly number[];
}

const MINUTE_MS = 60_000;
/** A curve of so many points is smooth on every screen. */
const MOST_POINTS = 80;
/** Younger minutes may be revised: see readKept. */
const REVISED_MS = 10 * MINUTE_MS;
const LEAST_LOG = -4;
const MOST_LOG = 12;

/** As far as it was seen at each of at most 80 moments. */
export function evidenceOverTime(judged: Judgement, nowMs: number, memory: EvidenceMemory): EvidenceOverTime {
  const { counts, settings, stepSinceMs, needed, maxBlindSpot, metrics } = judged;
  const failed = counts.find(({ kind }) => kind === "failed");
  const times = momentsOf(failed?.minutes.map(({ atMs }) => atMs) ?? []);
  const shape = counts.map(({ name }) => name).join();
  const rows = times.map((atMs): Row => {
    const key = `${atMs} ${stepSinceMs} ${settings.attempt} ${shape}`;
    const known = memory.get(key);
    if (known !== undefined) return known;
    const until = counts.map((metric) => cut(metric, atMs));
    const proving = until.find(({ kind }) => kind === "failed");
    const found = compare(until, settings).metrics;
    const row: Row = {
      blindSpot:
        proving === undefined || atMs < stepSinceMs ? 1 : blindSpotOf(proving, stepSinceMs, settings),
      metrics: counts.map(({ name }) => logOf(found.find((one) => one.name === name))),
    };
    if (atMs < nowMs - REVISED_MS) memory.set(key, row);
    return row;
  });
  return {
    seconds: times.map((atMs) => (atMs + MINUTE_MS) / 1000),
    needed,
    maxBlindSpot,
    blindSpot: rows.map(({ blindSpot }) => blindSpot),
    metrics: counts.map((metric, index) =>
      described(
        metric,
        metrics.find(({ name }) => name === metric.name),
        {
          needed,
          logEvidence: rows.map((row) => row.metrics[index] ?? LEAST_LOG),
        },
      ),
    ),
    signals: counts.flatMap((metric) =>
      metric.signal === undefined ? [] : [signalMinutes(metric, exposureIn(metrics, metric.name))],
    ),
  };
}

const exposureIn = (metrics: Judgement["metrics"], name: string) =>
  metrics.find((one) => one.name === name)?.exposure ?? "requests";

function signalMinutes({ name, minutes }: ComparedMetric, exposure: string): SignalMinutes {
  const shown = minutes.slice(-SHOWN_MINUTES);
  const of = (arm: "candidate" | "active") =>
    shown.map(({ [arm]: count }) => (count.exposure === 0 ? null : (100 * count.events) / count.exposure));
  const seconds = shown.map(({ atMs }) => atMs / 1000);
  return { name, exposure, seconds, candidate: of("candidate"), active: of("active") };
}

/** All of them, or every second, third … of them; the last one always. */
function momentsOf(all: readonly number[]): readonly number[] {
  const every = Math.ceil(all.length / MOST_POINTS);
  // Counted from the first minute, so that what was computed for a moment is asked for again.
  return all.filter((_, index) => index % every === 0 || index === all.length - 1);
}

function cut(metric: ComparedMetric, lastMs: number): ComparedMetric {
  const minutes = metric.minutes.filter(({ atMs }) => atMs <= lastMs);
  const { parts } = metric;
  if (parts === undefined) return { ...metric, minutes };
  const until = parts.map((part) => ({
    ...part,
    minutes: part.minutes.filter(({ atMs }) => atMs <= lastMs),
  }));
  return { ...metric, minutes, parts: until };
}

/** Of one that is no part of the sum its own e-value. */
function logOf(metric: MetricComparison | undefined): number {
  if (metric === undefined) return LEAST_LOG;
  const alone = metric.signal?.alone;
  const value = alone?.evidence ?? (metric.contribution > 0 ? metric.contribution : eValueOf(metric.logE));
  return Math.min(MOST_LOG, Math.max(LEAST_LOG, Math.log10(value)));
}

function described(
  metric: ComparedMetric,
  seen: MetricComparison | undefined,
  rest: Pick<MetricOverTime, "needed" | "logEvidence">,
): MetricOverTime {
  const total = totalOf(metric.minutes);
  const parts = partsOf(metric).flatMap(({ name, minutes }) => {
    if (name === undefined) return [];
    const of = totalOf(minutes);
    return [{ name, candidate: countOf(of.candidate), active: countOf(of.active) }];
  });
  return {
    name: metric.name,
    exposure: seen?.exposure ?? "requests",
    ...rest,
    needed: seen?.signal?.alone?.needed ?? rest.needed,
    candidate: countOf(total.candidate),
    active: countOf(total.active),
    parts,
  };
}

const countOf = ({
  exposure,
  events,
}: {
  readonly exposure: number;
  readonly events: number;
}): SeenCount => ({
  events,
  among: exposure,
});
