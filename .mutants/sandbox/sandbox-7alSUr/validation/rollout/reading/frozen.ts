import type { SlowThreshold } from "../../core/comparison/data.ts";
import { median, tenthsOf, tenthsRequests, type Tenths } from "../../signals/tenths.ts";
import type { SignalMetrics } from "../../signals/sources/define.ts";
import type { MeasuredPoint, MeasureRequest, SlotMetrics } from "../../measures.ts";
import type { Context } from "../../ports.ts";

const MINUTE_MS = 60_000;
const QUANTILES = [0.9, 0.99] as const;
/** Quantiles are taken per five minutes; their median does not mind a bad hour. */
const QUANTILE_PERIOD_MS = 5 * MINUTE_MS;
/** A quantile q is judged from 30 / (1 - q) answers on. */
const ANSWERS_BEYOND = 30;

/** What of the active slot before the release is taken once, and stands for all of it. */
export interface Frozen {
  readonly sinceMs: number;
  /** Quantiles of its response times; those that too few answers tell of are left out. */
  readonly slow: readonly SlowThreshold[];
  /** Bounds between the tenths of its scores, by name of the signal. */
  readonly tenths: ReadonlyMap<string, Tenths>;
}

export interface FrozenAsked {
  /** Where the active slot's metrics are. */
  readonly place: SlotMetrics;
  readonly sinceMs: number;
  readonly historyMinutes: number;
  /** The active slot's metric of each signal of scores, by its name. */
  readonly scores: ReadonlyMap<string, SignalMetrics>;
}

/** One call to AWS. The same is read again by every process: nothing of that time changes any more. */
export async function frozenOf(
  context: Pick<Context, "metrics">,
  { place, sinceMs, historyMinutes, scores }: FrozenAsked,
): Promise<Frozen> {
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
    ...[...scores].flatMap(([name, metrics]) => tenthsRequests(name, metrics, { periodSeconds, place })),
  ];
  const read = await context.metrics.read(requests, toMs - historyMinutes * MINUTE_MS, toMs);
  const tenths = new Map([...scores].map(([name]) => [name, tenthsOf(name, read)] as const));
  return { sinceMs, slow: slowThresholds(read), tenths };
}

function slowThresholds(read: ReadonlyMap<string, readonly MeasuredPoint[]>): readonly SlowThreshold[] {
  const samples = (read.get("samples") ?? []).reduce((sum, { value }) => sum + value, 0);
  return QUANTILES.flatMap((quantile): SlowThreshold[] => {
    const seconds = median((read.get(`p${quantile * 100}`) ?? []).map(({ value }) => value));
    const isEnough = samples >= ANSWERS_BEYOND / (1 - quantile) - 1e-9;
    return seconds === undefined || !isEnough ? [] : [{ quantile, seconds, samples }];
  });
}
