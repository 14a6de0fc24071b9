import fc from "fast-check";
import { expect, it } from "vitest";
import { GRID_POINTS, HARM_FACTORS } from "../../../../validation/core/comparison/evidence/grid.ts";
import { factorLogs } from "../../../../validation/core/comparison/evidence/factor-logs.ts";

it("gives each ratio's logarithm to ten digits, at the ends too", () => {
  const found = new Float64Array(GRID_POINTS);
  const isRight = (theta: number) => {
    factorLogs(theta, 3, 7, found);
    HARM_FACTORS.forEach((factor, j) => {
      const exact = 3 * Math.log(factor) - 7 * Math.log1p(theta * (factor - 1));
      expect(Math.abs((found[j] ?? 0) - exact)).toBeLessThan(7e-10);
    });
  };
  isRight(0);
  isRight(1);
  fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), isRight), { numRuns: 2000 });
});
