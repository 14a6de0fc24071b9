import { describe, expect, it } from "vitest";
import { noCounts } from "../../../../tools/bench/decision/arm.ts";
import {
  decidedWithin,
  failureChance,
  medianPeriods,
  periodLaw,
  tolerableChance,
} from "../../../../tools/bench/decision/peers/exact.ts";
import { isHigh } from "../../../../tools/bench/decision/peers/kayenta.ts";
import {
  ARGO_EXAMPLE,
  FLAGGER_DEFAULT,
  judgeOf,
  type RuleDecision,
  type ThresholdRule,
} from "../../../../tools/bench/decision/peers/rule.ts";
import { atMost } from "../../../../tools/bench/decision/bounds.ts";
import { randomOf } from "../../../../tools/bench/decision/random.ts";
import { poissonSampler } from "../../../../tools/bench/decision/samplers.ts";

const counter = (failed: number): RuleDecision => ({ kind: "counter", failed });
const window = (failed: number, of: number): RuleDecision => ({ kind: "window", failed, of });

/** The minute in which the rule rolls back a candidate with these failures of 100 requests a minute. */
function backAt(rule: ThresholdRule, failures: readonly number[]): number | undefined {
  const judge = judgeOf(rule);
  const index = failures.findIndex((failed) => judge({ ...noCounts(), requests: 100, failed }));
  return index < 0 ? undefined : index + 1;
}

const always = (failed: number, minutes: number) => Array.from({ length: minutes }, () => failed);

describe("Argo Rollouts' example", () => {
  it("aborts with the fourth measurement below 95 %, each of five minutes", () => {
    expect(backAt(ARGO_EXAMPLE, always(6, 60))).toBe(20);
    expect(backAt(ARGO_EXAMPLE, always(5, 600))).toBeUndefined();
  });
});

describe("Flagger's default", () => {
  it("rolls back with the tenth failed check, however far apart they are", () => {
    expect(backAt(FLAGGER_DEFAULT, always(2, 60))).toBe(10);
    expect(
      backAt(
        FLAGGER_DEFAULT,
        Array.from({ length: 600 }, (_, minute) => (minute % 50 === 0 ? 2 : 0)),
      ),
    ).toBe(451);
    expect(backAt(FLAGGER_DEFAULT, always(1, 600))).toBeUndefined();
  });
});

describe("an M of N alarm", () => {
  const alarm: ThresholdRule = { periodMinutes: 1, threshold: 0.05, minRequests: 20, decision: window(3, 5) };
  it("goes off with the third bad minute of five", () => {
    expect(backAt(alarm, [6, 0, 6, 0, 6])).toBe(5);
    expect(backAt(alarm, [6, 0, 0, 6, 0, 6, 0, 0, 6, 0])).toBeUndefined();
  });
});

describe("what is computed instead of simulated", () => {
  it("knows one period's chance: at least one failure, and more than half", () => {
    expect(failureChance(periodLaw(6, 0.1), 1e-9, 1)).toBeCloseTo(1 - Math.exp(-0.6), 10);
    // More than half of at most two requests: one of one, or two of two.
    const tiny = failureChance(periodLaw(0.01, 0.5), 0.5, 1);
    expect(tiny).toBeCloseTo(0.005 * Math.exp(-0.01) + (0.005 ** 2 / 2) * Math.exp(-0.01), 6);
  });

  it("knows that a counter is a binomial tail", () => {
    expect(decidedWithin(counter(3), 0.1, 20)).toBeCloseTo(1 - atMost(2, 20, 0.1), 12);
  });

  it("knows rows and windows", () => {
    expect(decidedWithin(window(2, 2), 0.5, 3)).toBeCloseTo(3 / 8, 12);
    expect(decidedWithin(window(2, 3), 0.5, 3)).toBeCloseTo(4 / 8, 12);
    expect(decidedWithin(window(2, 3), 0.5, 4)).toBeCloseTo(10 / 16, 12);
  });

  it("agrees with the rules at work", () => {
    const rule: ThresholdRule = { periodMinutes: 1, threshold: 0.03, minRequests: 1, decision: window(3, 5) };
    const chance = failureChance(periodLaw(60, 0.02), rule.threshold, rule.minRequests);
    const runs = 2000;
    let back = 0;
    for (let run = 0; run < runs; run++) {
      const random = randomOf(5, run);
      const judge = judgeOf(rule);
      for (let minute = 0; minute < 30; minute++) {
        const failed = poissonSampler(60 * 0.02)(random);
        const requests = failed + poissonSampler(60 * 0.98)(random);
        if (!judge({ ...noCounts(), requests, failed })) continue;
        back += 1;
        break;
      }
    }
    const exact = decidedWithin(rule.decision, chance, 30);
    expect(Math.abs(back / runs - exact)).toBeLessThan(5 * Math.sqrt((exact * (1 - exact)) / runs));
  });

  it("finds medians, and the chance that a day still tolerates", () => {
    expect(medianPeriods(counter(1), 0.5, 10)).toBe(1);
    expect(medianPeriods(window(3, 3), 1, 10)).toBe(3);
    expect(medianPeriods(counter(5), 0.01, 100)).toBeUndefined();
    const chance = tolerableChance(window(3, 5), 1440, 0.01);
    expect(decidedWithin(window(3, 5), chance, 1440)).toBeCloseTo(0.01, 6);
  });
});

describe("Kayenta's judge", () => {
  // Vectors of its ClassifierSuite.scala.
  it("passes ties, equal samples, no data, and one outlier", () => {
    expect(isHigh([1, 1, 1], [1, 1])).toBe(false);
    expect(isHigh([1, 2, 3, 4, 5], [5, 4, 3, 2, 1])).toBe(false);
    expect(isHigh([0, 1, 1, 1, 1], [1, 1, 1, 1, 1])).toBe(false);
    expect(isHigh([], [1, 2, 3, 4, 5])).toBe(false);
    expect(isHigh([1, 1, 1, 1, 10], [1, 1, 1, 1, 1])).toBe(false);
  });

  it("calls high what lies wholly above", () => {
    expect(isHigh([20, 22, 21, 25, 30], [1, 2.2, 1.1, 2.5, 3])).toBe(true);
    expect(isHigh([1, 2.2, 1.1, 2.5, 3], [20, 22, 21, 25, 30])).toBe(false);
  });
});
