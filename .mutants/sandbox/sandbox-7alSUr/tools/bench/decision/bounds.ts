import { binomial } from "./samplers.ts";

/** Upper end of Clopper and Pearson's exact one-sided 95 % interval for a probability. */
export function upper95(happened: number, runs: number): number {
  if (happened >= runs) return 1;
  let low = happened / runs;
  let high = 1;
  for (let turn = 0; turn < 40; turn++) {
    const middle = (low + high) / 2;
    if (atMost(happened, runs, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

/** P(binomial <= count). */
export function atMost(count: number, trials: number, probability: number): number {
  const { first, mass } = binomial(trials, probability);
  let sum = 0;
  for (let index = 0; index < mass.length && first + index <= count; index++) sum += mass[index] ?? 0;
  return sum;
}

/** The q-quantile of numbers in any order: the smallest that at least the part q of them do not exceed. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}
