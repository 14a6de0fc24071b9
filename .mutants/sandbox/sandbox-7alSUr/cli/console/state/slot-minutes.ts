import { trimmedCount } from "../../../contract/alarms/queries.ts";
import { SLOTS, type Slot } from "../../../contract/slot.ts";
import type { MeasuredPoint, MeasureRequest } from "../../../validation/measures.ts";
import type { Context, Deployed } from "../../../validation/ports.ts";
import { placeOf } from "../../../validation/rollout/place.ts";
import { readKept, type KeptPoints } from "../../../validation/rollout/reading/kept-points.ts";

/** What both slots did, minute by minute; columns, because four hours of them are drawn at once. */
export interface SlotMinutes {
  /** Begin of each minute, epoch seconds of the cloud's clock. */
  readonly seconds: readonly number[];
  readonly blue: SlotColumns;
  readonly green: SlotColumns;
  /** An answer later than this counts as late. */
  readonly slowSeconds: number;
}

/** null: the minute has no such datum. A count without a datum is 0: the load balancer reports no zeros. */
export interface SlotColumns {
  readonly requests: readonly number[];
  readonly failed: readonly number[];
  readonly late: readonly number[];
  readonly p95: readonly (number | null)[];
  readonly healthy: readonly (number | null)[];
}

const MINUTE_MS = 60_000;
export const SHOWN_MINUTES = 240;

/** The last four hours; what was read stays, and the last ten minutes are read again. */
export async function slotMinutes(
  { clock, metrics }: Pick<Context, "clock" | "metrics">,
  deployed: Deployed,
  kept: KeptPoints,
): Promise<SlotMinutes> {
  const toMs = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS;
  const fromMs = toMs - SHOWN_MINUTES * MINUTE_MS;
  const requests = SLOTS.flatMap((slot) => requestsOf(deployed, slot));
  const read = await readKept(metrics, kept, [{ requests, fromMs }], toMs);
  const first = Math.min(...[...read.values()].flatMap((points) => points[0]?.atMs ?? []), toMs);
  const minutes = Array.from({ length: (toMs - first) / MINUTE_MS }, (_, index) => first + index * MINUTE_MS);
  const columns = (slot: Slot): SlotColumns => ({
    requests: counted(read.get(`${slot}_requests`), minutes),
    failed: counted(read.get(`${slot}_failed`), minutes),
    late: counted(read.get(`${slot}_late`), minutes),
    p95: measured(read.get(`${slot}_p95`), minutes),
    healthy: measured(read.get(`${slot}_healthy`), minutes),
  });
  return {
    seconds: minutes.map((atMs) => atMs / 1000),
    blue: columns("blue"),
    green: columns("green"),
    slowSeconds: deployed.config.thresholds.slowSeconds,
  };
}

function requestsOf({ outputs, config }: Deployed, slot: Slot): readonly MeasureRequest[] {
  const place = placeOf(outputs, slot);
  const one = (name: string, metricName: string, stat: string): MeasureRequest => ({
    id: `${slot}_${name}`,
    queries: [{ id: "value", metricName, stat, scope: "targetGroup" }],
    periodSeconds: 60,
    place,
  });
  return [
    one("requests", "RequestCount", "Sum"),
    one("failed", "HTTPCode_Target_5XX_Count", "Sum"),
    one("late", "TargetResponseTime", trimmedCount(config.thresholds.slowSeconds)),
    one("p95", "TargetResponseTime", "p95"),
    one("healthy", "HealthyHostCount", "Minimum"),
  ];
}

function counted(points: readonly MeasuredPoint[] = [], minutes: readonly number[]): readonly number[] {
  const by = new Map(points.map(({ atMs, value }) => [atMs, value]));
  return minutes.map((atMs) => by.get(atMs) ?? 0);
}

function measured(points: readonly MeasuredPoint[] = [], minutes: readonly number[]) {
  const by = new Map(points.map(({ atMs, value }) => [atMs, value]));
  return minutes.map((atMs) => by.get(atMs) ?? null);
}
