import { ALARM_KEYS, type AlarmKey } from "../../../contract/alarms/alarm-catalog.ts";
import { SLOTS, type Slot } from "../../../contract/slot.ts";
import type { MeasuredPoint, MeasureRequest } from "../../../validation/measures.ts";

const MINUTE_MS = 60_000;
const ALARMING = 0.3;
const ALARMS: Readonly<Record<string, number>> = { "healthy-hosts": 2 };
/** What an alarm measures that goes off. */
const BREACHES: Readonly<Record<string, number>> = { "healthy-hosts": 0, cpu: 95, memory: 95 };

/** What the metrics of a world in memory come from: but for the split the same in every minute. */
export interface Measured {
  /** What a metric by its whole name says in the minute that begins then; undefined: it has no value. */
  readonly signals: (
    atMs: number,
    metric: { readonly metricName: string; readonly dimensions: Readonly<Record<string, string>> },
  ) => number | undefined;
  readonly bornMs: number;
  readonly requestsPerMinute: number;
  /** The split at the begin of a minute, epoch ms. */
  readonly liveAt: (atMs: number) => Readonly<Record<Slot, number>>;
  /** Requests a minute of a cohort, wherever its rule leads; none unless given. */
  readonly cohortPerMinute?: number;
  /** Slots to which rules of cohorts lead at the begin of a minute, epoch ms. */
  readonly cohortsAt?: (atMs: number) => readonly Slot[];
  /** Answered 5xx, per request that was answered. */
  readonly failureRate: Readonly<Record<Slot, number>>;
  /** Answered 4xx, per request that was answered. */
  readonly refusalRate: Readonly<Record<Slot, number>>;
  /** Requests a minute that clients send to a slot besides, and give up before there is an answer. */
  readonly abandonedPerMinute: Readonly<Record<Slot, number>>;
  readonly alarmStates: Readonly<
    Record<Slot, Readonly<Partial<Record<AlarmKey, { readonly state: string }>>>>
  >;
}

/** The points of these measures; the world began an hour before the test did. */
export function measuredPoints(
  world: Measured,
  requests: readonly MeasureRequest[],
  fromMs: number,
  toMs: number,
): ReadonlyMap<string, readonly MeasuredPoint[]> {
  for (const { queries, place } of requests) {
    const onService = queries.some((query) => "scope" in query && query.scope === "service");
    // CloudWatch refuses a whole call for one dimension without a value.
    if (onService && place.serviceName === undefined) throw new Error("ValidationException");
  }
  const firstMs = Math.max(fromMs, world.bornMs - 60 * MINUTE_MS);
  const minutes = Array.from(
    { length: Math.max(0, (toMs - firstMs) / MINUTE_MS) },
    (_, index) => firstMs + index * MINUTE_MS,
  );
  return new Map(
    requests.map((request) => {
      const valueAt = valueOf(world, request);
      const points = minutes.flatMap((atMs) => {
        const value = valueAt(atMs);
        return value === undefined ? [] : [{ atMs, value }];
      });
      return [request.id, points];
    }),
  );
}

/** Of the group for cohorts: ELB counts there what their rules forward, and reports nothing where nobody came. */
function cohortValue(world: Measured, atMs: number, slot: Slot, metricName: string): number | undefined {
  const cohorts = world.cohortsAt?.(atMs) ?? [];
  const requests = (world.cohortPerMinute ?? 0) * cohorts.filter((one) => one === slot).length;
  if (requests === 0) return undefined;
  const failed = Math.round(requests * world.failureRate[slot]);
  const byMetric: Readonly<Record<string, number | undefined>> = {
    RequestCount: requests,
    HTTPCode_Target_2XX_Count: requests - failed,
    HTTPCode_Target_5XX_Count: failed === 0 ? undefined : failed,
  };
  return byMetric[metricName];
}

type ValueAt = (atMs: number) => number | undefined;

/** undefined: not reported. */
function valueOf(world: Measured, { id, queries, place }: MeasureRequest): ValueAt {
  const alarm = ALARM_KEYS.find((key) => id === key || id.endsWith(`-${key}`));
  const slot = SLOTS.find((one) => place.targetGroupSuffix.includes(`/${one}/`)) ?? "blue";
  if (alarm !== undefined) {
    const isOff = world.alarmStates[slot][alarm]?.state === "ALARM";
    const value = isOff ? (BREACHES[alarm] ?? ALARMING) : (ALARMS[alarm] ?? 0.01);
    return () => value;
  }
  const last = queries.at(-1);
  if (last === undefined || "expression" in last) return () => undefined;
  if ("namespace" in last && last.namespace === "MlBlueGreen/Signals")
    return (atMs) => world.signals(atMs, last);
  const { metricName } = last;
  const ofCohort = SLOTS.find((one) => place.targetGroupSuffix.includes(`/${one}-cohort/`));
  if (ofCohort !== undefined) return (atMs) => cohortValue(world, atMs, ofCohort, metricName);
  return (atMs) => slotValue(world, atMs, slot, metricName);
}

function slotValue(world: Measured, atMs: number, slot: Slot, metricName: string): number | undefined {
  const live = world.liveAt(atMs);
  const requests = Math.round((world.requestsPerMinute * live[slot]) / 100);
  const abandoned = live[slot] === 0 ? 0 : world.abandonedPerMinute[slot];
  // An alarm does not go off without a reason: so many fail that it would.
  const isAlarmed = world.alarmStates[slot]["error-rate"]?.state === "ALARM";
  const failed = Math.round(requests * (isAlarmed ? ALARMING : world.failureRate[slot]));
  const refused = Math.round(requests * world.refusalRate[slot]);
  switch (metricName) {
    case "RequestCount":
      return requests + abandoned;
    case "HTTPCode_Target_2XX_Count":
      return requests - refused - failed;
    // ELB reports no zeros.
    case "HTTPCode_Target_4XX_Count":
      return refused === 0 ? undefined : refused;
    case "HTTPCode_Target_5XX_Count":
      return failed;
    case "HealthyHostCount":
      return 2;
    default:
      return undefined;
  }
}
