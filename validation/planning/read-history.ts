import { JUDGING_ALARM_KEYS, alarmSpec, type AlarmKey } from "../../contract/alarms/alarm-catalog.ts";
import type { Thresholds } from "../../contract/config/sections.ts";
import { otherSlot } from "../../contract/slot.ts";
import { placeOf, readComparison, type ComparisonMemory } from "../rollout/reading/read-counts.ts";
import type { MinuteValues } from "../core/alarm-past.ts";
import { iso } from "../core/iso.ts";
import { metricsOf } from "../core/comparison/metrics.ts";
import type { ComparedMetric } from "../core/comparison/compare.ts";
import type { ComparisonData } from "../core/comparison/data.ts";
import { activeRequests, isOnService, measureRequests, REQUEST_COUNT } from "../rollout/observe.ts";
import type { MeasureRequest } from "../measures.ts";
import type { Context, Deployed } from "../ports.ts";

/** What the stack has done in the last day, as far as a release needs it to be planned. */
export interface Day {
  /** Begin of the first and end of the last minute of the last day, epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Per minute: requests of both slots, and of the active one those that failed. */
  readonly minutes: readonly HistoryMinute[];
  /** As a release that began now would know them: φ and nothing counted yet. */
  readonly metrics: readonly ComparedMetric[];
  readonly data: ComparisonData;
  /** Series that one check of a release asks GetMetricData for. */
  readonly seriesPerLook: number;
}

/** The same, and the week of the thresholds. */
export interface History extends Day {
  /** The active slot's alarms' measures and requests, minute by minute since `alarmsFromMs`. */
  readonly alarmsFromMs: number;
  readonly alarms: Readonly<Record<AlarmKey, MinuteValues>>;
  readonly requests: MinuteValues;
}

export interface HistoryMinute {
  readonly requests: number;
  readonly activeRequests: number;
  readonly failed: number;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;

/** Reads the last day as the comparison would, and the alarms' measures of the last week; four calls to AWS. */
export async function readHistory(context: Context, deployed: Deployed): Promise<History> {
  const day = await readDay(context, deployed);
  return { ...day, ...(await readWeek(context, deployed, day.toMs)) };
}

/** The last day alone; three calls. What it reads is kept for the checks that follow. */
export async function readDay(
  context: Context,
  deployed: Deployed,
  memory: Pick<ComparisonMemory, "points"> = {},
): Promise<Day> {
  const points = (memory.points ??= new Map());
  const { config } = deployed;
  const active = config.activeSlot;
  const toMs = Math.floor(context.clock.now() / MINUTE_MS) * MINUTE_MS;
  const candidate = otherSlot(active);
  const compared = { active: "", attempt: 1, windows: [{ from: iso(toMs) }] };
  // What a check reads besides; its count of requests tells who was on the other slot.
  const ofLook = [...measureRequests(deployed, candidate), ...activeRequests(deployed, active)];
  const dayMs = toMs - DAY_MINUTES * MINUTE_MS;
  const { data, others, series } = await readComparison(
    context,
    deployed,
    candidate,
    compared,
    { points },
    ofLook,
    dayMs,
  );
  const onOther = new Map((others.get("requests") ?? []).map(({ atMs, value }) => [atMs, value]));
  const fromMs = toMs - data.historyMinutes * MINUTE_MS;
  const minutes = Array.from({ length: data.historyMinutes }, (_, index): HistoryMinute => {
    const zones = data.zones.map((zone) => zone[index]);
    const sum = (pick: (one: NonNullable<(typeof zones)[number]>) => number) =>
      zones.reduce((total, one) => total + (one === undefined ? 0 : pick(one)), 0);
    const activeRequests = sum(({ requests }) => requests);
    return {
      requests: activeRequests + (onOther.get(fromMs + index * MINUTE_MS) ?? 0),
      activeRequests,
      failed: Math.max(0, activeRequests - sum(({ answered }) => answered)),
    };
  });
  const sticky = config.service.stickinessSeconds > 0;
  return {
    fromMs,
    toMs,
    minutes,
    metrics: metricsOf(data, [], {
      sticky,
      compareClientErrors: config.rollout.compareClientErrors,
      warmupMinutes: config.rollout.warmupMinutes,
      finalUntilMs: Number.POSITIVE_INFINITY,
    }).metrics,
    data,
    // The frozen quantiles are read once a release, everything else at each check; a candidate has a service.
    seriesPerLook:
      series +
      (ofLook.some(
        ({ id, queries }) => JUDGING_ALARM_KEYS.some((key) => key === id) && queries.some(isOnService),
      )
        ? 0
        : ofService(config.thresholds)),
  };
}

const ofService = (thresholds: Thresholds) =>
  JUDGING_ALARM_KEYS.flatMap((key) => alarmSpec(key).queries(thresholds)).filter(isOnService).length;

async function readWeek(
  context: Context,
  deployed: Deployed,
  toMs: number,
): Promise<Pick<History, "alarmsFromMs" | "alarms" | "requests">> {
  const active = deployed.config.activeSlot;
  const requests: readonly MeasureRequest[] = [
    ...measureRequests(deployed, active).filter(({ id }) => id !== "requests"),
    { id: "requests", queries: [REQUEST_COUNT], periodSeconds: 60, place: placeOf(deployed.outputs, active) },
  ];
  const read = await context.metrics.read(requests, toMs - WEEK_MINUTES * MINUTE_MS, toMs);
  const alarmsFromMs = read.get("requests")?.[0]?.atMs ?? toMs;
  const count = (toMs - alarmsFromMs) / MINUTE_MS;
  const valuesOf = (id: string): MinuteValues => {
    const by = new Map((read.get(id) ?? []).map(({ atMs, value }) => [atMs, value]));
    return Array.from({ length: count }, (_, index) => by.get(alarmsFromMs + index * MINUTE_MS));
  };
  // Each key of the catalogue is in it once.
  const alarms = Object.fromEntries(
    JUDGING_ALARM_KEYS.map((key) => [key, valuesOf(key)]),
  ) as History["alarms"];
  return { alarmsFromMs, alarms, requests: valuesOf("requests") };
}
