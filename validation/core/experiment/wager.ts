import type { PairedMinute } from "../comparison/counts.ts";

/**
 * A bet, minute by minute, that the candidate's mean is more than `by` above the active slot's: exact for every number of
 * users, at any look, and whatever the hour does to both slots.
 *
 * In a minute let both slots have the mean that its hour gives them, a and at most a + by, and let c be any number that
 * was known before. Each answer y of the candidate (in [0, 1]) is worth the factor 1 + λ (y - c - by), each of the active
 * slot 1 - μ (y - c). With u = a - c the expectation of all factors of the minute is at most
 * (1 + λ u)^n (1 - μ u)^m ≤ exp(u (λ n - μ m)) = 1, where λ n = μ m. So the product over the minutes is a test
 * supermartingale, and by Ville's inequality it ever reaches 1 / p with a probability of at most p (Ramdas, Grünwald,
 * Vovk, Shafer, arXiv 2210.01948; betting on bounded means: Waudby-Smith and Ramdas, arXiv 2010.09686).
 *
 * Of means only the sum is known: log(1 + λ (y - …)) is concave in y, so its chord from 0 to 1 is never above it, and a
 * sum counts like so many ones. Of clusters of up to φ answers of one user, each factor's φ-th root keeps all that: the
 * root of a product of φ factors is at most their mean.
 */

/** Parts of a greatest stake. Large ones find large differences soon; small ones end with narrow intervals. */
const STAKES: readonly number[] = Array.from({ length: 14 }, (_, index) => 0.8 / 800 ** (index / 13));

/** What the active slot's rate was lately: it forgets by half in so many minutes. */
const HALF_LIFE_MINUTES = 90;
const KEPT = 0.5 ** (1 / HALF_LIFE_MINUTES);

/** Logarithms of factors stay finite when no stake can lose more than this part. */
const MOST_LOST = 0.95;

/** One minute, and what was known before it. */
export interface WageredMinute {
  readonly minute: PairedMinute;
  /** c of above: the active slot's recent rate. */
  readonly centre: number;
}

/**
 * Gives each minute, oldest first, with what was known before it; undefined: one slot had nobody in it, so it tells
 * nothing of their difference.
 */
export function wageredMinutes(): (minute: PairedMinute) => WageredMinute | undefined {
  let [exposure, events] = [0, 0];
  return (minute) => {
    const { candidate, active } = minute;
    const centre = (events + 0.5) / (exposure + 1);
    exposure = KEPT * exposure + active.exposure;
    events = KEPT * events + active.events;
    return candidate.exposure > 0 && active.exposure > 0 ? { minute, centre } : undefined;
  };
}

/** What all stakes together have won so far. */
export interface Wager {
  add(minute: WageredMinute): void;
  /** Whether they have made of 1 what has this logarithm; `phi`: so many events of one user may come together. */
  hasWon(neededLog: number, phi: number): boolean;
}

/** Bets that the difference is more than `by`. */
export function wagerOn(by: number): Wager {
  const logs = new Float64Array(STAKES.length);
  // Logarithms take most of the time: factors of small minutes are multiplied until their product is extreme.
  const products = new Float64Array(STAKES.length).fill(1);
  const settle = (index: number) => {
    logs[index] = (logs[index] ?? 0) + Math.log(products[index] ?? 1);
    products[index] = 1;
  };
  return {
    add({ minute: { candidate, active }, centre }) {
      const [n, m] = [candidate.exposure, active.exposure];
      const isSmall = n <= SMALL && m <= SMALL && areWhole(candidate.events, active.events, n, m);
      const harmonic = (2 * n * m) / (n + m);
      const most = MOST_LOST * Math.min(n / (1 + centre), m);
      const floor = centre + by;
      for (let index = 0; index < STAKES.length; index++) {
        const scale = Math.min((STAKES[index] ?? 0) * harmonic, most);
        const [lambda, mu] = [scale / n, scale / m];
        const [won, lost] = [1 + lambda * (1 - floor), 1 - lambda * floor];
        const [taken, kept] = [1 - mu * (1 - centre), 1 + mu * centre];
        if (isSmall) {
          const product =
            (products[index] ?? 1) *
            power(won, candidate.events) *
            power(lost, n - candidate.events) *
            power(taken, active.events) *
            power(kept, m - active.events);
          products[index] = product;
          if (product < TINY || product > HUGE) settle(index);
        } else {
          logs[index] =
            (logs[index] ?? 0) +
            candidate.events * Math.log(won) +
            (n - candidate.events) * Math.log(lost) +
            active.events * Math.log(taken) +
            (m - active.events) * Math.log(kept);
        }
      }
    },
    hasWon(neededLog, phi) {
      // No stake has more than the greatest of both parts, and the mean of all is no more than the greatest.
      const most = Math.max(...logs) + Math.log(Math.max(...products));
      if (most < neededLog * phi) return false;
      for (let index = 0; index < STAKES.length; index++) settle(index);
      const greatest = Math.max(...logs) / phi;
      const sum = logs.reduce((total, log) => total + Math.exp(log / phi - greatest), 0);
      return greatest + Math.log(sum / logs.length) >= neededLog;
    },
  };
}

/** Of so few answers a minute: no factor is below 0.05 or above 3, so twice as many of them stay a number. */
const SMALL = 60;
const TINY = 1e-100;
const HUGE = 1e100;

const areWhole = (...numbers: readonly number[]) => numbers.every((number) => Number.isInteger(number));

/** Faster than Math.pow for a whole exponent. */
function power(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest >>= 1) {
    if ((rest & 1) === 1) result *= square;
    square *= square;
  }
  return result;
}

/** The same minutes seen from the other slot. */
export const swapped = ({ candidate, active }: PairedMinute): PairedMinute => ({
  candidate: active,
  active: candidate,
});
