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

/** Adds to `logs`, one for each stake, what a minute does to them when the difference is said to be at most `by`. */
export function wager(logs: Float64Array, { minute, centre }: WageredMinute, by: number, phi: number): void {
  const { candidate, active } = minute;
  const [n, m] = [candidate.exposure, active.exposure];
  const harmonic = (2 * n * m) / (n + m);
  for (let index = 0; index < STAKES.length; index++) {
    const stake = STAKES[index] ?? 0;
    const scale = stake * Math.min(harmonic, (MOST_LOST / stake) * Math.min(n / (1 + centre), m));
    const [lambda, mu] = [scale / n, scale / m];
    const floor = centre + by;
    const log =
      candidate.events * Math.log(1 + lambda * (1 - floor)) +
      (n - candidate.events) * Math.log(1 - lambda * floor) +
      active.events * Math.log(1 - mu * (1 - centre)) +
      (m - active.events) * Math.log(1 + mu * centre);
    logs[index] = (logs[index] ?? 0) + log / phi;
  }
}

export const emptyLogs = (): Float64Array => new Float64Array(STAKES.length);

/** Whether all stakes together have made of 1 what has this logarithm. */
export function hasWon(logs: Float64Array, needed: number): boolean {
  let greatest = Number.NEGATIVE_INFINITY;
  for (const log of logs) if (log > greatest) greatest = log;
  // Their mean is at most the greatest.
  if (greatest < needed) return false;
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - greatest);
  return greatest + Math.log(sum / logs.length) >= needed;
}

/** The same minutes seen from the other slot. */
export const swapped = ({ candidate, active }: PairedMinute): PairedMinute => ({
  candidate: active,
  active: candidate,
});
