import { describe, expect, it } from "vitest";
import { blindSpotOf } from "../../../../validation/core/comparison/compare.ts";
import { missing } from "../../../../validation/core/comparison/missing.ts";
import { failedMetric, MINUTE, paired, repeated } from "./support.ts";

const POLICY = { alpha: 0.01, tolerance: 1.1, attempt: 1 };
const BASE = 0.005;

const step = (minutes: number, perMinute: number, share: number, phi = 1) => {
  const [candidate, active] = [perMinute * share, perMinute * (1 - share)];
  return failedMetric(repeated(minutes, paired([candidate * BASE, candidate], [active * BASE, active])), phi);
};

describe("the smallest detectable failure rate of a step", () => {
  // Requests a minute, share, and the failing share that ten minutes see, in percent.
  it.each([
    [60, 0.1, 13],
    [60, 0.25, 7.6],
    [60, 0.5, 6.8],
    [600, 0.1, 2.8],
    [600, 0.25, 2],
    [600, 0.5, 1.8],
  ])("is, after ten minutes of %d requests at %d, about %d %%", (perMinute, share, percent) => {
    expect(100 * blindSpotOf(step(10, perMinute, share), 0, POLICY)).toBeCloseTo(percent, 0);
  });

  it("is everything before the first minute, and while one slot has no requests", () => {
    expect(blindSpotOf(failedMetric([]), 0, POLICY)).toBe(1);
    expect(blindSpotOf(failedMetric(repeated(60, paired([0, 60], [0, 0]))), 0, POLICY)).toBe(1);
  });

  it("shrinks with every minute, and grows with clusters", () => {
    const sizes = [2, 5, 10, 30, 60].map((minutes) => blindSpotOf(step(minutes, 60, 0.1), 0, POLICY));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(blindSpotOf(step(10, 600, 0.1, 3), 0, POLICY)).toBeGreaterThan(
      blindSpotOf(step(10, 600, 0.1), 0, POLICY),
    );
  });

  it("counts only the minutes of the step itself", () => {
    const both = step(20, 60, 0.1);
    const secondHalf = blindSpotOf(both, 10 * MINUTE, POLICY);
    expect(secondHalf).toBeGreaterThan(blindSpotOf(both, 0, POLICY));
    expect(secondHalf).toBeLessThan(0.2);
  });

  it("is what a candidate that fails so often is really rolled back by, in four of five", async () => {
    const { compare } = await import("../../../../validation/core/comparison/compare.ts");
    const { binomial, seeded } = await import("./support.ts");
    const random = seeded(7);
    const rate = blindSpotOf(step(10, 600, 0.1), 0, POLICY);
    const rolledBack = Array.from({ length: 400 }, () => {
      const minutes = Array.from({ length: 10 }, () =>
        paired([binomial(random, 60, rate), 60], [binomial(random, 540, BASE), 540]),
      );
      return compare([failedMetric(minutes)], POLICY).crossing !== undefined;
    }).filter(Boolean).length;
    // 400 runs: 0.8 within four standard deviations below; the estimate may be careful.
    expect(rolledBack / 400).toBeGreaterThan(0.72);
  });
});

describe("what a step still needs", () => {
  it("is told in minutes and requests of its own traffic", () => {
    const short = step(4, 60, 0.1);
    const more = missing(short, 0, POLICY, 0.1);
    expect(more?.requests).toBe((more?.minutes ?? 0) * 6);
    const enough = step(4 + (more?.minutes ?? 0), 60, 0.1);
    expect(blindSpotOf(enough, 0, POLICY)).toBeLessThanOrEqual(0.105);
  });

  it("cannot be told without traffic", () => {
    expect(missing(failedMetric([]), 0, POLICY, 0.1)).toBeUndefined();
  });
});
