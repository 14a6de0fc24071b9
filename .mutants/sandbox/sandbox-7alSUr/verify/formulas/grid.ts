/** docs/decision.md, "Evidence that may be looked at": 24 ratios, log-uniform, ends included. */
const RATIOS = 24;

export const between = (low: number, high: number): readonly number[] =>
  Array.from({ length: RATIOS }, (_, at) => low * (high / low) ** (at / (RATIOS - 1)));

/** log of the mean of exp of these. */
export const logMean = (logs: readonly number[]): number => logSum(logs) - Math.log(logs.length);

export function logSum(logs: readonly number[]): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const log of logs) if (log > largest) largest = log;
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - largest);
  return largest + Math.log(sum);
}

/** log of exp(a) + exp(b). */
export function logAdd(a: number, b: number): number {
  const [large, small] = a > b ? [a, b] : [b, a];
  return small === Number.NEGATIVE_INFINITY ? large : large + Math.log1p(Math.exp(small - large));
}
