import { describe, expect, test } from "vitest";
import { hitsBoth, isComparisonOperator, type AlarmPoint } from "../../../contract/alarms/hits-both.ts";

const above = { comparison: "GreaterThanThreshold", threshold: 0.9, datapointsToAlarm: 3 } as const;
const below = { comparison: "LessThanThreshold", threshold: 1, datapointsToAlarm: 3 } as const;

/** A point per minute; undefined: CloudWatch has none. */
const minutes = (values: readonly (number | undefined)[]): readonly AlarmPoint[] =>
  values.flatMap((value, index) => (value === undefined ? [] : [{ atMs: index * 60_000, value }]));

describe("what hits both slots", () => {
  test.each([
    ["is as bad on both in the same minutes", [1, 1, 1, 0], [1, 1, 1, 0], true],
    ["may end a little later for the candidate", [1, 1, 1, 1, 1], [1, 1, 1, 0, 0], true],
    ["does not last for the candidate alone as long as its alarm needs", [1, 1, 1, 1], [1, 0, 0, 0], false],
    ["is not in other minutes", [1, 1, 0, 0, 0], [0, 0, 0, 1, 1], false],
    ["is nothing where the candidate never breaches", [0, 0, 0], [1, 1, 1], false],
    ["is not at the limit", [1, 1, 1], [0.9, 0.9, 0.9], false],
    [
      "is not in minutes that nobody knows of the active slot",
      [1, 1, 1],
      [undefined, undefined, undefined],
      false,
    ],
    [
      "is not for one known minute among many unknown",
      [1, 1, 1, 1],
      [1, undefined, undefined, undefined],
      false,
    ],
  ] as const)("%s", (_title, candidate, active, expected) => {
    expect(hitsBoth(above, minutes(candidate), minutes(active))).toBe(expected);
  });

  test("is below the limit where the alarm says so", () => {
    expect(hitsBoth(below, minutes([0, 0.3, 0.5]), minutes([0, 0.3, 0.5]))).toBe(true);
    expect(hitsBoth(below, minutes([0, 0.3, 0.5]), minutes([1, 1, 1]))).toBe(false);
  });
});

test("knows no comparison but those of the catalogue", () => {
  expect(isComparisonOperator("GreaterThanThreshold")).toBe(true);
  expect(isComparisonOperator("GreaterThanUpperThreshold")).toBe(false);
  expect(isComparisonOperator("toString")).toBe(false);
});
