import { trimmedCount } from "../../../contract/alarms/queries.ts";
import type { Compared } from "../../../contract/release/compared.ts";
import type { Signal } from "../../../contract/signals/signal.ts";
import { otherSlot, type Slot } from "../../../contract/slot.ts";
import type { ComparisonData, RawCounts, RawMinute, SlowThreshold } from "../../core/comparison/data.ts";
import type { SignalSeries } from "../../core/signals/series.ts";
import type { Arm, CountAt } from "../../signals/metrics.ts";
import { minutesIn } from "../../signals/minutes.ts";
import { askSignals, metricsAt, signalPlace, signalSeries, type SignalsRead } from "../../signals/read.ts";
import { settledSignals, type SignalReads } from "../../signals/settle.ts";
import { withSilence } from "../../signals/silent.ts";
import type { AskedPair, MinuteRange } from "../../signals/sources/define.ts";
import { frozenOf, type Frozen } from "./frozen.ts";
import { placeOf } from "../place.ts";
import { readKept, type KeptPoints, type Part } from "./kept-points.ts";
import type { MeasuredPoint, MeasureRequest, Metrics, SlotMetrics } from "../../measures.ts";
import type { Context, Deployed } from "../../ports.ts";

export { placeOf };

const MINUTE_MS = 60_000;
/** Before the release: a whole day, so that every hour of it is among them. */
export const HISTORY_MINUTES = 24 * 60;

/** What a process that looks more than once needs to read only once. */
export interface ComparisonMemory {
  /** Of minutes that may no longer change. */
  points?: KeptPoints;
  frozen?: Frozen;
  /** What was read of signals so far. */
  signals?: SignalReads;
  /** Set where everything is over: no minute changes any more, so each counts. */
  readonly isPast?: boolean;
}

export interface ReadComparison {
  readonly data: ComparisonData;
  /** Points of the other requests. */
  readonly others: ReadPoints;
  /** Metrics that one check asks for. */
  readonly series: number;
}

/**
 * Reads everything that the comparison needs, and `others` since the pair has shared users, or since `othersFromMs`:
 * four calls to AWS, two when the thresholds and the history are remembered.
 */
export async function readComparison(
  context: Context,
  deployed: Deployed,
  candidate: Slot,
  compared: Compared,
  memory: ComparisonMemory,
  others: readonly MeasureRequest[],
  othersFromMs?: number,
): Promise<ReadComparison> {
  const { outputs, config } = deployed;
  const active = otherSlot(candidate);
  const toMs = Math.floor(context.clock.now() / MINUTE_MS) * MINUTE_MS;
  const windows = sharedMinutes(compared.windows, toMs);
  const sinceMs = windows[0]?.fromMs ?? toMs;
  const zones = await context.health.zones(outputs.slots[active].targetGroupArn);
  const historyFromMs = sinceMs - HISTORY_MINUTES * MINUTE_MS;
  const asked = { context, deployed, candidate, active, windows, historyFromMs, sinceMs, toMs };
  const place = { candidate: placeOf(outputs, candidate), active: placeOf(outputs, active) };
  const { slow, tenths } = await frozenFor(asked, place.active, memory);
  const signals = { asked, tenths, places: place };
  const { parts: ofSignals, others: ofOthers } = askSignals(signals);
  const pair = {
    ...place,
    zones,
    windows,
    toMs,
    isShared: config.network.listenerArn !== undefined,
    slowSeconds: config.thresholds.slowSeconds,
    allowedSlowdown: config.rollout.allowedSlowdown,
  };
  const more = [...ofSignals, { requests: others, fromMs: othersFromMs ?? sinceMs }];
  const { data, read, series } = await readPair(context.metrics, pair, slow, memory, more);
  const counted = countedSignals(signals, read, await ofOthers, memory);
  return { data: { ...data, signals: counted }, others: read, series };
}

/** Two models that share users, wherever their metrics are. */
export interface SharingPair {
  readonly candidate: SlotMetrics;
  readonly active: SlotMetrics;
  /** Availability Zones of the active one's targets; empty: nobody tells. */
  readonly zones: readonly string[];
  /** When they shared users, oldest first. */
  readonly windows: readonly MinuteRange[];
  /** Begin of the minute that is not over yet. */
  readonly toMs: number;
  /** A shared load balancer counts what it answered to others, too. */
  readonly isShared: boolean;
  readonly slowSeconds: number;
  readonly allowedSlowdown: number;
}

/** Whole minutes of the windows; the minute of a change belongs to both splits. */
export const sharedMinutes = (windows: Compared["windows"], toMs: number): readonly MinuteRange[] =>
  windows.map(({ from, to }) => ({
    fromMs: Math.ceil(Date.parse(from) / MINUTE_MS) * MINUTE_MS,
    toMs: to === undefined ? toMs : Math.min(toMs, Math.floor(Date.parse(to) / MINUTE_MS) * MINUTE_MS),
  }));

/** Reads the counts of a pair, and `more`, in one call for all that begin at the same moment. */
export async function readPair(
  metrics: Metrics,
  pair: SharingPair,
  slowThresholds: readonly SlowThreshold[],
  memory: Pick<ComparisonMemory, "points">,
  more: readonly Part[],
): Promise<{ readonly data: ComparisonData; readonly read: ReadPoints; readonly series: number }> {
  const { windows, toMs, zones, isShared, slowSeconds, allowedSlowdown } = pair;
  const sinceMs = windows[0]?.fromMs ?? toMs;
  const historyFromMs = sinceMs - HISTORY_MINUTES * MINUTE_MS;
  const ask = { slowThresholds, slowSeconds };
  const later = slowThresholds.map((one) => ({ ...one, seconds: one.seconds * (1 + allowedSlowdown) }));
  const places = [
    { id: "candidate", place: pair.candidate, ask: { ...ask, slowThresholds: later }, fromMs: sinceMs },
    { id: "active", place: pair.active, ask, fromMs: historyFromMs },
    ...zones.map((zone, index) => {
      const ofZone = { ...pair.active, zone };
      return { id: `zone${index}`, place: ofZone, ask, fromMs: historyFromMs };
    }),
  ];
  const parts = [
    // Of the candidate nothing counts from before it had users.
    ...places.map(({ id, place: where, ask: wanted, fromMs }) => ({
      requests: requestsFor(id, where, wanted),
      fromMs,
    })),
    { requests: isShared ? [] : [balancerErrors(pair.active)], fromMs: sinceMs },
    ...more,
  ];
  const read = await readKept(metrics, (memory.points ??= new Map()), parts, toMs);
  const series = (id: string) => countsBy(id, read, slowThresholds.length);
  const [ofCandidate, ofActive] = [series("candidate"), series("active")];
  const lost = new Map((read.get(BALANCER_ERRORS) ?? []).map(({ atMs, value }) => [atMs, value]));
  const minutes = windows.flatMap((window) =>
    minutesIn(window.fromMs, window.toMs).map((atMs): RawMinute => ({
      atMs,
      candidate: ofCandidate(atMs),
      active: ofActive(atMs),
      ...(isShared ? {} : { balancerErrors: lost.get(atMs) ?? 0 }),
    })),
  );
  const zonesFromMs = firstWithData(read, historyFromMs, sinceMs);
  const whole = minutesIn(zonesFromMs, toMs);
  const byZone = zones.length === 0 ? [ofActive] : zones.map((_, index) => series(`zone${index}`));
  const data: ComparisonData = {
    minutes,
    slowThresholds,
    // Counts of the user's own are signals; these are of kept ones alone.
    customMetrics: [],
    signals: [],
    zones: byZone.map((one) => whole.map(one)),
    zonesFromMs,
    historyMinutes: whole.filter((atMs) => atMs < sinceMs).length,
  };
  return { data, read, series: seriesOf(parts.flatMap(({ requests }) => requests)) };
}

/** The quantiles and bounds of the time before the release, read once by a process. */
async function frozenFor(asked: AskedPair, place: SlotMetrics, memory: ComparisonMemory): Promise<Frozen> {
  const { context, deployed, active, sinceMs } = asked;
  const at = signalPlace(deployed, context.stack, active);
  const scores = deployed.config.signals.flatMap((signal) => {
    const metrics = signal.kind === "scores" ? metricsAt(signal, at) : undefined;
    return metrics === undefined ? [] : [[signal.name, metrics] as const];
  });
  // Signals may be added while a release runs.
  const isKnown = scores.every(([name]) => memory.frozen?.tenths.has(name));
  if (memory.frozen?.sinceMs === sinceMs && isKnown) return memory.frozen;
  const historyMinutes = HISTORY_MINUTES;
  memory.frozen = await frozenOf(context, { place, sinceMs, historyMinutes, scores: new Map(scores) });
  return memory.frozen;
}

/** What of the signals counts at this check. */
function countedSignals(
  signals: SignalsRead,
  read: ReadPoints,
  others: ReadonlyMap<Signal, SignalSeries>,
  memory: ComparisonMemory,
): readonly SignalSeries[] {
  const { context, deployed } = signals.asked;
  const counts = (name: string): CountAt => {
    const by = (arm: Arm) =>
      new Map((read.get(`${arm}_${name}`) ?? []).map(({ atMs, value }) => [atMs, value]));
    const points = { candidate: by("candidate"), active: by("active") };
    return (arm, atMs) => points[arm].get(atMs) ?? 0;
  };
  const requests = counts("requests");
  const all = signalSeries(signals, read, others, { requests, healthy: counts("healthy") });
  const { metricLagSeconds: lagSeconds } = deployed.config.rollout;
  const settled = settledSignals(all, { nowMs: context.clock.now(), lagSeconds }, memory.signals);
  memory.signals = settled.reads;
  const series = memory.isPast === true ? all : settled.series;
  return series.map((one) => withSilence(one, signals.asked, requests));
}

const seriesOf = (requests: readonly MeasureRequest[]) =>
  requests.flatMap(({ queries }) => queries).filter((query) => !("expression" in query)).length;

interface Wanted {
  readonly slowThresholds: readonly SlowThreshold[];
  /** Where the alarm on slow requests begins to count. */
  readonly slowSeconds: number;
}

const SUMS = {
  requests: "RequestCount",
  ok: "HTTPCode_Target_2XX_Count",
  redirects: "HTTPCode_Target_3XX_Count",
  refusals: "HTTPCode_Target_4XX_Count",
  errors: "HTTPCode_Target_5XX_Count",
  refused: "TargetConnectionErrorCount",
} as const;

const BALANCER_ERRORS = "balancer_errors";

/** On the dimension of the load balancer alone: there is no other. */
function balancerErrors(place: SlotMetrics): MeasureRequest {
  const dimensions = { LoadBalancer: place.loadBalancerSuffix };
  const metric = { namespace: "AWS/ApplicationELB", metricName: "HTTPCode_ELB_5XX_Count", dimensions };
  return {
    id: BALANCER_ERRORS,
    queries: [{ id: "value", stat: "Sum", ...metric }],
    periodSeconds: 60,
    place,
  };
}

function requestsFor(id: string, place: SlotMetrics, wanted: Wanted): readonly MeasureRequest[] {
  const one = (name: string, metricName: string, stat: string): MeasureRequest => ({
    id: `${id}_${name}`,
    queries: [{ id: "value", metricName, stat, scope: "targetGroup" }],
    periodSeconds: 60,
    place,
  });
  return [
    ...Object.entries(SUMS).map(([name, metricName]) => one(name, metricName, "Sum")),
    one("timed", "TargetResponseTime", "SampleCount"),
    one("late", "TargetResponseTime", trimmedCount(wanted.slowSeconds)),
    ...wanted.slowThresholds.map(({ seconds }, index) =>
      one(`slow${index}`, "TargetResponseTime", trimmedCount(seconds)),
    ),
    ...(place.zone === undefined ? [one("healthy", "HealthyHostCount", "Minimum")] : []),
  ];
}

type ReadPoints = ReadonlyMap<string, readonly MeasuredPoint[]>;

/** The counts of one slot (or zone) by the begin of a minute. */
function countsBy(id: string, read: ReadPoints, slow: number): (atMs: number) => RawCounts {
  const by = (name: string) =>
    new Map((read.get(`${id}_${name}`) ?? []).map(({ atMs, value }) => [atMs, value] as const));
  const [requests, ok, redirects, refusals, errors, refused] = Object.keys(SUMS).map(by);
  const [timed, late, healthy] = [by("timed"), by("late"), by("healthy")];
  const slows = Array.from({ length: slow }, (_, index) => by(`slow${index}`));
  // No point of a count means that nothing was counted: the load balancer reports no zeros.
  const at = (points: ReadonlyMap<number, number> | undefined, atMs: number) => points?.get(atMs) ?? 0;
  return (atMs) => ({
    requests: at(requests, atMs),
    answered: at(ok, atMs) + at(redirects, atMs) + at(refusals, atMs),
    redirects: at(redirects, atMs),
    refusals: at(refusals, atMs),
    errors: at(errors, atMs),
    refused: at(refused, atMs),
    timed: at(timed, atMs),
    late: at(late, atMs),
    slow: slows.map((points) => at(points, atMs)),
    custom: [],
    healthy: healthy.get(atMs),
  });
}

/** A stack that is younger than the history has nothing before its first request. */
function firstWithData(read: ReadPoints, fromMs: number, untilMs: number): number {
  const first = read.get("active_requests")?.[0]?.atMs;
  return Math.min(Math.max(first ?? untilMs, fromMs), untilMs);
}
