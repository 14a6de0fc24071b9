import { describe, expect, it } from "vitest";
import { differenceOf, NEEDED_LOG } from "../../../../validation/core/experiment/interval.ts";
import { wagerOn, wageredMinutes } from "../../../../validation/core/experiment/wager.ts";
import { lookAt, lookWords } from "../../../../validation/core/experiment/conclusion.ts";

const minutes = (count: number, active: readonly [number, number], candidate: readonly [number, number]) =>
  Array.from({ length: count }, () => ({
    active: { exposure: active[0], events: active[1] },
    candidate: { exposure: candidate[0], events: candidate[1] },
  }));

describe("the difference of an experiment", () => {
  it("says nothing before anybody was counted", () => {
    expect(differenceOf([])).toEqual({ low: -1, high: 1 });
    expect(differenceOf(minutes(500, [7, 1], [0, 0]))).toEqual({ low: -1, high: 1 });
  });

  it("finds a difference, and has the true one between its bounds", () => {
    const { low, high } = differenceOf(minutes(2000, [10, 1], [10, 2]));
    expect(low).toBeGreaterThan(0.08);
    expect(low).toBeLessThan(0.1);
    expect(high).toBeGreaterThan(0.1);
    expect(high).toBeLessThan(0.12);
  });

  it("is the same seen from the other slot", () => {
    const one = differenceOf(minutes(300, [10, 1], [12, 2]));
    const other = differenceOf(minutes(300, [12, 2], [10, 1]));
    expect(other.low).toBeCloseTo(-one.high, 3);
    expect(other.high).toBeCloseTo(-one.low, 3);
  });

  it("claims nothing by a larger cluster that it did not claim by a smaller one, at every look", () => {
    const [small, large] = [wagerOn(0), wagerOn(0)];
    const next = wageredMinutes();
    const claims = { small: 0, large: 0, largeAlone: 0 };
    for (const minute of minutes(400, [10, 1], [10, 2])) {
      const told = next(minute);
      if (told === undefined) throw new Error("both slots had users");
      small.add(told);
      large.add(told);
      const [isSmall, isLarge] = [small.hasWon(NEEDED_LOG, 1), large.hasWon(NEEDED_LOG, 5)];
      claims.small += isSmall ? 1 : 0;
      claims.large += isLarge ? 1 : 0;
      claims.largeAlone += isLarge && !isSmall ? 1 : 0;
    }
    expect(claims.largeAlone).toBe(0);
    expect(claims.small).toBeGreaterThan(claims.large);
  });

  it("cancels what an hour does to both slots", () => {
    const quiet = minutes(1000, [20, 1], [20, 1]);
    const loud = minutes(1000, [20, 12], [20, 12]);
    const { low, high } = differenceOf([...quiet, ...loud]);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
    expect(high - low).toBeLessThan(0.08);
  });

  it("takes a sum of losses as so many ones, which is never too sure", () => {
    const { low, high } = differenceOf(minutes(800, [10, 2.5], [10, 2.5]));
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
  });

  it("is wider where events of one user come together", () => {
    const counts = minutes(2000, [10, 1], [10, 2]);
    const [users, clusters] = [differenceOf(counts), differenceOf(counts, 10)];
    expect(clusters.high - clusters.low).toBeGreaterThan(2 * (users.high - users.low));
  });
});

describe("the conclusion of an experiment", () => {
  const aim = { better: "higher", smallestPoints: undefined } as const;

  it("says by how much the candidate is better, rounded to the outside", () => {
    const look = lookAt(minutes(2000, [10, 1], [10, 2]), aim, 1);
    expect(look.outcome).toBe("better");
    expect(lookWords("green", look)).toMatch(/^green is better by \d\.?\d* to 1\d\.?\d* points$/);
  });

  it("calls the same counts worse where the signal should go down", () => {
    const look = lookAt(minutes(2000, [10, 1], [10, 2]), { ...aim, better: "lower" }, 1);
    expect(look.outcome).toBe("worse");
    expect(lookWords("green", look)).toMatch(/^green is worse by /);
  });

  it("ends as alike only once nothing worth having is left between the bounds", () => {
    const counts = minutes(1500, [10, 1], [10, 1]);
    const open = lookAt(counts, aim, 1);
    expect(open.outcome).toBe("open");
    expect(lookWords("green", open)).toMatch(/^no difference larger than \d/);
    const largest = Math.max(-open.points.low, open.points.high);
    expect(lookAt(counts, { ...aim, smallestPoints: largest + 0.1 }, 1).outcome).toBe("alike");
    expect(lookAt(counts, { ...aim, smallestPoints: largest - 0.1 }, 1).outcome).toBe("open");
  });
});
