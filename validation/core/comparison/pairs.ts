/**
 * Chi-squares of pairs of groups that should have events in the proportion of their requests: one degree of freedom
 * each. Kept in rising order, because an estimate that does not mind incidents looks at the middle and not at the ends.
 */

// Below this many degrees of freedom chi-square / df says more about chance than about clusters.
export const FEWEST_DEGREES = 8;
// So many standard deviations above 1 are still chance: the greatest of seven estimates, renewed each hour, is far
// above 1 in most days of a service without any clusters, and would make every decision slower.
export const CHANCE = 2.5;

/** Chi-squares in rising order, and their sum: an estimate looks at few of them. */
export interface Sorted {
  readonly values: number[];
  sum: number;
}

export const sorted = (): Sorted => ({ values: [], sum: 0 });

/** Puts a value where it belongs. */
export function insert(into: Sorted, value: number): void {
  const { values } = into;
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  values.splice(low, 0, value);
  into.sum += value;
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
 * from chance at most 24 times the usual, divided by the number of pairs.
 */
export function withoutIncidents({ values, sum: all }: Sorted): number {
  const scale = Math.max(1, (values[Math.floor(values.length / 2)] ?? 0) / MEDIAN);
  let [sum, kept] = [all, values.length];
  for (; kept > 0 && (values[kept - 1] ?? 0) > INCIDENT * scale; kept--) sum -= values[kept - 1] ?? 0;
  return beyondChance(sum, kept);
}

/** The pairs' mean chi-square without the most different ones, in units of what it is without clusters. */
export function ofNeighbours({ values, sum: all }: Sorted): number {
  const leftOut = Math.max(FEWEST_LEFT_OUT, Math.floor(values.length * LEFT_OUT));
  const kept = values.length - leftOut;
  if (kept < FEWEST_DEGREES) return 1;
  let sum = all;
  for (let index = kept; index < values.length; index++) sum -= values[index] ?? 0;
  return beyondChance(sum / meanOfSmallest(kept / values.length), kept);
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
