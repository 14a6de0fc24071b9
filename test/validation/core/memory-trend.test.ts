import { describe, expect, test } from "vitest";
import { isGrowing, memoryWords } from "../../../validation/core/memory-trend.ts";

describe("the memory of a slot's tasks", () => {
  test.each([
    ["stays", 40, 40, false],
    ["falls by a lot", 40, 10, false],
    ["grows by less than a fifth", 40, 47.9, false],
    ["grows by a fifth", 40, 48, true],
    ["grows by a lot", 40, 80, true],
    ["grows by a fifth that is less than three points", 10, 12.9, false],
    ["grows by three points of a few", 10, 13, true],
  ])("when it %s: from %d %% to %d %%, growing %s", (_title, first, last, expected) => {
    expect(isGrowing({ first, last })).toBe(expected);
  });

  test("is told with one digit behind the point", () => {
    expect(memoryWords({ first: 40, last: 48.26 })).toBe("40.0 % to 48.3 %");
  });
});
