import { describe, expect, it } from "vitest";
import { atMost, quantile, upper95 } from "../../../../tools/bench/decision/bounds.ts";
import { randomOf } from "../../../../tools/bench/decision/random.ts";
import {
  aliasTable,
  binomial,
  lognormalSize,
  meanOf,
  poisson,
  samplerOf,
  type Distribution,
} from "../../../../tools/bench/decision/samplers.ts";

/** What an alias table really draws: each column is hit equally often. */
function drawn(distribution: Distribution): Float64Array {
  const { own, other } = aliasTable(distribution);
  const mass = new Float64Array(own.length);
  own.forEach((part, column) => {
    const target = other[column] ?? 0;
    mass[column] = (mass[column] ?? 0) + part / own.length;
    mass[target] = (mass[target] ?? 0) + (1 - part) / own.length;
  });
  return mass;
}

const massAt = ({ first, mass }: Distribution, k: number) => mass[k - first] ?? 0;

describe("the distributions", () => {
  it("has Poisson's masses", () => {
    expect(massAt(poisson(3), 0)).toBeCloseTo(Math.exp(-3), 14);
    expect(massAt(poisson(3), 5)).toBeCloseTo((Math.exp(-3) * 3 ** 5) / 120, 14);
    for (const mean of [0, 0.02, 3, 540, 15_000]) expect(meanOf(poisson(mean))).toBeCloseTo(mean, 8);
  });

  it("has the binomial's masses, certain and impossible events among them", () => {
    expect(massAt(binomial(10, 0.3), 4)).toBeCloseTo(210 * 0.3 ** 4 * 0.7 ** 6, 14);
    expect(meanOf(binomial(700, 0.1))).toBeCloseTo(70, 8);
    expect(binomial(7, 0)).toEqual({ first: 0, mass: Float64Array.of(1) });
    expect(binomial(7, 1)).toEqual({ first: 7, mass: Float64Array.of(1) });
  });

  it("has sizes from 1 on with half of them up to the median", () => {
    const sizes = lognormalSize(2, 1);
    expect(massAt(sizes, 1) + massAt(sizes, 2)).toBeCloseTo(0.5, 5);
  });
});

describe("the sampler", () => {
  it("draws each number exactly with its probability", () => {
    for (const distribution of [poisson(0.3), poisson(60), poisson(2700), binomial(41, 0.5)]) {
      const found = drawn(distribution);
      distribution.mass.forEach((mass, index) => expect(found[index]).toBeCloseTo(mass, 12));
    }
  });

  it("draws the same for the same seed, and something else for another run", () => {
    const draw = samplerOf(poisson(50));
    const numbers = (run: number) => {
      const random = randomOf(7, 3, run);
      return Array.from({ length: 20 }, () => draw(random));
    };
    expect(numbers(1)).toEqual(numbers(1));
    expect(numbers(1)).not.toEqual(numbers(2));
  });

  it("draws numbers that a chi-square test does not tell from the distribution (once in a million it would)", () => {
    const distribution = poisson(4);
    const draw = samplerOf(distribution);
    const random = randomOf(20_260_101);
    const counts = new Float64Array(12);
    const draws = 100_000;
    for (let index = 0; index < draws; index++) {
      const cell = Math.min(11, draw(random));
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    const expected = Float64Array.from(counts, (_, k) => draws * massAt(distribution, k));
    expected[11] = draws - expected.subarray(0, 11).reduce((sum, value) => sum + value, 0);
    const chiSquare = counts.reduce(
      (sum, count, k) => sum + (count - (expected[k] ?? 1)) ** 2 / (expected[k] ?? 1),
      0,
    );
    // The 1 - 1e-6 quantile of chi-square with 11 degrees of freedom.
    expect(chiSquare).toBeLessThan(48.8);
  });
});

describe("the bounds", () => {
  it("are Clopper and Pearson's: none of 300 leaves 1 % possible", () => {
    expect(upper95(0, 300)).toBeCloseTo(1 - 0.05 ** (1 / 300), 10);
    expect(atMost(8, 1000, upper95(8, 1000))).toBeCloseTo(0.05, 6);
    expect(upper95(5, 5)).toBe(1);
  });

  it("takes the quantile that enough numbers do not exceed", () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2);
    expect(quantile([1, Infinity, Infinity], 0.5)).toBe(Infinity);
    expect(quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9)).toBe(9);
  });
});
