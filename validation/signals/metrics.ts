import { REQUESTS, type Signal } from "../../contract/signals/signal.ts";
import type { Count } from "../core/comparison/counts.ts";
import type { SignalMinute, SignalSeries } from "../core/signals/series.ts";
import type { MeasuredPoint, MeasureRequest, SlotMetrics } from "../measures.ts";
import { minutesIn } from "./minutes.ts";
import { emptySeries, TASKS, type AskedPair, type SignalMetrics } from "./sources/define.ts";
import { tenthStats, type Tenths } from "./tenths.ts";

export type Arm = "candidate" | "active";
export type ReadPoints = ReadonlyMap<string, readonly MeasuredPoint[]>;
/** A count of a slot in the minute that begins then. */
export type CountAt = (arm: Arm, atMs: number) => number;

/** What the load balancer counts of both slots, and is read anyway. */
export interface BalancerCounts {
  readonly requests: CountAt;
  readonly healthy: CountAt;
}

/** What a metric is read as: the sum of its values, their number, or how many of them lie between two bounds. */
export interface WantedMetric {
  readonly arm: Arm;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: string;
  /** Whether of the active slot's time before the release, too. */
  readonly withHistory: boolean;
}

/** The same metric of two signals is read once: its id is all that it is. */
export const idOf = ({ arm, namespace, metricName, dimensions, stat }: WantedMetric): string =>
  JSON.stringify(["signal", arm, stat, namespace, metricName, dimensions]);

export const requestOf = (wanted: WantedMetric, place: SlotMetrics): MeasureRequest => {
  const { namespace, metricName, stat, dimensions } = wanted;
  const queries = [{ id: "value", namespace, metricName, stat, dimensions }];
  return { id: idOf(wanted), queries, periodSeconds: 60, place };
};

/** A signal of metrics: which are read, and what becomes of them. */
export interface MetricsSignal {
  readonly signal: Signal;
  readonly of: Readonly<Record<Arm, SignalMetrics>>;
  /** Of scores alone. */
  readonly tenths: Tenths | undefined;
}

const ARMS = ["candidate", "active"] as const;
const SUM = "Sum";

export function wantedOf({ signal, of, tenths }: MetricsSignal): readonly WantedMetric[] {
  if (signal.kind === "scores") {
    if (tenths === undefined || !tenths.readable) return [];
    const stats = ["SampleCount", ...tenthStats(tenths.value)];
    return ARMS.flatMap((arm) =>
      stats.map((stat) => wanted(arm, of[arm], of[arm].numerator, { stat, withHistory: true })),
    );
  }
  return ARMS.flatMap((arm) => [
    ...pairOf(arm, of[arm], true),
    ...segmentsOf(signal).flatMap((one) => pairOf(arm, within(of[arm], one), false)),
  ]);
}

function pairOf(arm: Arm, of: SignalMetrics, withHistory: boolean): readonly WantedMetric[] {
  if (of.denominator === TASKS) return [usageOf(arm, of)];
  return [of.numerator, ...(of.denominator === REQUESTS ? [] : [of.denominator])].map((name) =>
    wanted(arm, of, name, { stat: SUM, withHistory }),
  );
}

/** What the tasks of a slot use, on average. */
export const usageOf = (arm: Arm, of: SignalMetrics): WantedMetric =>
  wanted(arm, of, of.numerator, { stat: "Average", withHistory: true });

const wanted = (
  arm: Arm,
  { namespace, dimensions }: SignalMetrics,
  metricName: string,
  how: Pick<WantedMetric, "stat" | "withHistory">,
): WantedMetric => ({ arm, namespace, metricName, dimensions, ...how });

interface Segment {
  readonly name: string;
  readonly value: string;
}

const segmentsOf = ({ segments }: Signal): readonly Segment[] =>
  Object.entries(segments).flatMap(([name, values]) => values.map((value) => ({ name, value })));

/** The same metrics with one more dimension. */
const within = (of: SignalMetrics, { name, value }: Segment): SignalMetrics => ({
  ...of,
  dimensions: { ...of.dimensions, [name]: value },
});

/** What was read of a signal's metrics as its series. */
export function seriesOfMetrics(
  one: MetricsSignal,
  read: ReadPoints,
  asked: AskedPair,
  requests: CountAt,
): SignalSeries {
  const { signal, of, tenths } = one;
  if (signal.kind === "scores") {
    const bounds = tenths ?? { readable: false, why: "its tenths were not asked for" };
    return bounds.readable ? seriesOfScores(one, bounds.value, read, asked) : emptySeries(signal, bounds.why);
  }
  const countOf = (metrics: (arm: Arm) => SignalMetrics) => {
    const at = (name: "numerator" | "denominator"): CountAt =>
      pointsOf(read, (arm) =>
        wanted(arm, metrics(arm), metrics(arm)[name], { stat: SUM, withHistory: true }),
      );
    const [events, exposure] = [
      at("numerator"),
      of.active.denominator === REQUESTS ? requests : at("denominator"),
    ];
    return (arm: Arm, atMs: number): Count => ({ exposure: exposure(arm, atMs), events: events(arm, atMs) });
  };
  const whole = countOf((arm) => of[arm]);
  const segments = segmentsOf(signal).map((segment) => ({
    name: `${segment.name}=${segment.value}`,
    minutes: paired(
      asked,
      countOf((arm) => within(of[arm], segment)),
    ),
  }));
  const history = historyOf(asked, whole);
  const counts = { signal, minutes: paired(asked, whole), segments, tenths: [], history };
  return { ...counts, held: undefined };
}

/** So much of the scores may lie in no tenth: CloudWatch counts between bounds by what it keeps of the values. */
const MOST_OUTSIDE = 0.01;

function seriesOfScores(
  { signal, of }: MetricsSignal,
  bounds: readonly number[],
  read: ReadPoints,
  asked: AskedPair,
): SignalSeries {
  const by = (stat: string) =>
    pointsOf(read, (arm) => wanted(arm, of[arm], of[arm].numerator, { stat, withHistory: true }));
  const tenths = tenthStats(bounds).map(by);
  const all = by("SampleCount");
  const inTenths: CountAt = (arm, atMs) => tenths.reduce((sum, tenth) => sum + tenth(arm, atMs), 0);
  const counts = tenths.map((tenth) => (arm: Arm, atMs: number): Count => ({
    exposure: inTenths(arm, atMs),
    events: tenth(arm, atMs),
  }));
  const highest = counts.at(-1);
  const minutes = paired(asked, (arm, atMs) => {
    const inside = inTenths(arm, atMs);
    return { exposure: inside, events: inside };
  });
  const outside = ARMS.some((arm) => {
    const sum = (count: CountAt) => minutes.reduce((total, { atMs }) => total + count(arm, atMs), 0);
    return sum(all) - sum(inTenths) > MOST_OUTSIDE * sum(all);
  });
  return {
    signal,
    minutes,
    segments: [],
    tenths: counts.map((count) => paired(asked, count)),
    history: highest === undefined ? [] : historyOf(asked, highest),
    held: outside
      ? `CloudWatch has more scores than it counts between the bounds, as where a score is below 0`
      : undefined,
  };
}

/** No point is a count of 0: CloudWatch has none where nothing was published. */
function pointsOf(read: ReadPoints, metric: (arm: Arm) => WantedMetric): CountAt {
  const at = valuesOf(read, metric);
  return (arm, atMs) => at(arm, atMs) ?? 0;
}

/** undefined: nothing was published. */
export function valuesOf(
  read: ReadPoints,
  metric: (arm: Arm) => WantedMetric,
): (arm: Arm, atMs: number) => number | undefined {
  const of = (arm: Arm) =>
    new Map((read.get(idOf(metric(arm))) ?? []).map(({ atMs, value }) => [atMs, value] as const));
  const by = { candidate: of("candidate"), active: of("active") };
  return (arm, atMs) => by[arm].get(atMs);
}

export const paired = (
  { windows }: AskedPair,
  count: (arm: Arm, atMs: number) => Count,
): readonly SignalMinute[] =>
  windows.flatMap(({ fromMs, toMs }) =>
    minutesIn(fromMs, toMs).map((atMs) => ({
      atMs,
      candidate: count("candidate", atMs),
      active: count("active", atMs),
    })),
  );

/** From the first minute that has anything on. */
export function historyOf(
  { historyFromMs, sinceMs }: AskedPair,
  count: (arm: Arm, atMs: number) => Count,
): readonly Count[] {
  const counts = minutesIn(historyFromMs, sinceMs).map((atMs) => count("active", atMs));
  const first = counts.findIndex(({ exposure }) => exposure > 0);
  return first === -1 ? [] : counts.slice(first);
}
