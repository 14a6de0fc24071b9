import { describe, expect, test } from "vitest";
import { isSteady, middle, stretchAt } from "../../../validation/core/warming.ts";

describe("the latency of a candidate that is warmed", () => {
  test.each([
    ["nothing was measured", [], false],
    ["two stretches agree", [40, 40], false],
    ["three agree", [40, 40, 40], true],
    ["three differ by a fifth", [100, 120, 110], true],
    ["three differ by a fifth and the noise of a network", [100, 125, 110], true],
    ["three differ by more than that", [100, 126, 110], false],
    ["it still falls", [310, 120, 42], false],
    ["it still falls slowly", [200, 160, 130], false],
    ["it rises", [40, 60, 90], false],
    ["the last three agree after a cold start", [310, 120, 44, 41, 42], true],
    ["the last three agree, though an earlier one was quicker", [20, 80, 82, 81], true],
    ["it is so short that the network is most of it", [3, 7, 4], true],
  ])("when %s: steady %s %s", (_what, medians, expected) => {
    expect(isSteady(medians)).toBe(expected);
  });

  test("is the one in the middle of a stretch", () => {
    expect(middle([])).toBeUndefined();
    expect(middle([9, 1, 5])).toBe(5);
    expect(middle([100, 9, 10, 1])).toBe(10);
  });
});

describe("the rate at which a candidate is warmed", () => {
  const opens = (tasks: number) => Array.from({ length: 9 }, (_, index) => stretchAt(index, tasks).open);

  test("begins with one request at a time and doubles, to two a task", () => {
    expect(opens(1)).toEqual([1, 2, 2, 2, 2, 2, 2, 2, 2]);
    expect(opens(3)).toEqual([1, 2, 4, 6, 6, 6, 6, 6, 6]);
  });

  test("is never more than one machine sends", () => {
    expect(opens(100)).toEqual([1, 2, 4, 8, 16, 32, 64, 64, 64]);
  });

  test("sends five rounds at a time while the rate rises", () => {
    const requests = [0, 1, 2, 3].map((index) => stretchAt(index, 3).requests);
    expect(requests).toEqual([5, 10, 20, 30]);
  });

  test.each([1, 2, 10, 100])("gives each of %i tasks ten requests in a full stretch", (tasks) => {
    const stretches = Array.from({ length: 9 }, (_, index) => stretchAt(index, tasks));
    const full = stretches.filter(({ isFull }) => isFull);
    expect(full.length).toBeGreaterThan(2);
    for (const { requests } of full) expect(requests).toBe(10 * tasks);
    expect(stretches[0]).toEqual({ open: 1, requests: 5, isFull: false });
  });
});
