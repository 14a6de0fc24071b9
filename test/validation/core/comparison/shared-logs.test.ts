import fc from "fast-check";
import { expect, it } from "vitest";
import { GRID_POINTS, HARM_FACTORS } from "../../../../validation/core/comparison/grid.ts";
import { sharedLogs } from "../../../../validation/core/comparison/shared-logs.ts";

it("gives each ratio's logarithm to ten digits, at the ends too", () => {
  const found = new Float64Array(GRID_POINTS);
  const isRight = (theta: number) => {
    sharedLogs(theta, found);
    HARM_FACTORS.forEach((factor, j) => {
      expect(Math.abs((found[j] ?? 0) - Math.log1p(theta * (factor - 1)))).toBeLessThan(1e-10);
    });
  };
  isRight(0);
  isRight(1);
  fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), isRight), { numRuns: 2000 });
});
