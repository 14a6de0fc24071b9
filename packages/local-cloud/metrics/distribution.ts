/**
 * The values of one metric in one minute. Exact up to EXACT_VALUES distinct values, beyond that in logarithmic
 * buckets of 1 % relative error, so that a busy minute costs kilobytes whatever its traffic. Count, sum, minimum
 * and maximum are always exact.
 */
export interface Distribution {
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  /**
   * False when a statistic cannot be computed from raw values any more. CloudWatch "statistics definitions":
   * percentiles and trimmed statistics need raw data points and no negative value.
   */
  raw: boolean;
  coarse: boolean;
  /** Value to how often; undefined while packed. */
  open: Map<number, number> | undefined;
  /** undefined while open, and when packed with one value, which the totals have: so are most minutes of a day. */
  sealed: Sorted | undefined;
}

/** Ascending values and how often each occurred. */
export interface Sorted {
  // Lists and not typed arrays: most minutes have a value or two, and a typed array costs 200 bytes before its first.
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

export const EXACT_VALUES = 500;
const RELATIVE_ERROR = 0.01;
const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);

export function emptyDistribution(): Distribution {
  return {
    count: 0,
    sum: 0,
    minimum: Infinity,
    maximum: -Infinity,
    raw: true,
    coarse: false,
    open: new Map(),
    sealed: undefined,
  };
}

/** Adds `count` occurrences of one value. */
export function addValue(into: Distribution, value: number, count: number): void {
  if (value < 0) dropRaw(into);
  // Before the totals, which may have what was packed.
  const open = into.raw ? reopen(into) : undefined;
  addTotals(into, { count, sum: value * count, minimum: value, maximum: value });
  if (open === undefined) return;
  const key = into.coarse ? bucketValue(value) : value;
  open.set(key, (open.get(key) ?? 0) + count);
  if (!into.coarse && open.size > EXACT_VALUES) coarsen(into, open);
}

export interface StatisticSet {
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * Adds a set of already aggregated values. CloudWatch keeps raw statistics only for trivial sets: one sample, or
 * minimum = maximum and sum = minimum times count.
 */
export function addStatisticSet(into: Distribution, set: StatisticSet): void {
  if (set.minimum === set.maximum && set.sum === set.minimum * set.count) {
    addValue(into, set.minimum, set.count);
    return;
  }
  addTotals(into, set);
  dropRaw(into);
}

/** The values in order; undefined when raw values are not available. */
export function sortedValues(of: Distribution): Sorted | undefined {
  if (!of.raw) return undefined;
  pack(of);
  return of.sealed ?? { values: [of.minimum], counts: [of.count] };
}

/** Frees the working map; a value that comes late opens it again. */
export function pack(of: Distribution): void {
  if (of.open === undefined) return;
  const entries = [...of.open].sort((a, b) => a[0] - b[0]);
  of.open = undefined;
  if (isInTotals(entries, of)) return;
  of.sealed = { values: entries.map(([value]) => value), counts: entries.map(([, count]) => count) };
}

/** A bucket's value is not the one that was measured. */
const isInTotals = (values: readonly unknown[], { coarse }: { readonly coarse: boolean }): boolean =>
  values.length === 1 && !coarse;

/** One distribution of several minutes (or of several units of one metric); exact as far as its parts are. */
export function merge(parts: readonly Distribution[]): Distribution {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const merged = emptyDistribution();
  const open = new Map<number, number>();
  for (const part of parts) {
    addTotals(merged, part);
    const sorted = sortedValues(part);
    if (sorted === undefined) merged.raw = false;
    else
      sorted.values.forEach((value, i) => open.set(value, (open.get(value) ?? 0) + (sorted.counts[i] ?? 0)));
  }
  merged.open = merged.raw ? open : undefined;
  return merged;
}

/** A part (0 to 1) of the samples, evenly over their values: what the first report of a minute may have of it. */
export function partOf(of: Distribution, part: number): Distribution {
  const into = { ...emptyDistribution(), coarse: of.coarse };
  const sorted = sortedValues(of);
  if (sorted === undefined) {
    const count = Math.floor(of.count * part);
    if (count > 0) addTotals(into, { ...of, count, sum: (of.sum * count) / of.count });
    dropRaw(into);
    return into;
  }
  let seen = 0;
  sorted.values.forEach((value, index) => {
    seen += sorted.counts[index] ?? 0;
    const count = Math.floor(seen * part) - into.count;
    if (count > 0) addValue(into, value, count);
  });
  return into;
}

/** A JSON-safe copy; `loadDistribution` reads it. */
export function saveDistribution(of: Distribution) {
  const { count, sum, minimum, maximum, coarse } = of;
  const sorted = sortedValues(of);
  return { count, sum, minimum, maximum, coarse, values: sorted?.values, counts: sorted?.counts };
}
export type SavedDistribution = ReturnType<typeof saveDistribution>;

export function loadDistribution(saved: SavedDistribution): Distribution {
  const { values, counts, ...totals } = saved;
  const raw = values !== undefined && counts !== undefined;
  const sealed = raw && !isInTotals(values, totals) ? { values, counts } : undefined;
  return { ...totals, raw, open: undefined, sealed };
}

function addTotals(into: Distribution, set: StatisticSet): void {
  into.count += set.count;
  into.sum += set.sum;
  into.minimum = Math.min(into.minimum, set.minimum);
  into.maximum = Math.max(into.maximum, set.maximum);
}

function dropRaw(of: Distribution): void {
  of.raw = false;
  of.open = undefined;
  of.sealed = undefined;
}

/** A late value for a minute that was sealed. */
function reopen(of: Distribution): Map<number, number> {
  if (of.open !== undefined) return of.open;
  const sorted = sortedValues(of);
  const open = new Map<number, number>();
  sorted?.values.forEach((value, i) => open.set(value, sorted.counts[i] ?? 0));
  of.sealed = undefined;
  of.open = open;
  return open;
}

function coarsen(of: Distribution, exact: ReadonlyMap<number, number>): void {
  const open = new Map<number, number>();
  for (const [value, count] of exact) {
    const key = bucketValue(value);
    open.set(key, (open.get(key) ?? 0) + count);
  }
  of.open = open;
  of.coarse = true;
}

/** The value that stands for all values within RELATIVE_ERROR of it. */
function bucketValue(value: number): number {
  if (value === 0) return 0;
  const index = Math.ceil(Math.log(value) / LOG_GAMMA);
  return (2 * GAMMA ** index) / (GAMMA + 1);
}
