import { lowerTail, upperTail } from "../statistics.ts";

/** A quantile with what it may as well be; without an end there are too few values for one. */
export interface Quantile {
  readonly value: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/**
 * The q-quantile by nearest rank, between two order statistics that hold it with the given confidence whatever the
 * distribution: the number of values below it is binomial (David and Nagaraja, Order Statistics, 7.1).
 */
export function quantileOf(values: readonly number[], q: number, confidence: number): Quantile | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const value = sorted[Math.ceil(q * n) - 1];
  if (value === undefined) return undefined;
  const each = (1 - confidence) / 2;
  // The k-th smallest is below the quantile unless fewer than k values are.
  let low = 0;
  while (low < n && lowerTail(n, low, q) <= each) low += 1;
  let high = n;
  while (high > 0 && upperTail(n, high, q) <= each) high -= 1;
  return { value, low: sorted[low - 1], high: sorted[high] };
}

const SHOWN = { P50: 0.5, P90: 0.9, P99: 0.99 } as const;

/** p50, p90 and p99 in milliseconds, each with its interval as far as there is one: `candidateP90LowMs`. */
export function quantileNumbers(
  side: string,
  seconds: readonly number[],
  confidence: number,
): Readonly<Record<string, number>> {
  const all = Object.entries(SHOWN).flatMap(([name, q]) => {
    const found = quantileOf(seconds, q, confidence);
    if (found === undefined) return [];
    const { value, low, high } = found;
    return [
      [`${side}${name}Ms`, value * 1000] as const,
      ...(low === undefined ? [] : [[`${side}${name}LowMs`, low * 1000] as const]),
      ...(high === undefined ? [] : [[`${side}${name}HighMs`, high * 1000] as const]),
    ];
  });
  return Object.fromEntries(all);
}
