import { expect, test } from "vitest";
import { percent } from "../../../validation/core/percent.ts";

test.each([
  [0, "0 %"],
  [0.004_321, "0.43 %"],
  [0.05, "5 %"],
  [0.126, "13 %"],
  [1, "100 %"],
])("a rate of %d is told as %s", (rate, expected) => {
  expect(percent(rate)).toBe(expected);
});
