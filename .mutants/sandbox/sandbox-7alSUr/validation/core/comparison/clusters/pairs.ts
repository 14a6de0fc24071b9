/**
 * Chi-squares of pairs of groups that should have events in the proportion of their requests: one degree of freedom
 * each. Kept in rising order, because an estimate that does not mind incidents looks at the middle and not at the ends.
 */

// Below this many degrees of freedom chi-square / df says more about chance than about clusters.
export const FEWEST_DEGREES = 8;
// So many standard deviations above 1 are still chance: the greatest of seven estimates, renewed each hour, is far
// above 1 in most days of a service without any clusters, and would make every decision slower.
export const CHANCE = 2.5;

/** Chi-squares, and their sum: most estimates need no more than that, so they are put in order when one asks. */
export interface ChiSquares {
  readonly values: number[];
  sum: number;
  /** Of those above FAR. */
  farSum: number;
  farCount: number;
  /** So many of them are in rising order, at the front. */
  ordered: number;
}

/** One of twenty is above it, of one degree of freedom and without clusters. */
const FAR = 3.84;

export const chiSquares = (): ChiSquares => ({ values: [], sum: 0, farSum: 0, farCount: 0, ordered: 0 });

export function keep(into: ChiSquares, value: number): void {
  into.values.push(value);
  into.sum += value;
  if (value <= FAR) return;
  into.farSum += value;
  into.farCount += 1;
}

/** All of them in rising order: those that came since the last time are put between the others. */
function inOrder(of: ChiSquares): readonly number[] {
  const { values, ordered } = of;
  const added = new Float64Array(values.slice(ordered)).sort();
  let before = ordered - 1;
  let next = added.length - 1;
  for (let at = values.length - 1; next >= 0; at--) {
    const [old = 0, value = 0] = [before >= 0 ? values[before] : Number.NEGATIVE_INFINITY, added[next]];
    values[at] = Math.max(old, value);
    if (old > value) before -= 1;
    else next -= 1;
  }
  of.ordered = values.length;
  return values;
}

// An incident that begins or ends between two neighbours is no cluster: the most different twentieth is left out, and
// both ends of one incident in any case.
const LEFT_OUT = 0.05;
const FEWEST_LEFT_OUT = 2;

/** Chi-square / df, or 1 when chance explains it. */
export function beyondChance(chiSquare: number, degrees: number): number {
  if (degrees < FEWEST_DEGREES) return 1;
  const found = chiSquare / degrees;
  return found > 1 + CHANCE * Math.sqrt(2 / degrees) ? found : 1;
}

/** What two groups' events are away from the proportion of their requests; undefined: they say nothing. */
export function chiSquareOfPair(
  a: { readonly exposure: number; readonly events: number },
  b: { readonly exposure: number; readonly events: number },
): number | undefined {
  const events = a.events + b.events;
  if (events === 0 || a.exposure <= 0 || b.exposure <= 0) return undefined;
  const expected = (events * a.exposure) / (a.exposure + b.exposure);
  const difference = a.events - expected;
  return difference ** 2 / expected + difference ** 2 / (events - expected);
}

// Half of all chi-squares of one degree of freedom are below this.
const MEDIAN = 0.4549;
/** In units of the usual chi-square: without clusters one pair in a million is further apart. */
const INCIDENT = 24;

/**
 * The pairs' mean chi-square without those of an incident: pairs that are further apart than chance explains at the
 * scale of the pair in the middle. So an incident in less than half of the pairs adds nothing, and one that is not told
 * from chance at most 24 times the usual, divided by the number of pairs. `known` instead where it is no more than that.
 */
export function withoutIncidents(of: ChiSquares, known: number): number {
  // To leave out the furthest apart only lowers the mean.
  if (beyondChance(of.sum, of.values.length) <= known) return known;
  const values = inOrder(of);
  const scale = Math.max(1, (values[Math.floor(values.length / 2)] ?? 0) / MEDIAN);
  let [sum, kept] = [of.sum, values.length];
  for (; kept > 0 && (values[kept - 1] ?? 0) > INCIDENT * scale; kept--) sum -= values[kept - 1] ?? 0;
  return Math.max(known, beyondChance(sum, kept));
}

/**
 * The pairs' mean chi-square without the most different ones, in units of what it is without clusters. `known` instead
 * where it is no more than that.
 */
export function ofNeighbours(of: ChiSquares, known: number): number {
  const count = of.values.length;
  const leftOut = Math.max(FEWEST_LEFT_OUT, Math.floor(count * LEFT_OUT));
  const kept = count - leftOut;
  if (kept < FEWEST_DEGREES) return known;
  const mean = meanOfKept(kept, count);
  // The most different ones are at least as far as the mean of those that are far, if there are so many.
  const { farSum, farCount } = of;
  const least = farCount <= leftOut ? farSum : (farSum * leftOut) / farCount;
  if (beyondChance((of.sum - least) / mean, kept) <= known) return known;
  const values = inOrder(of);
  let sum = of.sum;
  for (let index = kept; index < count; index++) sum -= values[index] ?? 0;
  return Math.max(known, beyondChance(sum / mean, kept));
}

/** By the number of pairs, on which alone it depends how many are kept. */
const means = new Map<number, number>();

function meanOfKept(kept: number, count: number): number {
  const mean = means.get(count) ?? meanOfSmallest(kept / count);
  means.set(count, mean);
  return mean;
}

/**
 * Mean of a chi-square of one degree of freedom in its smallest `part`, without clusters: 1 - 2 z φ(z) / part, where
 * |Z| <= z has that probability for a standard normal Z.
 */
function meanOfSmallest(part: number): number {
  let low = 0;
  let high = 6;
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (withinNormal(middle) < part) low = middle;
    else high = middle;
  }
  return 1 - (2 * high * Math.exp((-high * high) / 2)) / Math.sqrt(2 * Math.PI) / part;
}

/** P(|Z| <= z): erf(z / √2), Abramowitz & Stegun 7.1.26, off by at most 1.5e-7. */
function withinNormal(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.327_591_1 * x);
  const poly = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
  return 1 - poly.reduce((sum, coefficient) => (sum + coefficient) * t, 0) * Math.exp(-x * x);
}
