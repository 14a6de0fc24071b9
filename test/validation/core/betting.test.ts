import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  differencesNeeded,
  logCapital,
  meanAbove,
  meanLimit,
  timesNeeded,
  upperMean,
} from "../../../validation/core/betting.ts";
import { lowerTail, upperTail } from "../../../validation/suite/statistics.ts";
import { randomFrom } from "../suite/support/models.ts";

const twoValues = (n: number, high: number, k: number) =>
  Array.from({ length: n }, (_, index) => (index < k ? high : -high));

describe("a bet on differences", () => {
  test("errs with at most its probability, summed over all samples of two values whose mean is the margin", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 0.2, noNaN: true }),
        fc.double({ min: 0.25, max: 1, noNaN: true }),
        fc.constantFrom(0.05, 0.01, 1e-4),
        (n, margin, high, alpha) => {
          const rate = (margin + high) / (2 * high);
          const found = Array.from(
            { length: n + 1 },
            (_, k) => meanAbove(twoValues(n, high, k), margin) <= alpha,
          );
          const first = found.indexOf(true);
          // The more high values there are, the smaller is p: what is found begins somewhere and goes on to the end.
          if (first >= 0) expect(found.slice(first)).not.toContain(false);
          expect(first < 0 ? 0 : upperTail(n, first, rate)).toBeLessThanOrEqual(alpha);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("has a limit that is below the true mean in at most one sample of twenty", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (n, rate) => {
          const mean = 2 * rate - 1;
          const low = Array.from({ length: n + 1 }, (_, k) => meanLimit(twoValues(n, 1, k), 0.95) < mean);
          const last = low.lastIndexOf(true);
          expect(last < 0 ? 0 : lowerTail(n, last, rate)).toBeLessThanOrEqual(0.05);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("does not depend on the order of the examples", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1 }), (differences) => {
        const [there, back] = [differences, differences.toReversed()].map((one) => meanAbove(one, 0.02));
        expect(there).toBeCloseTo(back ?? 0, 9);
      }),
    );
  });

  test("says nothing of nothing, and of differences that there are none of", () => {
    expect(meanAbove([], 0.02)).toBeCloseTo(1, 9);
    expect(meanLimit([], 0.95)).toBe(1);
    expect(
      meanAbove(
        Array.from({ length: 400 }, () => 0),
        0.02,
      ),
    ).toBe(1);
  });

  test("finds no difference between two equally good models in 2,000 comparisons of 400 examples", () => {
    let [found, alarms] = [0, 0];
    for (let run = 0; run < 2000; run += 1) {
      const { normal } = randomFrom(run);
      const loss = () => Math.min(1, Math.abs(normal()) / 2);
      const p = meanAbove(
        Array.from({ length: 400 }, () => loss() - loss()),
        0.02,
      );
      if (p <= 0.05) found += 1;
      if (p <= 1e-4) alarms += 1;
    }
    expect(alarms).toBe(0);
    expect(found).toBeLessThanOrEqual(100);
  });

  test("says how many examples like these it takes, and with so many it is so", () => {
    const differences = Array.from({ length: 36 }, (_, index) => (index % 6 === 0 ? 0.1 : 0));
    expect(meanLimit(differences, 0.95)).toBeGreaterThan(0.05);
    const needed = differencesNeeded(differences, 0.05, 0.95) ?? 0;
    const sample = (n: number) => Array.from({ length: n }, (_, index) => differences[index % 36] ?? 0);
    expect(meanLimit(sample(Math.ceil(needed / 36) * 36), 0.95)).toBeLessThanOrEqual(0.05);
    expect(meanLimit(sample(Math.floor(needed / 1.2)), 0.95)).toBeGreaterThan(0.05);
    expect(
      differencesNeeded(
        sample(36).map(() => 0.06),
        0.05,
        0.95,
      ),
    ).toBeUndefined();
    expect(differencesNeeded([], 0.05, 0.95)).toBeUndefined();
  });

  test("shows no mean to be below what all differences are", () => {
    expect(differencesNeeded([0.05, 0.05, 0.05], 0.05, 0.95)).toBeUndefined();
  });
});

describe("a purse", () => {
  const two = { stakes: [0.5, 0.9], parts: [0.5, 0.5] };
  const one = { stakes: [0.5], parts: [1] };

  test("has what its stakes have won together, however much one won and another lost", () => {
    expect(logCapital(two, [Math.log(3), Math.log(1)])).toBeCloseTo(Math.log(2), 12);
    expect(logCapital(two, [Math.log(3), Math.log(1)], 2)).toBeCloseTo(Math.log(5), 12);
    for (const times of [1, 3]) {
      expect(logCapital(two, [1000, -1000], times)).toBeCloseTo(1000 * times + Math.log(0.5), 9);
    }
  });

  test("with a stake that wins has won any sum some time, though another loses", () => {
    const times = timesNeeded(two, [0.1, -0.1], Math.log(20)) ?? 0;
    expect(logCapital(two, [0.1, -0.1], times)).toBeGreaterThanOrEqual(Math.log(20));
    expect(logCapital(two, [0.1, -0.1], times / 1.1)).toBeLessThan(Math.log(20));
  });

  test("without such a stake never does", () => {
    expect(timesNeeded(two, [-0.1, -0.2], 1)).toBeUndefined();
    expect(timesNeeded(two, [-0.1, 0], 1)).toBeUndefined();
  });

  test("needs no more once it has won just so much", () => {
    expect(timesNeeded(one, [2], 2)).toBe(1);
    expect(upperMean(one, [], 0)).toBeCloseTo(-1, 3);
  });
});
