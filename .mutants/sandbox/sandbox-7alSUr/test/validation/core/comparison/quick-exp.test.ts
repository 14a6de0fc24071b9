import fc from "fast-check";
import { expect, it } from "vitest";
import { quickExp } from "../../../../validation/core/comparison/evidence/quick-exp.ts";

it("is Math.exp to fifteen digits, and the same beyond what its tables have", () => {
  const isRight = (x: number) => {
    const exact = Math.exp(x);
    expect(Math.abs(quickExp(x) - exact)).toBeLessThanOrEqual(exact * 1e-15);
  };
  for (const x of [-699.999, -1, -1e-300, 0, 1e-300, 1, 699.999, 1 / 1024, -1 / 1024]) isRight(x);
  for (const x of [-Infinity, -746, -700, 700, Infinity]) expect(quickExp(x)).toBe(Math.exp(x));
  expect(quickExp(Number.NaN)).toBeNaN();
  fc.assert(fc.property(fc.double({ min: -699, max: 699, noNaN: true }), isRight), { numRuns: 5000 });
});
