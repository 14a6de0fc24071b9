// Sum over k >= 3 of 1 / (k ln² k), rounded up, so that all the masses together stay below 1.
const TOTAL = 1.0692;

/**
 * The part of the evidence that bets on a fault beginning in minute `index` (0, 1, 2, …): proportional to
 * 1 / ((s + 3) ln²(s + 3)). It falls so slowly that a fault of the second day costs only two minutes more to see
 * than one of the first hour. All of them together are at most 1.
 */
export function onsetMass(index: number): number {
  const log = Math.log(index + 3);
  return 1 / (TOTAL * (index + 3) * log * log);
}
