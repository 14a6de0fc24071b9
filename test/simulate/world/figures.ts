import type { AlarmQuery } from "../../../contract/alarms/alarm-catalog.ts";
import { SLOTS, type Slot } from "../../../contract/slot.ts";
import { evaluateMath } from "../../../packages/local-cloud/metrics/math.ts";
import { parseMath, type Expression } from "../../../packages/local-cloud/metrics/math-parse.ts";
import type { MeasuredPoint } from "../../../validation/measures.ts";
import { between, type Draw } from "../engine/dice.ts";
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

interface Cloud {
  readonly traffic: Traffic;
  readonly healthyAt: (slot: Slot, atMs: number) => number;
  /** How long after a minute's end its figures are late beside the usual. */
  readonly lateBy: (endMs: number) => number;
  readonly draw: Draw;
  /** Nothing is older. */
  readonly bornMs: number;
}

export type Query = AlarmQuery | { readonly id: string; readonly metricName: string; readonly stat: string };

/** CloudWatch's figures of the two target groups: what it answers at a moment about minutes before. */
export class Figures {
  private readonly cloud: Cloud;
  private readonly parsed = new Map<string, Expression>();

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
    const named = new Map(queries.map((query) => [query.id, query]));
    const tree = this.parsed.get(last.expression) ?? parseMath(last.expression);
    this.parsed.set(last.expression, tree);
    const result = evaluateMath(tree, {
      timestampsMs: times,
      work: () => {},
      resolve: (id) => {
        const query = named.get(id);
        if (query === undefined || "expression" in query) throw new Error(`no metric is called ${id}`);
        const points = this.series(slot, query, times, range.periodMs, nowMs);
        return new Map(points.map(({ atMs, value }) => [atMs, value]));
      },
    });
    return [...result].map(([atMs, value]) => ({ atMs, value })).sort((a, b) => a.atMs - b.atMs);
  }

  private times({ fromMs, toMs, periodMs }: { fromMs: number; toMs: number; periodMs: number }): number[] {
    const first = Math.ceil(Math.max(fromMs, this.cloud.bornMs) / periodMs) * periodMs;
    const count = Math.max(0, Math.ceil((toMs - first) / periodMs));
    return Array.from({ length: count }, (_, at) => first + at * periodMs);
  }

  private series(
    slot: Slot,
    query: { readonly metricName: string; readonly stat: string },
    times: readonly number[],
    periodMs: number,
    nowMs: number,
  ): readonly MeasuredPoint[] {
    return times.flatMap((atMs) => {
      const minutes = Array.from({ length: periodMs / MINUTE_MS }, (_, at) => atMs + at * MINUTE_MS);
      const values = minutes.flatMap((minute) => this.value(slot, query, minute, nowMs) ?? []);
      if (values.length === 0) return [];
      const isSum = query.stat === "Sum" || query.stat === "SampleCount" || query.stat.startsWith("TC");
      const value = isSum ? values.reduce((sum, one) => sum + one, 0) : Math.max(...values);
      return [{ atMs, value }];
    });
  }

  /** undefined: CloudWatch has no point. ELB reports counts that are not zero (ELB guide, CloudWatch metrics). */
  private value(
    slot: Slot,
    { metricName, stat }: { readonly metricName: string; readonly stat: string },
    atMs: number,
    nowMs: number,
  ): number | undefined {
    const whole = () => this.cloud.traffic.minute(slot, atMs);
    const part = (count: number, group: string) => {
      const told = Math.floor(count * this.partAt(slot, group, atMs, nowMs));
      return told === 0 ? undefined : told;
    };
    if (atMs + MINUTE_MS > nowMs) return undefined;
    switch (metricName) {
      case "RequestCount":
        return part(whole().requests, "requests");
      case "HTTPCode_Target_2XX_Count":
        return part(whole().requests - whole().errors, "answers");
      case "HTTPCode_Target_5XX_Count":
        return part(whole().errors, "answers");
      case "TargetResponseTime": {
        const samples = part(whole().requests, "answers");
        if (samples === undefined || stat === "SampleCount") return samples;
        return stat.startsWith("TC") ? 0 : LATENCY_SECONDS;
      }
      case "HealthyHostCount":
        return this.partAt(slot, "hosts", atMs, nowMs) < 1 ? undefined : this.cloud.healthyAt(slot, atMs);
      case "CPUUtilization":
      case "MemoryUtilization":
        return this.partAt(slot, "tasks", atMs, nowMs) < 1 ? undefined : 30;
      default:
        // 3xx, 4xx, refused connections and the load balancer's own errors: there are none, and ELB reports no zeros.
        return undefined;
    }
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
