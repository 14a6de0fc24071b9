import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  differenceLimit,
  holm,
  lowerLimit,
  lowerTail,
  mcnemar,
  medianLimit,
  quantile,
  samplesToJudge,
  samplesToShow,
  signTest,
  upperLimit,
  upperTail,
} from "../../../validation/suite/statistics.ts";

const ALPHA = 2e-5;
const counts = fc
  .integer({ min: 1, max: 600 })
  .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 0, max: n })));
const rate = fc.double({ min: 0.001, max: 0.999, noNaN: true });

describe("the binomial tails", () => {
  test("are those of whole-number arithmetic at one half, down to the smallest", () => {
    fc.assert(
      fc.property(counts, ([n, k]) => {
        expect(upperTail(n, k, 0.5) / exactHalfTail(n, k)).toBeCloseTo(1, 9);
      }),
    );
  });

  test("add up to one, fall with k, and mirror each other", () => {
    fc.assert(
      fc.property(counts, rate, ([n, k], p) => {
        expect(upperTail(n, k, p) + lowerTail(n, k - 1, p)).toBeCloseTo(1, 9);
        expect(upperTail(n, k + 1, p)).toBeLessThanOrEqual(upperTail(n, k, p) + 1e-12);
        expect(upperTail(n, k, p)).toBeCloseTo(lowerTail(n, n - k, 1 - p), 9);
      }),
    );
  });

  test.each([
    [10, 0, 0.3, 1],
    [10, 11, 0.3, 0],
    [10, 3, 0, 0],
    [10, 10, 1, 1],
    [0, 0, 0.5, 1],
  ])("of %i, %i at %d is %d", (n, k, p, expected) => {
    expect(upperTail(n, k, p)).toBe(expected);
  });
});

describe("McNemar's exact test", () => {
  // Two-sided p-values published for these tables: statsmodels' example (121 and 59), and the approval ratings
  // of Agresti (150 and 86) in the vignette of R's exact2x2.
  test.each([
    [121, 59, 4.434e-6],
    [150, 86, 3.716e-5],
  ])("finds %i against %i with %d", (worse, better, twoSided) => {
    const found = 2 * mcnemar({ n: 1600, worse, better });
    expect(found / twoSided).toBeCloseTo(1, 3);
  });

  test("says nothing where nothing differs, and with a margin as wide as all that differs", () => {
    expect(mcnemar({ n: 400, worse: 0, better: 0 })).toBe(1);
    expect(mcnemar({ n: 400, worse: 8, better: 0 }, 0.02)).toBe(1);
  });

  test("falls with every example that only the candidate gets wrong, and rises with the margin", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 0, max: 200 }),
        fc.double({ min: 0, max: 0.1, noNaN: true }),
        (worse, better, margin) => {
          const found = mcnemar({ n: 400, worse, better }, margin);
          expect(mcnemar({ n: 400, worse: worse + 1, better }, margin)).toBeLessThanOrEqual(found + 1e-12);
          expect(mcnemar({ n: 400, worse, better }, margin + 0.01)).toBeGreaterThanOrEqual(found - 1e-12);
        },
      ),
    );
  });

  test.each([0.005, 0.02, 0.05, 0.1, 0.3])(
    "errs with at most its alpha about a candidate that is as good, or exactly the margin worse (both wrong alone on %d)",
    (better) => {
      for (const [worse, margin] of [
        [better, 0],
        [better, 0.02],
        [better + 0.02, 0.02],
      ] as const) {
        expect(size(400, worse, better, margin)).toBeLessThanOrEqual(ALPHA);
      }
    },
  );
});

describe("the limits", () => {
  // Clopper-Pearson, two-sided 95 %: 0 of 10 and 4 of 10.
  test("are Clopper and Pearson's", () => {
    expect(upperLimit(10, 0, 0.975)).toBeCloseTo(0.308497, 6);
    expect(lowerLimit(10, 4, 0.975)).toBeCloseTo(0.121552, 6);
    expect(upperLimit(10, 4, 0.975)).toBeCloseTo(0.737622, 6);
    expect(upperLimit(0, 0, 0.95)).toBe(1);
  });

  test("are where the seen count stops being likely", () => {
    fc.assert(
      fc.property(counts, ([n, k]) => {
        fc.pre(k < n);
        expect(lowerTail(n, k, upperLimit(n, k, 0.95))).toBeCloseTo(0.05, 6);
      }),
    );
  });

  test("of a difference say what a golden set cannot see: nine points with 36 examples, one with 400", () => {
    expect(differenceLimit({ n: 36, worse: 0, better: 0 }, 0.95)).toBeCloseTo(0.0974, 3);
    expect(differenceLimit({ n: 400, worse: 0, better: 0 }, 0.95)).toBeCloseTo(0.0092, 3);
    expect(differenceLimit({ n: 0, worse: 0, better: 0 }, 0.95)).toBe(1);
  });

  test("of a difference are never below what was seen", () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 0, max: 1, noNaN: true }), ([n, discordant], part) => {
        const worse = Math.round(discordant * part);
        const better = discordant - worse;
        expect(differenceLimit({ n, worse, better }, 0.95)).toBeGreaterThanOrEqual(
          (worse - better) / n - 1e-9,
        );
      }),
    );
  });

  test("of a median are one of the values, the first that is above it with the confidence", () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    // P(X <= 57) = 0.933 and P(X <= 58) = 0.956 for X ~ Binomial(100, 1/2).
    expect(medianLimit(values, 0.95)).toBe(59);
    expect(medianLimit([1, 2, 3, 4, 5], 0.95)).toBe(5);
    expect(medianLimit([1, 2, 3, 4], 0.95)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("the sign test", () => {
  test.each([
    [10, 10, 1 / 1024],
    [10, 5, 0.623046875],
    [0, 0, 1],
  ])("of %i pairs with %i above is %d", (n, above, expected) => {
    expect(signTest(n, above)).toBeCloseTo(expected, 12);
  });
});

describe("Holm's correction", () => {
  test.each([
    [
      [0.01, 0.04, 0.03, 0.005],
      [true, false, false, true],
    ],
    [
      [0.012, 0.001],
      [true, true],
    ],
    [
      [0.03, 0.03],
      [false, false],
    ],
    [[], []],
  ])("of %j at 0.05 rejects %j", (pValues, expected) => {
    expect(holm(pValues, 0.05)).toEqual(expected);
  });

  test("rejects at least what Bonferroni rejects, and nothing above alpha", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (pValues) => {
        const rejected = holm(pValues, 0.05);
        pValues.forEach((p, index) => {
          if (p <= 0.05 / pValues.length) expect(rejected[index]).toBe(true);
          if (p > 0.05) expect(rejected[index]).toBe(false);
        });
      }),
    );
  });
});

describe("a quantile", () => {
  test("is shown from ten values beyond it, and judged from thirty", () => {
    expect([0.5, 0.9, 0.99].map(samplesToShow)).toEqual([20, 100, 1000]);
    expect([0.5, 0.9, 0.99].map(samplesToJudge)).toEqual([60, 300, 3000]);
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([0.5, 0.9, 0.99].map((q) => quantile(values, q))).toEqual([50, 90, undefined]);
  });
});

/** P(X >= k) for n fair coins, from whole numbers. */
function exactHalfTail(n: number, k: number): number {
  let ways = 1n;
  let tail = k === 0 ? 1n : 0n;
  for (let i = 1; i <= n; i += 1) {
    ways = (ways * BigInt(n - i + 1)) / BigInt(i);
    if (i >= k) tail += ways;
  }
  // 2^-600 is still a number; the quotient of the two whole numbers is not, so it is taken with 64 bits.
  const bits = tail.toString(2).length;
  const shift = Math.max(0, bits - 64);
  return Number(tail >> BigInt(shift)) * 2 ** (shift - n);
}

/** How often the test finds a difference, over all samples of n pairs with these rates of one being wrong alone. */
function size(n: number, worse: number, better: number, margin: number): number {
  const discordantRate = worse + better;
  let sum = 0;
  for (let discordant = 1; discordant <= n; discordant += 1) {
    const likely = upperTail(n, discordant, discordantRate) - upperTail(n, discordant + 1, discordantRate);
    if (likely < 1e-14) continue;
    let critical = discordant + 1;
    while (
      critical > 0 &&
      mcnemar({ n, worse: critical - 1, better: discordant - critical + 1 }, margin) <= ALPHA
    ) {
      critical -= 1;
    }
    sum += likely * upperTail(discordant, critical, worse / discordantRate);
  }
  return sum;
}
