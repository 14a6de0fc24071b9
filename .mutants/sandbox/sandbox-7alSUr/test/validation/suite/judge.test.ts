import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../contract/config/parse.ts";
import { outcomeOf } from "../../../validation/suite/check.ts";
import { judge } from "../../../validation/suite/judge.ts";
import type { Pair, Prediction } from "../../../validation/suite/measure.ts";

const policy = (own: Record<string, unknown> = {}) => {
  const parsed = parseConfig({ suite: JSON.stringify(own) });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config.suite;
};
const GOOD: Prediction = { status: 200, seconds: 0.01, right: true, version: "2", said: "200: {}" };
const pairs = (
  n: number,
  candidate: (i: number) => Partial<Prediction>,
  active: (i: number) => Partial<Prediction> = () => ({}),
) =>
  Array.from({ length: n }, (_, i): Pair => ({
    candidate: { ...GOOD, ...candidate(i) },
    active: { ...GOOD, ...active(i) },
  }));
const answers = (measured: readonly Pair[], own: Record<string, unknown> = {}) =>
  Object.fromEntries(judge(measured, policy(own)).map(({ name, answer }) => [name, answer]));
const ALL_GOOD = {
  failures: "pass",
  accuracy: "pass",
  "failures-vs-active": "pass",
  "accuracy-vs-active": "pass",
  "latency-vs-active": "pass",
};
/** Wrong on the first `count` examples. */
const wrong = (count: number) => (i: number) => ({ right: i >= count });

describe("the statistical checks", () => {
  test("pass a candidate that is as good as the active slot", () => {
    expect(answers(pairs(400, wrong(12), wrong(10)))).toEqual(ALL_GOOD);
  });

  test.each([
    [
      "one answer in five is a 500",
      { failures: "fail", "failures-vs-active": "fail" },
      (i: number) => ({ status: i % 5 === 0 ? 500 : 200 }),
    ],
    [
      "one answer in five never comes",
      { failures: "fail", "failures-vs-active": "fail" },
      (i: number) => ({ status: i % 5 === 0 ? 0 : 200 }),
    ],
    [
      "three of four are wrong",
      { accuracy: "fail", "accuracy-vs-active": "fail" },
      (i: number) => ({ right: i % 4 === 0 }),
    ],
    ["all are half as slow again", { "latency-vs-active": "fail" }, () => ({ seconds: 0.015 })],
  ])("stop a candidate when %s, and by no other check", (_what, failing, candidate) => {
    expect(answers(pairs(400, candidate))).toEqual({ ...ALL_GOOD, ...failing });
  });

  test("let a candidate fail as the active slot does: what both fail says nothing about one of them", () => {
    const both = (i: number) => ({ status: i % 10 === 0 ? 500 : 200 });
    expect(answers(pairs(400, both, both))).toEqual({
      ...ALL_GOOD,
      failures: "insufficient",
    });
  });

  test("find a loss of ten points that is within the absolute bound, and never one of two", () => {
    expect(answers(pairs(400, wrong(60), wrong(5)))).toEqual({ ...ALL_GOOD, "accuracy-vs-active": "fail" });
    expect(answers(pairs(400, wrong(13), wrong(5)))).toEqual(ALL_GOOD);
  });

  test("call a loss between the margin and what must be seen insufficient", () => {
    expect(answers(pairs(400, wrong(25), wrong(5)))).toEqual({
      ...ALL_GOOD,
      "accuracy-vs-active": "insufficient",
    });
  });

  test("say that a small golden set shows nothing, and what it would have shown", () => {
    const measured = pairs(36, () => ({}));
    expect(answers(measured)).toEqual({
      failures: "insufficient",
      accuracy: "pass",
      "failures-vs-active": "insufficient",
      "accuracy-vs-active": "insufficient",
      "latency-vs-active": "insufficient",
    });
    const reasons = judge(measured, policy()).map(({ reason }) => reason);
    expect(reasons[0]).toBe(
      "0 of 36 valid requests failed, allowed are 5.0 %; at most 8.0 % is shown, at most 5.0 % must be; about 23 more examples would",
    );
    expect(reasons[3]).toContain(
      "a loss of 9.7 points would have shown, one of 5.0 points must; about 36 more examples would",
    );
    expect(reasons[4]).toContain("it takes 60 pairs; about 24 more examples would");
  });

  test("prove slowness also with few pairs, when each of them is slow", () => {
    expect(answers(pairs(30, () => ({ seconds: 1 })))["latency-vs-active"]).toBe("fail");
  });

  test("judge latency by pairs: a machine that is slow for both sides at times is no finding", () => {
    const jitter = (i: number) => ({ seconds: i % 7 === 0 ? 0.5 : 0.01 });
    expect(answers(pairs(400, jitter, jitter))).toEqual(ALL_GOOD);
  });

  test("without an active slot are the absolute ones alone", () => {
    const alone = pairs(400, wrong(10)).map(({ candidate }) => ({ candidate, active: undefined }));
    expect(answers(alone)).toEqual({ failures: "pass", accuracy: "pass" });
  });

  test("of nothing measured pass nothing", () => {
    expect(outcomeOf(judge([], policy()))).toBe("insufficient");
  });

  test("follow the policy's own bounds", () => {
    expect(answers(pairs(400, wrong(40)), { minAccuracy: 0.99 }).accuracy).toBe("fail");
    expect(
      answers(
        pairs(400, () => ({ seconds: 0.015 })),
        { latencyMargin: 2, latencySight: 3 },
      ),
    ).toEqual(ALL_GOOD);
  });

  test("show the quantiles that there are enough answers for", () => {
    const latency = judge(
      pairs(400, () => ({})),
      policy(),
    ).find(({ name }) => name === "latency-vs-active");
    expect(latency?.numbers).toMatchObject({ candidateP50Ms: 10, activeP50Ms: 10, candidateP90Ms: 10 });
    expect(latency?.numbers).not.toHaveProperty("candidateP99Ms");
  });

  test("never turn better when the candidate gets worse", () => {
    const order = ["fail", "insufficient", "pass"];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 399 }), fc.integer({ min: 0, max: 400 }), (lost, active) => {
        const before = judge(pairs(400, wrong(lost), wrong(active)), policy());
        const after = judge(pairs(400, wrong(lost + 1), wrong(active)), policy());
        after.forEach(({ answer }, index) => {
          expect(order.indexOf(answer)).toBeLessThanOrEqual(order.indexOf(before[index]?.answer ?? "fail"));
        });
      }),
      { numRuns: 50 },
    );
  });
});
