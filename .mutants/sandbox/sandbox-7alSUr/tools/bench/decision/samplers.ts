import type { Random } from "./random.ts";

/** Probabilities of whole numbers from `first` on; they add up to 1. */
export interface Distribution {
  readonly first: number;
  readonly mass: Float64Array;
}

export type Sampler = (random: Random) => number;

// Masses smaller than this part of the greatest cannot occur in any benchmark.
const NEGLIGIBLE = 1e-20;

export const poisson = (mean: number): Distribution =>
  mean === 0
    ? { first: 0, mass: Float64Array.of(1) }
    : fromMode(Math.floor(mean), Number.POSITIVE_INFINITY, (k) => mean / (k + 1));

/** How many of `trials` happen, each with this probability. */
export function binomial(trials: number, probability: number): Distribution {
  if (probability <= 0 || trials === 0) return { first: 0, mass: Float64Array.of(1) };
  if (probability >= 1) return { first: trials, mass: Float64Array.of(1) };
  const odds = probability / (1 - probability);
  const mode = Math.min(trials, Math.floor((trials + 1) * probability));
  return fromMode(mode, trials, (k) => ((trials - k) / (k + 1)) * odds);
}

/** The masses on both sides of the most probable number, from the ratio of each to the one before it. */
function fromMode(mode: number, last: number, ratioAfter: (k: number) => number): Distribution {
  const above = [1];
  for (let k = mode; k < last; k++) {
    const mass = (above.at(-1) ?? 0) * ratioAfter(k);
    if (mass < NEGLIGIBLE) break;
    above.push(mass);
  }
  const below: number[] = [];
  for (let k = mode - 1; k >= 0; k--) {
    const mass = (below.at(-1) ?? 1) / ratioAfter(k);
    if (mass < NEGLIGIBLE) break;
    below.push(mass);
  }
  const mass = Float64Array.from([...below.toReversed(), ...above]);
  const sum = mass.reduce((total, value) => total + value, 0);
  return { first: mode - below.length, mass: mass.map((value) => value / sum) };
}

/** A table in which one draw finds its number at once: Walker's alias method, filled as Vose does. */
export interface AliasTable {
  readonly first: number;
  /** Per column, the part of it that is the column's own number. */
  readonly own: Float64Array;
  readonly other: Int32Array;
}

export function aliasTable({ first, mass }: Distribution): AliasTable {
  const size = mass.length;
  const own = mass.map((value) => value * size);
  const other = Int32Array.from({ length: size }, (_, index) => index);
  const small: number[] = [];
  const large: number[] = [];
  for (let index = 0; index < size; index++) ((own[index] ?? 0) < 1 ? small : large).push(index);
  while (small.length > 0 && large.length > 0) {
    const needy = small.pop() ?? 0;
    const giver = large.pop() ?? 0;
    other[needy] = giver;
    own[giver] = (own[giver] ?? 0) - (1 - (own[needy] ?? 0));
    ((own[giver] ?? 0) < 1 ? small : large).push(giver);
  }
  // What is left over is full, but for the last digit.
  for (const index of [...small, ...large]) own[index] = 1;
  return { first, own, other };
}

export function samplerOf(distribution: Distribution): Sampler {
  const { first, own, other } = aliasTable(distribution);
  const size = own.length;
  if (size === 1) return () => first;
  return (random) => {
    const place = random() * size;
    const column = Math.floor(place);
    return first + (place - column < (own[column] ?? 1) ? column : (other[column] ?? 0));
  };
}

/** Samplers of one family, each made once. */
export function cached<T>(make: (parameter: number) => T): (parameter: number) => T {
  const made = new Map<number, T>();
  return (parameter) => {
    const known = made.get(parameter);
    if (known !== undefined) return known;
    const sampler = make(parameter);
    made.set(parameter, sampler);
    return sampler;
  };
}

export const poissonSampler = cached((mean) => samplerOf(poisson(mean)));

/** A lognormal size, rounded up: at least 1. Cut where less than one in a million are greater. */
export function lognormalSize(median: number, sigma: number): Distribution {
  const largest = Math.ceil(median * Math.exp(4.75 * sigma));
  const below = (size: number) => normalBelow(Math.log(size / median) / sigma);
  const mass = Float64Array.from({ length: largest }, (_, index) =>
    index === 0 ? below(1) : below(index + 1) - below(index),
  );
  const sum = mass.reduce((total, value) => total + value, 0);
  return { first: 1, mass: mass.map((value) => value / sum) };
}

/** P(standard normal < z), by Abramowitz & Stegun 26.2.17: off by less than 7.5e-8. */
export function normalBelow(z: number): number {
  if (z < 0) return 1 - normalBelow(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}

export const meanOf = ({ first, mass }: Distribution) =>
  mass.reduce((sum, value, index) => sum + value * (first + index), 0);
