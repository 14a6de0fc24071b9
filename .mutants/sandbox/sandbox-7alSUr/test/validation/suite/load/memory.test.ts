import { describe, expect, test } from "vitest";
import { memoryCheck } from "../../../../validation/suite/load/memory.ts";

const SIDES = { candidate: "green", active: "blue" } as const;
const minutes = (...values: readonly number[]) =>
  values.map((value, index) => ({ atMs: index * 60_000, value }));
const answer = (candidate: readonly number[], active: readonly number[]) => {
  const seen = memoryCheck(SIDES, minutes(...candidate), minutes(...active));
  return typeof seen === "string" ? seen : `${seen.answer}: ${seen.reason}`;
};

describe("Memory over the run of the tests", () => {
  test("warns of a candidate whose memory grows while the active slot's does not", () => {
    expect(answer([20, 28, 37], [21, 21, 22])).toBe(
      "warn: memory of green from 20.0 % to 37.0 % of what its tasks may use in 3 min, of blue from 21.0 % to 22.0 %",
    );
  });

  test("passes where both grow: they fill what they were given", () => {
    expect(answer([20, 28, 37], [20, 30, 38])).toMatch(/^pass/);
  });

  test("passes where memory moves a little", () => {
    expect(answer([20, 24, 22.9], [20, 20, 20])).toMatch(/^pass/);
    expect(answer([80, 82, 90], [20, 20, 20])).toMatch(/^pass/);
  });

  test("looks at the candidate alone where nothing is known of the active slot", () => {
    expect(answer([20, 28, 37], [])).toMatch(/^warn/);
  });

  test("says how many minutes it has where they are too few", () => {
    expect(answer([20, 40], [20, 20, 20])).toBe(
      "memory over the run is not judged: CloudWatch has 2 of 3 whole minutes of green",
    );
  });
});
