/** Points of the grid of rate ratios. More of them add nothing; fewer lose power between two points. */
export const GRID_POINTS = 24;

// From just above the tolerated ratio to gross failure: beyond 20 times every ratio is seen at once anyway.
const NEAREST = 1.1;
const FARTHEST = 20;

/**
 * What the ratios of the alternative are, in units of the tolerated ratio: log-uniform on [1.1, 20], both ends
 * included. Each has the weight 1 / GRID_POINTS.
 */
export const HARM_FACTORS: readonly number[] = logUniform(NEAREST, FARTHEST, GRID_POINTS);

/** `count` numbers from `low` to `high`, each a constant factor above the one before. */
export function logUniform(low: number, high: number, count: number): readonly number[] {
  const stepOfLog = Math.log(high / low) / (count - 1);
  return Array.from({ length: count }, (_, index) => low * Math.exp(stepOfLog * index));
}

/** log of the sum of exp of these logs; -Infinity for none. */
export function logSumExp(logs: ArrayLike<number>): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < logs.length; index++) largest = Math.max(largest, logs[index] ?? largest);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  let sum = 0;
  for (let index = 0; index < logs.length; index++) sum += Math.exp((logs[index] ?? -Infinity) - largest);
  return largest + Math.log(sum);
}
