import { trimmedCount } from "../../contract/alarms/queries.ts";
import { dimensionsOf, type CustomMetric } from "../../contract/config/custom-metric.ts";
import type { StackOutputs } from "../../contract/names/outputs.ts";
import type { Compared } from "../../contract/release/compared.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import type { ComparisonData, RawCounts, RawMinute, SlowThreshold } from "../core/comparison/data.ts";
import { readKept, type KeptPoints } from "./kept-points.ts";
import type { Context, Deployed, MeasuredPoint, MeasureRequest, SlotMetrics } from "../ports.ts";

const MINUTE_MS = 60_000;
/** Before the release: a whole day, so that every hour of it is among them. */
const HISTORY_MINUTES = 24 * 60;
const QUANTILES = [0.9, 0.99] as const;
/** Quantiles are taken per five minutes; their median does not mind a bad hour. */
const QUANTILE_PERIOD_MS = 5 * MINUTE_MS;
/** A quantile q is judged from 30 / (1 - q) answers on. */
const ANSWERS_BEYOND = 30;

/** What a process that looks more than once needs to read only once. */
export interface ComparisonMemory {
  /** Of minutes that may no longer change. */
  points?: KeptPoints;
  thresholds?: { readonly sinceMs: number; readonly found: readonly SlowThreshold[] };
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
  const { outputs } = deployed;
  const active = otherSlot(candidate);
  // A shared load balancer counts what it answered to others, too.
  const isShared = deployed.config.network.listenerArn !== undefined;
  const toMs = Math.floor(context.clock.now() / MINUTE_MS) * MINUTE_MS;
  const windows = compared.windows.map(({ from, to }) => ({
    // The minute of a change belongs to both splits.
    fromMs: Math.ceil(Date.parse(from) / MINUTE_MS) * MINUTE_MS,
    toMs: to === undefined ? toMs : Math.min(toMs, Math.floor(Date.parse(to) / MINUTE_MS) * MINUTE_MS),
  }));
  const sinceMs = windows[0]?.fromMs ?? toMs;
  const zones = await context.health.zones(outputs.slots[active].targetGroupArn);
  const slowThresholds = await thresholdsOf(context, placeOf(outputs, active), sinceMs, memory);
  const { allowedSlowdown, customMetrics } = deployed.config.rollout;
  const { slowSeconds } = deployed.config.thresholds;
  const ask = { slowThresholds, slowSeconds, customMetrics };
  const later = slowThresholds.map((one) => ({ ...one, seconds: one.seconds * (1 + allowedSlowdown) }));
  const historyFromMs = sinceMs - HISTORY_MINUTES * MINUTE_MS;
  const places = [
    {
      id: "candidate",
      place: placeOf(outputs, candidate),
      ask: { ...ask, slowThresholds: later },
      slot: candidate,
    },
    { id: "active", place: placeOf(outputs, active), ask, slot: active },
    ...zones.map((zone, index) => ({
      id: `zone${index}`,
      place: { ...placeOf(outputs, active), zone },
      ask: { ...ask, customMetrics: [] },
      slot: active,
    })),
  ];
  const parts = [
    ...places.map(({ id, place, ask: wanted, slot }) => ({
      requests: requestsFor(id, place, wanted, slot),
      // Of the candidate nothing counts from before it had users.
      fromMs: slot === active ? historyFromMs : sinceMs,
    })),
    { requests: isShared ? [] : [balancerErrors(placeOf(outputs, active))], fromMs: sinceMs },
    { requests: others, fromMs: othersFromMs ?? sinceMs },
  ];
  const read = await readKept(context.metrics, (memory.points ??= new Map()), parts, toMs);
  const series = (id: string) => countsBy(id, read, slowThresholds.length, customMetrics.length);
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
  // What no zone counts, the slot as a whole does.
  const withCustom = (one: (atMs: number) => RawCounts) => (atMs: number) => ({
    ...one(atMs),
    custom: ofActive(atMs).custom,
  });
  const data: ComparisonData = {
    minutes,
    slowThresholds,
    customMetrics,
    signals: [],
    zones: byZone.map((one) => whole.map(withCustom(one))),
    zonesFromMs,
    historyMinutes: whole.filter((atMs) => atMs < sinceMs).length,
  };
  return { data, others: read, series: seriesOf(parts.flatMap(({ requests }) => requests)) };
}

const seriesOf = (requests: readonly MeasureRequest[]) =>
  requests.flatMap(({ queries }) => queries).filter((query) => !("expression" in query)).length;

/** Where the production metrics of a slot are. */
export function placeOf({ loadBalancerSuffix, clusterName, slots }: StackOutputs, slot: Slot): SlotMetrics {
  const { targetGroupSuffix, running } = slots[slot];
  return { loadBalancerSuffix, targetGroupSuffix, clusterName, serviceName: running?.serviceName };
}

/** The active slot's quantiles before the release; those that too few answers tell of are left out. */
async function thresholdsOf(
  context: Context,
  place: SlotMetrics,
  sinceMs: number,
  memory: ComparisonMemory,
): Promise<readonly SlowThreshold[]> {
  if (memory.thresholds?.sinceMs === sinceMs) return memory.thresholds.found;
  const toMs = Math.floor(sinceMs / QUANTILE_PERIOD_MS) * QUANTILE_PERIOD_MS;
  const periodSeconds = QUANTILE_PERIOD_MS / 1000;
  const one = (id: string, stat: string): MeasureRequest => ({
    id,
    queries: [{ id: "value", metricName: "TargetResponseTime", stat, scope: "targetGroup" }],
    periodSeconds,
    place,
  });
  const requests = [
    one("samples", "SampleCount"),
    ...QUANTILES.map((quantile) => one(`p${quantile * 100}`, `p${quantile * 100}`)),
  ];
  const read = await context.metrics.read(requests, toMs - HISTORY_MINUTES * MINUTE_MS, toMs);
  const samples = (read.get("samples") ?? []).reduce((sum, { value }) => sum + value, 0);
  const found = QUANTILES.flatMap((quantile): SlowThreshold[] => {
    const seconds = median((read.get(`p${quantile * 100}`) ?? []).map(({ value }) => value));
    const isEnough = samples >= ANSWERS_BEYOND / (1 - quantile) - 1e-9;
    return seconds === undefined || !isEnough ? [] : [{ quantile, seconds, samples }];
  });
  memory.thresholds = { sinceMs, found };
  return found;
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

interface Wanted {
  readonly slowThresholds: readonly SlowThreshold[];
  /** Where the alarm on slow requests begins to count. */
  readonly slowSeconds: number;
  readonly customMetrics: readonly CustomMetric[];
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

function requestsFor(id: string, place: SlotMetrics, wanted: Wanted, slot: Slot): readonly MeasureRequest[] {
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
    ...wanted.customMetrics.map((metric, index): MeasureRequest => {
      const { namespace, metricName } = metric;
      const { targetGroupSuffix: targetGroup, loadBalancerSuffix: loadBalancer } = place;
      const dimensions = dimensionsOf(metric, { slot, targetGroup, loadBalancer });
      const queries = [{ id: "value", namespace, metricName, stat: "Sum", dimensions }];
      return { id: `${id}_custom${index}`, queries, periodSeconds: 60, place };
    }),
  ];
}

type ReadPoints = ReadonlyMap<string, readonly MeasuredPoint[]>;

/** The counts of one slot (or zone) by the begin of a minute. */
function countsBy(id: string, read: ReadPoints, slow: number, custom: number): (atMs: number) => RawCounts {
  const by = (name: string) =>
    new Map((read.get(`${id}_${name}`) ?? []).map(({ atMs, value }) => [atMs, value] as const));
  const [requests, ok, redirects, refusals, errors, refused] = Object.keys(SUMS).map(by);
  const [timed, late, healthy] = [by("timed"), by("late"), by("healthy")];
  const many = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => by(`${name}${index}`));
  const [slows, customs] = [many("slow", slow), many("custom", custom)];
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
    custom: customs.map((points) => at(points, atMs)),
    healthy: healthy.get(atMs),
  });
}

function minutesIn(fromMs: number, toMs: number): readonly number[] {
  return Array.from(
    { length: Math.max(0, (toMs - fromMs) / MINUTE_MS) },
    (_, index) => fromMs + index * MINUTE_MS,
  );
}

/** A stack that is younger than the history has nothing before its first request. */
function firstWithData(read: ReadPoints, fromMs: number, untilMs: number): number {
  const first = read.get("active_requests")?.[0]?.atMs;
  return Math.min(Math.max(first ?? untilMs, fromMs), untilMs);
}
