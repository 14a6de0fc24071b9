import { expect, test } from "vitest";
import { compare, type ComparedMetric } from "../../../../validation/core/comparison/compare.ts";
import { alphaOf, weighing } from "../../../../validation/core/comparison/evidence/weighing.ts";

const ALPHA = 0.01;
const attempt = (number: number) => ({ alpha: ALPHA, tolerance: 1.1, attempt: number });

test("each deliberate fresh start has less of the error probability, and all of them together have no more than all of it", () => {
  const parts = Array.from({ length: 10_000 }, (_, at) => alphaOf(attempt(at + 1)));
  expect(parts[0]).toBe(ALPHA);
  expect(parts[1]).toBeCloseTo(0.00152, 5);
  expect(parts[2]).toBeCloseTo(0.000675, 6);
  // From the second on; the first has the whole of it, because nobody had another one when it was judged.
  expect(parts.slice(1).reduce((sum, part) => sum + part, 0)).toBeLessThan(ALPHA);
  expect(compare([], attempt(2)).needed).toBeCloseTo(658, 0);
});

test("what ends the release at the first attempt is not enough at the second", () => {
  const minutes = Array.from({ length: 6 }, (_, at) => ({
    atMs: at * 60_000,
    candidate: { exposure: 60, events: 2 },
    active: { exposure: 540, events: 3 },
  }));
  const dispersion = { phi: 1, bounded: 1, assumed: false, events: 60, minutes: 40 };
  const failed: ComparedMetric = { name: "failed", kind: "failed", minutes, dispersion };
  const first = compare([failed], attempt(1));
  const second = compare([failed], attempt(2));
  expect(first.crossing).toBeDefined();
  expect(second.evidence).toBe(first.evidence);
  expect(second.crossing).toBeUndefined();
});

test("evidence that single failures have brought is enough in the minute in which it is", () => {
  const minute = { candidate: { exposure: 60, events: 1 }, active: { exposure: 540, events: 0 } };
  const evidence = weighing([{ kind: "failed", phi: 1 }], attempt(1));
  let minutes = 0;
  while (!evidence.isEnough() && minutes < 100) {
    evidence.takeIn(0, minute);
    minutes += 1;
  }
  expect(minutes).toBeLessThan(10);
  expect(evidence.logSum()).toBeGreaterThanOrEqual(Math.log(1 / ALPHA));
});
