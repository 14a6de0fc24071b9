import { describe, expect, it } from "vitest";
import { blindSpotOf } from "../../../../validation/core/comparison/compare.ts";
import { missing } from "../../../../validation/core/comparison/missing.ts";
import { failedMetric, MINUTE, paired, repeated } from "./support.ts";

const POLICY = { alpha: 0.01, tolerance: 1.1, attempt: 1 };
/** 6 requests a minute on the candidate, 54 on the active slot, of which every other minute one fails. */
const USUAL = paired([0, 6], [0.5, 54]);
const step = (minutes: number) => failedMetric(repeated(minutes, USUAL));
const spotAfter = (minutes: number) => blindSpotOf(step(minutes), 0, POLICY);

describe("what a step still needs", () => {
  it.each([2, 11, 23, 32, 40])("is the fewest minutes after which enough is seen: %d of them", (more) => {
    // Just what is seen then is enough.
    expect(missing(step(4), 0, POLICY, spotAfter(4 + more))).toEqual({ minutes: more, requests: 6 * more });
  });

  it("is at least a minute, and counts the minutes of the step alone", () => {
    const both = failedMetric([...repeated(10, paired([0, 600], [5, 5400])), ...repeated(4, USUAL)]);
    const more = missing(both, 10 * MINUTE, POLICY, 0.1);
    expect(more?.requests).toBe((more?.minutes ?? 0) * 6);
    expect(missing(step(4), 0, POLICY, 1)).toEqual({ minutes: 1, requests: 6 });
  });

  it("counts the minute in which the step began", () => {
    const one = failedMetric([paired([0, 0], [0, 0]), paired([0, 12], [0, 108])]);
    expect(missing(one, MINUTE, POLICY, 0.3)?.requests).toBe(
      12 * (missing(one, MINUTE, POLICY, 0.3)?.minutes ?? 0),
    );
  });

  it("is as long as the wanted requests take, where that is longer", () => {
    // 24 were there: 76 at 6 a minute.
    expect(missing(step(4), 0, POLICY, 1, 100)).toEqual({ minutes: 13, requests: 78 });
    expect(missing(step(4), 0, POLICY, 1, 20)).toEqual({ minutes: 1, requests: 6 });
  });

  it("cannot be told where only one slot has had requests, or when no week is enough", () => {
    expect(missing(failedMetric(repeated(5, paired([0, 0], [1, 60]))), 0, POLICY, 0.1)).toBeUndefined();
    expect(missing(step(4), 0, POLICY, 0.0001)).toBeUndefined();
  });

  it("cannot be told where the active slot fails as often as must be seen: nobody is rolled back for as much", () => {
    const bad = failedMetric(repeated(4, paired([0, 60], [54, 540])));
    expect(missing(bad, 0, POLICY, 0.11)).toBeUndefined();
    expect(missing(bad, 0, POLICY, 0.2)).toBeDefined();
  });
});
