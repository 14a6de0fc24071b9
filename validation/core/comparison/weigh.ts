import {
  partsOf,
  roleOf,
  type ComparedMetric,
  type Crossing,
  type TimedMinute,
  type Weighed,
} from "./compared.ts";
import { logSumExp } from "./evidence/grid.ts";
import {
  alphaOf,
  eValueOf,
  weighing,
  weightsOf,
  type ComparisonPolicy,
  type WeighedMetric,
  type Weighing,
} from "./evidence/weighing.ts";

/** What a metric's evidence came to. */
export interface WeighedPart {
  readonly logE: number;
  /** Of the sum that can end the release; 0: it is no part of it. */
  readonly weight: number;
  /** Part by part, in the order of the metric's own. */
  readonly parts: readonly number[];
  /** Of a signal that holds or is told, which has a threshold of its own. */
  readonly alone: Weighed | undefined;
}

export interface WeighedMetrics extends Weighed {
  readonly each: readonly WeighedPart[];
}

/** Minutes with an evidence of their own, and the part of their metric's that it is. */
interface Series extends WeighedMetric {
  readonly minutes: readonly TimedMinute[];
  readonly weight: number;
}

const seriesOf = (metric: ComparedMetric): readonly Series[] =>
  partsOf(metric).map(({ minutes, weight }) => {
    const { kind, signal, dispersion } = metric;
    return { kind, ...(signal === undefined ? {} : { signal }), phi: dispersion.phi, minutes, weight };
  });

/** `recent` are the same metrics as doubt has them: before the first retreat, without an incident, it is the same evidence. */
export function weigh(
  metrics: readonly ComparedMetric[],
  policy: ComparisonPolicy,
  recent: readonly ComparedMetric[] = metrics,
  doubting: ComparisonPolicy = policy,
): { readonly comparison: WeighedMetrics; readonly doubt: Weighed } {
  const series: Series[] = [];
  const put = (metric: ComparedMetric) => seriesOf(metric).map((one) => series.push(one) - 1);
  const places = metrics.map(put);
  const roles = metrics.map(roleOf);
  const isInDoubt = (index: number) => roles[index] === "both" || roles[index] === "doubt";
  /** Where in the series doubt finds each metric. */
  const doubted = recent.map((metric, index) => {
    if (!isInDoubt(index)) return [];
    return isSame(metric, metrics[index]) ? (places[index] ?? []) : put(metric);
  });
  const weights = weightsOf(metrics);
  const spread = (of: readonly (readonly number[])[], isIn: (index: number) => boolean) => {
    const spreadOut = series.map(() => 0);
    of.forEach((found, index) => {
      if (!isIn(index)) return;
      for (const at of found) spreadOut[at] = (weights[index] ?? 0) * (series[at]?.weight ?? 0);
    });
    return spreadOut;
  };
  const isSpoken = (index: number) => roles[index] === "both";
  const evidence = weighing(series, policy, spread(places, isSpoken));
  const logEOf = (of: readonly number[] = []) =>
    of.length === 1
      ? evidence.logE(of[0] ?? 0)
      : logSumExp(of.map((at) => Math.log(series[at]?.weight ?? 0) + evidence.logE(at)));
  const watched = (among: readonly (readonly number[])[], isIn: (index: number) => boolean) => {
    const parts = metrics.flatMap(({ name }, index) =>
      isIn(index) ? [{ name, logE: () => Math.log(weights[index] ?? 0) + logEOf(among[index]) }] : [],
    );
    return () => parts.reduce((a, b) => (b.logE() > a.logE() ? b : a)).name;
  };
  const found = crossings(watched(places, isSpoken), evidence, policy);
  const beside = crossings(
    watched(doubted, isInDoubt),
    evidence.beside(doubting, spread(doubted, isInDoubt)),
    doubting,
  );
  const alone = metrics.map((metric, index) => {
    if (roles[index] !== "alone") return undefined;
    const own = evidence.beside(
      policy,
      spread(places, (at) => at === index),
    );
    return crossings(() => metric.name, own, policy);
  });
  const takeIn = (minute: TimedMinute, index: number) => evidence.takeIn(index, minute);
  forEachMinute(series, takeIn, (atMs) => {
    found.note(atMs);
    beside.note(atMs);
    for (const one of alone) one?.note(atMs);
  });
  const each = metrics.map((_, index): WeighedPart => ({
    logE: logEOf(places[index]),
    weight: isSpoken(index) ? (weights[index] ?? 0) : 0,
    parts: (places[index] ?? []).map((at) => evidence.logE(at)),
    alone: alone[index]?.result(),
  }));
  return { comparison: { ...found.result(), each }, doubt: beside.result() };
}

/** Whether doubt looks at the same minutes in the same way. */
function isSame(a: ComparedMetric, b: ComparedMetric | undefined): boolean {
  if (b === undefined || a.dispersion.phi !== b.dispersion.phi) return false;
  const others = partsOf(b);
  return partsOf(a).every(({ minutes }, index) => minutes.length === others[index]?.minutes.length);
}

/** Remembers when the evidence was first enough. */
function crossings(
  heaviest: () => string,
  { isEnough, logSum }: Pick<Weighing, "isEnough" | "logSum">,
  policy: ComparisonPolicy,
) {
  let crossing: Crossing | undefined;
  return {
    note(atMs: number) {
      if (crossing !== undefined || !isEnough()) return;
      crossing = { atMs, evidence: eValueOf(logSum()), name: heaviest() };
    },
    result: (): Weighed => ({ evidence: eValueOf(logSum()), needed: 1 / alphaOf(policy), crossing }),
  };
}

/** All minutes in the order of time: each series' own, then the end of the minute for all of them. */
function forEachMinute(
  series: readonly Series[],
  takeIn: (minute: TimedMinute, index: number) => void,
  end: (atMs: number) => void,
): void {
  const next = series.map(() => 0);
  const timeOf = ({ minutes }: Series, at: number) => minutes[at]?.atMs ?? Number.POSITIVE_INFINITY;
  const times = Float64Array.from(series, (one) => timeOf(one, 0));
  for (;;) {
    let atMs = Number.POSITIVE_INFINITY;
    for (const time of times) if (time < atMs) atMs = time;
    if (atMs === Number.POSITIVE_INFINITY) return;
    for (let index = 0; index < times.length; index++) {
      if (times[index] !== atMs) continue;
      const [one, at] = [series[index], next[index] ?? 0];
      const minute = one?.minutes[at];
      if (one === undefined || minute === undefined) continue;
      takeIn(minute, index);
      next[index] = at + 1;
      times[index] = timeOf(one, at + 1);
    }
    end(atMs);
  }
}
