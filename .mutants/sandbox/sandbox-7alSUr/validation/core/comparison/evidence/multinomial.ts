import { logGamma } from "../../log-gamma.ts";

/**
 * log of the evidence that counts do not come in the shares `expected` (positive, sum 1): Lindon & Malek 2022,
 * Theorem 2.1, a Dirichlet mixture with the concentration `prior` in pseudo-events. If they do come in these shares,
 * the probability that it ever reaches log(1 / a) is at most a, however often one looks.
 */
export function multinomialLogE(
  counts: readonly number[],
  expected: readonly number[],
  prior: number,
): number {
  const concentrations = expected.map((share) => prior * share);
  const posterior = counts.map((count, index) => count + (concentrations[index] ?? 0));
  const likelihood = counts.reduce((sum, count, index) => sum + count * Math.log(expected[index] ?? 1), 0);
  return logBeta(posterior) - logBeta(concentrations) - likelihood;
}

function logBeta(values: readonly number[]): number {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.reduce((sum, value) => sum + logGamma(value), 0) - logGamma(total);
}
