import { expect, test } from "vitest";
import { isFirstShare } from "../../contract/release/retreat.ts";

const STEPS = [10, 25, 50, 100];
const at = (weight: number, ...from: readonly number[]) =>
  isFirstShare(STEPS, {
    weight,
    retreats: from.map((one) => ({ from: one, at: "2026-01-01T00:00:00.000Z", reason: "doubt" })),
  });

test.each([
  ["the first step is a release's first share", at(10), true],
  ["and so is less of it, to which a retreat from it leads", at(5), true],
  ["the second step is none", at(25), false],
  ["but it is the first after a retreat from the third", at(25, 50), true],
  ["and not after one from another", at(25, 100), false],
])("%s", (_title, isFirst, expected) => {
  expect(isFirst).toBe(expected);
});
