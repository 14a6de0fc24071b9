import { logGamma } from "../core/log-gamma.ts";

/** Exact tests and limits for counts and pairs. Pure; probabilities are 0 to 1, sample sizes whole numbers. */

function logProbability(n: number, k: number, p: number): number {
  const choose = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  return choose + k * Math.log(p) + (n - k) * Math.log1p(-p);
}

/** P(X >= k) for X ~ Binomial(n, p). */
export function upperTail(n: number, k: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n || p <= 0) return 0;
  if (p >= 1) return 1;
  // The sum begins at the largest term of its side, so that small tails keep their digits.
  if (k <= n * p) return Math.max(0, 1 - lowerTail(n, k - 1, p));
  return sumFrom(n, k, p, 1);
}

/** P(X <= k) for X ~ Binomial(n, p). */
export function lowerTail(n: number, k: number, p: number): number {
  if (k >= n) return 1;
  if (k < 0 || p >= 1) return 0;
  if (p <= 0) return 1;
  if (k >= n * p) return Math.max(0, 1 - sumFrom(n, k + 1, p, 1));
  return sumFrom(n, k, p, -1);
}

/** Probabilities from k outwards, away from the mean: each term is the last one times a ratio below 1. */
function sumFrom(n: number, k: number, p: number, direction: 1 | -1): number {
  const odds = p / (1 - p);
  let term = Math.exp(logProbability(n, k, p));
  let sum = 0;
  for (let i = k; i >= 0 && i <= n && term > sum * Number.EPSILON; i += direction) {
    sum += term;
    term *= direction === 1 ? ((n - i) / (i + 1)) * odds : i / (n - i + 1) / odds;
  }
  return Math.min(1, sum);
}

/** Clopper-Pearson: the rate of k in n is below this with the given confidence. */
export function upperLimit(n: number, k: number, confidence: number): number {
  if (k >= n) return 1;
  return root((p) => lowerTail(n, k, p) > 1 - confidence);
}

/** Clopper-Pearson: the rate of k in n is above this with the given confidence. */
export function lowerLimit(n: number, k: number, confidence: number): number {
  return 1 - upperLimit(n, n - k, confidence);
}

/** The p in 0..1 up to which `holds`, which is true at 0 and false at 1. */
function root(holds: (p: number) => boolean): number {
  let low = 0;
  let high = 1;
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return high;
}

/** n pairs, of which the candidate alone was bad in `worse`, and the active slot alone in `better`. */
export interface Discordant {
  readonly n: number;
  readonly worse: number;
  readonly better: number;
}

/**
 * McNemar's exact test, one-sided: how likely at least so many `worse` are if the candidate's rate is at most
 * `margin` above the active slot's. Given d = worse + better, `worse` is then binomial with a rate of at most
 * 1/2 + margin·n / 2d. With a margin that rate rests on the observed d: see the size in the tests.
 */
export function mcnemar({ n, worse, better }: Discordant, margin = 0): number {
  const discordant = worse + better;
  if (discordant === 0) return 1;
  return upperTail(discordant, worse, Math.min(1, 0.5 + (margin * n) / (2 * discordant)));
}

/** The candidate's rate is at most this much above the active slot's; from a limit for each, so never too small. */
export function differenceLimit({ n, worse, better }: Discordant, confidence: number): number {
  if (n === 0) return 1;
  const each = (1 + confidence) / 2;
  return upperLimit(n, worse, each) - lowerLimit(n, better, each);
}

/** Sign test, one-sided: how likely at least `above` of n are if half of all are at most. */
export function signTest(n: number, above: number): number {
  return upperTail(n, above, 0.5);
}

/** The median of what the values were drawn from is below this with the given confidence; any distribution. */
export function medianLimit(values: readonly number[], confidence: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  // The median is above the k-th smallest value exactly when at least k values are below it.
  let k = Math.ceil(n / 2);
  while (k <= n && upperTail(n, k, 0.5) > 1 - confidence) k += 1;
  return sorted[k - 1] ?? Number.POSITIVE_INFINITY;
}

/** Holm: which of the hypotheses are rejected when all of them together may err with probability `alpha`. */
export function holm(pValues: readonly number[], alpha: number): readonly boolean[] {
  const ascending = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p);
  const kept = ascending.findIndex(({ p }, rank) => p > alpha / (pValues.length - rank));
  const rejected = new Set(ascending.slice(0, kept < 0 ? ascending.length : kept).map(({ index }) => index));
  return pValues.map((_, index) => rejected.has(index));
}

/** So many values are needed to show a quantile, and so many to judge by it (reference: 10 and 30 beyond it). */
export const samplesToShow = (q: number) => Math.ceil(10 / (1 - q) - 1e-9);
export const samplesToJudge = (q: number) => Math.ceil(30 / (1 - q) - 1e-9);

/** The q-quantile by nearest rank; undefined when there are too few values to show it. */
export function quantile(values: readonly number[], q: number): number | undefined {
  if (values.length < samplesToShow(q)) return undefined;
  return values.toSorted((a, b) => a - b)[Math.ceil(q * values.length) - 1];
}
