import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  beyondChance,
  chiSquareOfPair,
  chiSquares,
  keep,
  ofNeighbours,
  withoutIncidents,
} from "../../../../validation/core/comparison/clusters/pairs.ts";

const times = (count: number, value: number) => Array.from({ length: count }, () => value);
const kept = (values: readonly number[]) => {
  const of = chiSquares();
  for (const value of values) keep(of, value);
  return of;
};
const count = (exposure: number, events: number) => ({ exposure, events });

describe("a pair of groups", () => {
  it("is as far apart as its events are from the proportion of its requests", () => {
    expect(chiSquareOfPair(count(100, 8), count(100, 0))).toBe(8);
    expect(chiSquareOfPair(count(300, 9), count(100, 3))).toBe(0);
    // 4 and 12 of 16 belong there: 16 / 4 + 16 / 12.
    expect(chiSquareOfPair(count(100, 8), count(300, 8))).toBeCloseTo(16 / 3, 9);
  });

  it.each([
    ["no event", count(100, 0), count(100, 0)],
    ["no request in the first", count(0, 0), count(100, 3)],
    ["no request in the second", count(100, 3), count(0, 0)],
  ])("says nothing with %s", (_with, a, b) => {
    expect(chiSquareOfPair(a, b)).toBeUndefined();
  });
});

describe("a mean chi-square", () => {
  it("is 1 where chance explains it: below eight of them, and up to two and a half standard deviations", () => {
    expect(beyondChance(700, 7)).toBe(1);
    // 1 + 2.5 √(2 / 8) = 2.25.
    expect(beyondChance(8 * 2.25, 8)).toBe(1);
    expect(beyondChance(8 * 2.26, 8)).toBeCloseTo(2.26, 9);
    expect(beyondChance(8 * 0.5, 8)).toBe(1);
  });
});

describe("pairs without those of an incident", () => {
  it("are all but those that are further apart than chance explains at the scale of the middle one", () => {
    expect(withoutIncidents(kept([...times(20, 3), 1000]), 1)).toBeCloseTo(3, 9);
    expect(withoutIncidents(kept([1000, ...times(11, 3), ...times(9, 1000)]), 1)).toBeCloseTo(3, 9);
    // 24 times 3 / 0.4549 is 158.3.
    expect(withoutIncidents(kept([...times(20, 3), 158]), 1)).toBeCloseTo(218 / 21, 9);
    expect(withoutIncidents(kept([...times(20, 3), 159]), 1)).toBeCloseTo(3, 9);
    // The scale is never below that of no clusters: 24.
    expect(withoutIncidents(kept([...times(10, 0.1), ...times(6, 23.9)]), 1)).toBeCloseTo(144.4 / 16, 9);
    expect(withoutIncidents(kept([...times(10, 0.1), ...times(6, 24.1)]), 1)).toBe(1);
  });

  it("are 1 where all were left out or chance explains the rest, and what is known where that is more", () => {
    expect(withoutIncidents(kept([]), 1)).toBe(1);
    expect(withoutIncidents(kept([...times(20, 1), 1000]), 1)).toBe(1);
    expect(withoutIncidents(kept([...times(20, 3), 1000]), 2.9)).toBeCloseTo(3, 9);
    expect(withoutIncidents(kept([...times(20, 3), 1000]), 3.5)).toBe(3.5);
    expect(withoutIncidents(kept(times(20, 3)), 3.5)).toBe(3.5);
  });
});

describe("neighbours", () => {
  /** What the smallest 95 % and 80 % of chi-squares without clusters have as their mean, from a table of the normal distribution. */
  const [OF_95, OF_80] = [0.758_841, 0.437_73];

  it("are told without the most different twentieth, and at least two, in units of what it is without clusters", () => {
    expect(ofNeighbours(kept([...times(38, 3), 500, 400]), 1)).toBeCloseTo(3 / OF_95, 3);
    expect(ofNeighbours(kept([...times(95, 3), ...times(5, 500)]), 1)).toBeCloseTo(3 / OF_95, 3);
    expect(ofNeighbours(kept([...times(94, 3), ...times(6, 500)]), 1)).toBeCloseTo(
      (94 * 3 + 500) / 95 / OF_95,
      2,
    );
    expect(ofNeighbours(kept(times(10, 5)), 1)).toBeCloseTo(5 / OF_80, 2);
  });

  it("are what is known where fewer than eight are left, and where that is more", () => {
    expect(ofNeighbours(kept(times(9, 500)), 1)).toBe(1);
    expect(ofNeighbours(kept(times(10, 500)), 1)).toBeGreaterThan(500);
    expect(ofNeighbours(kept(times(40, 3)), 4)).toBe(4);
    expect(ofNeighbours(kept(times(40, 3)), 3.9)).toBeCloseTo(3 / OF_95, 3);
    expect(ofNeighbours(kept(times(40, 0.7)), 1)).toBe(1);
  });

  const values = fc.array(fc.double({ min: 0, max: 60, noNaN: true }), { minLength: 40, maxLength: 40 });

  it("come to the same in any order, however often one asks before all are there", () => {
    fc.assert(
      fc.property(values, fc.double({ min: 1, max: 20, noNaN: true }), (all, known) => {
        const sorted = all.toSorted((a, b) => a - b).slice(0, 38);
        const mean = sorted.reduce((sum, value) => sum + value, 0) / OF_95;
        const expected = Math.max(known, beyondChance(mean, 38));
        expect(ofNeighbours(kept(all), known) / expected).toBeCloseTo(1, 3);
        const asked = chiSquares();
        for (const value of all) {
          keep(asked, value);
          ofNeighbours(asked, known);
          withoutIncidents(asked, known);
        }
        expect(ofNeighbours(asked, known)).toBeCloseTo(ofNeighbours(kept(all), known), 6);
        expect(withoutIncidents(asked, known)).toBeCloseTo(
          withoutIncidents(kept(all.toReversed()), known),
          6,
        );
      }),
    );
  });
});
