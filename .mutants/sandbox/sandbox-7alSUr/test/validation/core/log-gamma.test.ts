import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logGamma } from "../../../validation/core/log-gamma.ts";

/** ln of a whole number of any size, from its first 15 digits and its length. */
function logOf(value: bigint): number {
  const digits = value.toString();
  return Math.log(Number(digits.slice(0, 15))) + (digits.length - Math.min(15, digits.length)) * Math.LN10;
}

/** (n - 1)! exactly. */
function factorialBefore(n: number): bigint {
  let product = 1n;
  for (let factor = 2n; factor < BigInt(n); factor++) product *= factor;
  return product;
}

describe("logGamma", () => {
  it.each([1, 2, 3, 10, 50, 170, 171, 1000, 3000])(
    "is the logarithm of the exact factorial before %d",
    (n) => {
      const exact = logOf(factorialBefore(n));
      expect(Math.abs(logGamma(n) - exact)).toBeLessThanOrEqual(2e-13 * Math.max(1, exact));
    },
  );

  // Γ(n + 1/2) = (2n)! √π / (4ⁿ n!)
  it.each([0, 1, 5, 40, 500])("is exact at %d and a half", (n) => {
    const exact =
      logOf(factorialBefore(2 * n + 1)) +
      0.5 * Math.log(Math.PI) -
      n * Math.log(4) -
      logOf(factorialBefore(n + 1));
    expect(Math.abs(logGamma(n + 0.5) - exact)).toBeLessThanOrEqual(4e-13 * Math.max(1, Math.abs(exact)));
  });

  it("grows by ln x from x to x + 1", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (x) => {
        const size = Math.max(1, Math.abs(logGamma(x)));
        expect(Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x))).toBeLessThan(1e-13 * size * 10);
      }),
    );
  });
});
