import type { AlarmQuery } from "../../../contract/alarms/alarm-catalog.ts";
import { SLOTS, type Slot } from "../../../contract/slot.ts";
import { evaluateMath } from "../../../packages/local-cloud/metrics/math.ts";
import { parseMath, type Expression } from "../../../packages/local-cloud/metrics/math-parse.ts";
import type { MeasuredPoint } from "../../../validation/measures.ts";
import { between, type Draw } from "../engine/dice.ts";
import { ANSWERED, WRONG } from "../scenario/signal.ts";
import type { Traffic } from "./traffic.ts";

const MINUTE_MS = 60_000;
/**
 * After so long every figure of a minute is there and whole. AWS promises nothing; a minute in practice is there after one
 * to three, and the newest is often partial (CloudWatch's known lag, as the alarms' windows assume it: alarms/queries.ts).
 */
export const WHOLE_AFTER_MS = 295_000;
/** Each load balancer node tells on its own, so a part grows at least this often until it is whole. */
const GROWS_EVERY_MS = 45_000;
const LATENCY_SECONDS = 0.12;
const USUAL_LOAD_PERCENT = 30;

interface Cloud {
  readonly traffic: Traffic;
  readonly healthyAt: (slot: Slot, atMs: number) => number;
  /** How long after a minute's end its figures are late beside the usual. */
  readonly lateBy: (endMs: number) => number;
  readonly draw: Draw;
  /** Nothing is older. */
  readonly bornMs: number;
}

const NOTHING: ReadonlyMap<number, number> = new Map();

interface Measure {
  readonly metricName: string;
  readonly stat: string;
}
export type Query = AlarmQuery | ({ readonly id: string } & Measure);

/** CloudWatch's figures of the two target groups: what it answers at a moment about minutes before. */
export class Figures {
  private readonly cloud: Cloud;
  private readonly parsed = new Map<string, Expression>();
  private readonly wholeOf = new Map<string, Map<number, number | undefined>>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** The last query is the one that is asked for; periods without a point are left out. */
  points(
    slot: Slot,
    queries: readonly Query[],
    range: { readonly fromMs: number; readonly toMs: number; readonly periodMs: number },
    nowMs: number,
  ): readonly MeasuredPoint[] {
    const last = queries.at(-1);
    if (last === undefined) return [];
    const times = this.times(range);
    if (!("expression" in last)) return this.series(slot, last, times, range.periodMs, nowMs);
    const key = `${slot} ${last.expression}`;
    const whole = this.wholeOf.get(key) ?? new Map<number, number | undefined>();
    this.wholeOf.set(key, whole);
    const open = times.filter((atMs) => !whole.has(atMs));
    const found =
      open.length === 0 ? NOTHING : this.evaluated(slot, queries, last.expression, open, range, nowMs);
    // What is whole stays as it is, and the expressions of the alarms are about each period by itself.
    for (const atMs of open)
      if (nowMs >= atMs + range.periodMs + WHOLE_AFTER_MS) whole.set(atMs, found.get(atMs));
    return times.flatMap((atMs) => {
      const value = whole.get(atMs) ?? found.get(atMs);
      return value === undefined ? [] : [{ atMs, value }];
    });
  }

  private evaluated(
    slot: Slot,
    queries: readonly Query[],
    expression: string,
    timestampsMs: readonly number[],
    { periodMs }: { readonly periodMs: number },
    nowMs: number,
  ): ReadonlyMap<number, number> {
    const named = new Map(queries.map((query) => [query.id, query]));
    const tree = this.parsed.get(expression) ?? parseMath(expression);
    this.parsed.set(expression, tree);
    return evaluateMath(tree, {
      timestampsMs,
      work: () => {},
      resolve: (id) => {
        const query = named.get(id);
        if (query === undefined || "expression" in query) throw new Error(`no metric is called ${id}`);
        const points = this.series(slot, query, timestampsMs, periodMs, nowMs);
        return new Map(points.map(({ atMs, value }) => [atMs, value]));
      },
    });
  }

  private times({ fromMs, toMs, periodMs }: { fromMs: number; toMs: number; periodMs: number }): number[] {
    const first = Math.ceil(Math.max(fromMs, this.cloud.bornMs) / periodMs) * periodMs;
    const count = Math.max(0, Math.ceil((toMs - first) / periodMs));
    return Array.from({ length: count }, (_, at) => first + at * periodMs);
  }

  private series(
    slot: Slot,
    query: Measure,
    times: readonly number[],
    periodMs: number,
    nowMs: number,
  ): readonly MeasuredPoint[] {
    const isSum = query.stat === "Sum" || query.stat === "SampleCount" || query.stat.startsWith("TC");
    const points: MeasuredPoint[] = [];
    for (const atMs of times) {
      let value: number | undefined;
      for (let minute = atMs; minute < atMs + periodMs; minute += MINUTE_MS) {
        const own = this.value(slot, query, minute, nowMs);
        if (own === undefined) continue;
        value = value === undefined ? own : isSum ? value + own : Math.max(value, own);
      }
      if (value !== undefined) points.push({ atMs, value });
    }
    return points;
  }

  /** undefined: CloudWatch has no point. ELB reports counts that are not zero (ELB guide, CloudWatch metrics). */
  private value(slot: Slot, { metricName, stat }: Measure, atMs: number, nowMs: number): number | undefined {
    if (atMs + MINUTE_MS > nowMs) return undefined;
    switch (metricName) {
      case "RequestCount":
        return this.part(this.cloud.traffic.minute(slot, atMs).requests, slot, "requests", atMs, nowMs);
      case "HTTPCode_Target_2XX_Count": {
        const { requests, errors } = this.cloud.traffic.minute(slot, atMs);
        return this.part(requests - errors, slot, "answers", atMs, nowMs);
      }
      case "HTTPCode_Target_5XX_Count":
        return this.part(this.cloud.traffic.minute(slot, atMs).errors, slot, "answers", atMs, nowMs);
      case "TargetResponseTime": {
        const { requests } = this.cloud.traffic.minute(slot, atMs);
        const samples = this.part(requests, slot, "answers", atMs, nowMs);
        if (samples === undefined || stat === "SampleCount") return samples;
        return stat.startsWith("TC") ? 0 : LATENCY_SECONDS;
      }
      case "HealthyHostCount":
        return this.partAt(slot, "hosts", atMs, nowMs) < 1 ? undefined : this.cloud.healthyAt(slot, atMs);
      case ANSWERED:
      case WRONG: {
        // Of one line, so both are there or neither; of a minute with answers also a sum of 0 (embedded metric format).
        const { requests, wrong } = this.cloud.traffic.minute(slot, atMs);
        const told = Math.floor(requests * this.partAt(slot, "lines", atMs, nowMs));
        if (told === 0) return undefined;
        return metricName === ANSWERED ? told : Math.floor((wrong * told) / requests);
      }
      case "CPUUtilization":
      case "MemoryUtilization":
        return this.partAt(slot, "tasks", atMs, nowMs) < 1 ? undefined : USUAL_LOAD_PERCENT;
      default:
        // 3xx, 4xx, refused connections and the load balancer's own errors: there are none, and ELB reports no zeros.
        return undefined;
    }
  }

  private part(count: number, slot: Slot, group: string, atMs: number, nowMs: number): number | undefined {
    if (count === 0) return undefined;
    const told = Math.floor(count * this.partAt(slot, group, atMs, nowMs));
    return told === 0 ? undefined : told;
  }

  /** How much of a minute's figures is there, 0 to 1. */
  private partAt(slot: Slot, group: string, atMs: number, nowMs: number): number {
    const endMs = atMs + MINUTE_MS;
    if (nowMs >= endMs + WHOLE_AFTER_MS) return 1;
    const { draw, lateBy } = this.cloud;
    const drawn = between(draw("whole after", slot, group, atMs), 15_000, 110_000);
    const wholeAfterMs = Math.min(drawn + lateBy(endMs), WHOLE_AFTER_MS);
    if (nowMs >= endMs + wholeAfterMs) return 1;
    const isInParts = draw("in parts", slot, group, atMs) < 0.5;
    const steps = Math.floor((nowMs - endMs - 10_000) / GROWS_EVERY_MS) + 1;
    if (!isInParts || steps <= 0) return 0;
    const of = Math.ceil(wholeAfterMs / GROWS_EVERY_MS) + 1;
    return Math.min(steps, of - 1) / of;
  }
}

export const slotOfGroup = (name: string): Slot => SLOTS.find((slot) => name.includes(`/${slot}`)) ?? "blue";
