/**
 * Exact tests of the mean of differences that lie between -1 and 1, whatever their distribution: a bet on each of them
 * (Waudby-Smith and Ramdas, arXiv 2010.09686). While the mean is at most `margin`, the factor 1 + λ (d - margin) has an
 * expectation of at most 1 for each stake λ from 0 to 1 / (1 + margin), and so have the product over all of them and
 * what several stakes win together. By Markov's inequality that capital is 1 / p or more with a probability of at most p;
 * by Ville's it is so at any time of a sequence, however often one looks.
 */

/** What is put on which stake; the parts are at most 1 together. */
export interface Purse {
  /** Parts of the greatest stake that could not be lost whole: above 0, below 1. */
  readonly stakes: readonly number[];
  readonly parts: readonly number[];
}

/** Large stakes win where every difference is alike, small ones where they are spread. */
const STAKES: readonly number[] = Array.from({ length: 12 }, (_, j) => 0.95 / 95 ** (j / 11));
/** Most is put on the first, so that two models that answer the same are soon shown to. */
const OF_EXAMPLES: Purse = { stakes: STAKES, parts: STAKES.map((_, j) => (j === 0 ? 0.4 : 0.6 / 11)) };

/** A difference, and how many of them there are. */
export type Counted = readonly [difference: number, times: number];

/** What one difference does to each stake: the logarithm of its factor, when the mean is said to be at most `margin`. */
export function factorLogs({ stakes }: Purse, difference: number, margin: number): readonly number[] {
  const odds = (difference - margin) / (1 + margin);
  return stakes.map((stake) => Math.log1p(stake * odds));
}

/** The logarithm of what each stake has won after all differences. */
export function winnings(purse: Purse, differences: readonly Counted[], margin: number): readonly number[] {
  const logs = purse.stakes.map(() => 0);
  for (const [difference, times] of differences) {
    const each = factorLogs(purse, difference, margin);
    for (const [j, log] of each.entries()) logs[j] = (logs[j] ?? 0) + times * log;
  }
  return logs;
}

/** The logarithm of all that the stakes have won together; `times`: as if there were so many times as many differences. */
export function logCapital({ parts }: Purse, logs: readonly number[], times = 1): number {
  const greatest = Math.max(...logs) * times;
  const sum = logs.reduce((all, log, j) => all + (parts[j] ?? 0) * Math.exp(log * times - greatest), 0);
  return greatest + Math.log(sum);
}

/** How likely such differences are if their mean is at most `margin`. */
export function meanAbove(differences: readonly number[], margin: number): number {
  const logs = winnings(OF_EXAMPLES, counted(differences), margin);
  return Math.min(1, Math.exp(-logCapital(OF_EXAMPLES, logs)));
}

/** The mean is at most this, with the given confidence. */
export function meanLimit(differences: readonly number[], confidence: number): number {
  return upperMean(OF_EXAMPLES, counted(differences), Math.log(1 / (1 - confidence)));
}

/** The least mean of which bets against it have won this much, found to 0.0001; 1: there is none. */
export function upperMean(purse: Purse, differences: readonly Counted[], wantedLog: number): number {
  const negated = differences.map(([difference, times]): Counted => [-difference, times]);
  let low = -1;
  let high = 1;
  // The greater a mean is said to be, the more is won by those who bet against it.
  while (high - low > 1e-4) {
    const middle = (low + high) / 2;
    if (logCapital(purse, winnings(purse, negated, -middle)) >= wantedLog) high = middle;
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
  const wanted = Math.log(1 / (1 - confidence));
  const negated = counted(differences.map((difference) => -difference));
  const times = timesNeeded(OF_EXAMPLES, winnings(OF_EXAMPLES, negated, -bound), wanted);
  return times === undefined ? undefined : Math.ceil(differences.length * times);
}

/** After how many times as many differences as these this much is won; undefined: never. */
export function timesNeeded(purse: Purse, logs: readonly number[], wantedLog: number): number | undefined {
  if (Math.max(...logs) <= 0) return undefined;
  let times = 1;
  while (logCapital(purse, logs, times) < wantedLog) times *= 1.1;
  return times;
}

/** Many differences are alike: most are none. */
function counted(differences: readonly number[]): readonly Counted[] {
  const times = new Map<number, number>();
  for (const difference of differences) times.set(difference, (times.get(difference) ?? 0) + 1);
  return [...times];
}
