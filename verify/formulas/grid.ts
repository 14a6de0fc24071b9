/** docs/decision.md, "Evidence that may be looked at": 24 ratios, log-uniform, ends included. */
const RATIOS = 24;

export const between = (low: number, high: number): readonly number[] =>
  Array.from({ length: RATIOS }, (_, at) => low * (high / low) ** (at / (RATIOS - 1)));

/** log of the mean of exp of these. */
export const logMean = (logs: readonly number[]): number => logSum(logs) - Math.log(logs.length);

export function logSum(logs: Iterable<number>): number {
  const all = [...logs];
  const largest = Math.max(...all);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  return largest + Math.log(all.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}
