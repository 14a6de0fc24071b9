import type { Reading } from "../core/observation.ts";
import type { MeasuredPoint, MeasureRequest, SlotMetrics } from "../measures.ts";
import type { SignalMetrics } from "./sources/define.ts";

/** Nine bounds between the tenths of the active slot's scores before a release, ascending; unreadable: why there are none. */
export type Tenths = Reading<readonly number[]>;

const PERCENTS = [10, 20, 30, 40, 50, 60, 70, 80, 90] as const;
/** Thirty scores beyond the outermost bounds, as for late answers. */
const FEWEST_SCORES = 300;
// CloudWatch User Guide, "CloudWatch statistics definitions": a bound of a trimmed count has at most ten decimals.
const DECIMALS = 10;

/** What is read once a release; `id` begins the ids of all. */
export function tenthsRequests(
  id: string,
  { namespace, numerator: metricName, dimensions }: SignalMetrics,
  { periodSeconds, place }: { readonly periodSeconds: number; readonly place: SlotMetrics },
): readonly MeasureRequest[] {
  const one = (name: string, stat: string): MeasureRequest => ({
    id: `${id} ${name}`,
    queries: [{ id: "value", namespace, metricName, stat, dimensions }],
    periodSeconds,
    place,
  });
  return [one("samples", "SampleCount"), ...PERCENTS.map((percent) => one(`p${percent}`, `p${percent}`))];
}

/** The bounds, of what was read of these requests. A median of many short periods does not mind a bad hour. */
export function tenthsOf(id: string, read: ReadonlyMap<string, readonly MeasuredPoint[]>): Tenths {
  const points = (name: string) => (read.get(`${id} ${name}`) ?? []).map(({ value }) => value);
  const samples = points("samples").reduce((sum, value) => sum + value, 0);
  if (samples < FEWEST_SCORES)
    return unreadable(
      `the active slot had ${Math.round(samples)} scores in the day before; ${FEWEST_SCORES} are needed`,
    );
  const bounds = PERCENTS.map((percent) => median(points(`p${percent}`)));
  const known = bounds.flatMap((bound) =>
    bound === undefined || bound < 0 ? [] : [Number(bound.toFixed(DECIMALS))],
  );
  // The same page: percentiles and trimmed counts are of values from 0 up, each published by itself.
  if (known.length < bounds.length)
    return unreadable(
      "CloudWatch has no percentiles of it: each score is to be published by itself, and from 0 up",
    );
  const same = known.find((bound, index) => index > 0 && bound <= (known[index - 1] ?? 0));
  if (same !== undefined)
    return unreadable(
      `too few different scores: more than a tenth of the active slot's are ${same}, so that ten tenths cannot be told apart`,
    );
  return { readable: true, value: known };
}

const unreadable = (why: string): Tenths => ({ readable: false, why });

/** The middle one; undefined: there are none. */
export function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** The ten statistics that count scores between the bounds, which are exclusive below and inclusive above. */
export function tenthStats(bounds: readonly number[]): readonly string[] {
  const texts = bounds.map((bound) => bound.toFixed(DECIMALS).replace(/\.?0+$/, ""));
  return Array.from({ length: texts.length + 1 }, (_, at) => `TC(${texts[at - 1] ?? ""}:${texts[at] ?? ""})`);
}
