/**
 * Exact tests of the mean of differences that lie between -1 and 1, whatever their distribution: a bet on each of them
 * (Waudby-Smith and Ramdas, arXiv 2010.09686). While the mean is at most `margin`, the factor 1 + λ (d - margin) has an
 * expectation of at most 1 for each stake λ from 0 to 1 / (1 + margin), and so have the product over all of them and
 * what several stakes win together. By Markov's inequality that capital is 1 / p or more with a probability of at most p.
 */

/** Parts of the greatest stake: large ones win where every difference is alike, small ones where they are spread. */
const STAKES: readonly number[] = Array.from({ length: 12 }, (_, j) => 0.95 / 95 ** (j / 11));
/** What is put on each: most on the first, so that two models that answer the same are soon shown to. */
const PARTS: readonly number[] = STAKES.map((_, j) => (j === 0 ? 0.4 : 0.6 / 11));

/** The logarithm of what each stake has won after all differences, when the mean is said to be at most `margin`. */
function winnings(differences: Iterable<number>, margin: number): readonly number[] {
  const logs = STAKES.map(() => 0);
  for (const difference of differences) {
    const odds = (difference - margin) / (1 + margin);
    for (const [j, stake] of STAKES.entries()) logs[j] = (logs[j] ?? 0) + Math.log1p(stake * odds);
  }
  return logs;
}

/** The logarithm of all that the stakes have won together; `times`: as if there were so many times as many differences. */
function logCapital(logs: readonly number[], times = 1): number {
  const greatest = Math.max(...logs) * times;
  const sum = logs.reduce((all, log, j) => all + (PARTS[j] ?? 0) * Math.exp(log * times - greatest), 0);
  return greatest + Math.log(sum);
}

/** How likely such differences are if their mean is at most `margin`. */
export function meanAbove(differences: readonly number[], margin: number): number {
  return Math.min(1, Math.exp(-logCapital(winnings(differences, margin))));
}

/** The mean is at most this, with the given confidence. */
export function meanLimit(differences: readonly number[], confidence: number): number {
  const wanted = Math.log(1 / (1 - confidence));
  const negated = differences.map((difference) => -difference);
  let low = -1;
  let high = 1;
  // The greater a mean is said to be, the more is won by those who bet against it.
  while (high - low > 1e-4) {
    const middle = (low + high) / 2;
    if (logCapital(winnings(negated, -middle)) >= wanted) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * How many differences like these would show that the mean is at most `bound`; undefined: no number of them would.
 */
export function differencesNeeded(
  differences: readonly number[],
  bound: number,
  confidence: number,
): number | undefined {
  const n = differences.length;
  const wanted = Math.log(1 / (1 - confidence));
  const logs = winnings(
    differences.map((difference) => -difference),
    -bound,
  );
  if (n === 0 || Math.max(...logs) <= 0) return undefined;
  let times = 1;
  while (logCapital(logs, times) < wanted) times *= 1.1;
  return Math.ceil(n * times);
}
