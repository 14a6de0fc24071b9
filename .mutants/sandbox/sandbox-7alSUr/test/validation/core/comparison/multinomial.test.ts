import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { multinomialLogE } from "../../../../validation/core/comparison/evidence/multinomial.ts";

const pValue = (counts: readonly number[], shares: readonly number[]) =>
  Math.exp(-multinomialLogE(counts, shares, 100));

describe("the evidence against a split", () => {
  it.each([
    // Lindon & Malek's examples as published with the package savvi, and a test of Podlozhniy's guide.
    [[40, 129, 233], [0.1, 0.4, 0.5], 0.048_455_911_059_695_17],
    [[148, 62], [0.8, 0.2], 0.045_579_6],
    [[156, 212], [0.5, 0.5], 0.074_864_529_8],
  ])("gives for the counts %j at the shares %j the published p-value %d", (counts, shares, published) => {
    expect(pValue(counts, shares)).toBeCloseTo(published, 7);
  });

  it("is 1 before anything was counted, and has a mean of 1 over the next count", () => {
    fc.assert(
      fc.property(
        fc.nat(500),
        fc.nat(500),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (a, b, share) => {
          const shares = [share, 1 - share];
          const e = (counts: readonly number[]) => multinomialLogE(counts, shares, 100);
          const now = e([a, b]);
          const next = share * Math.exp(e([a + 1, b]) - now) + (1 - share) * Math.exp(e([a, b + 1]) - now);
          expect(e([0, 0])).toBeCloseTo(0, 10);
          expect(next).toBeCloseTo(1, 6);
        },
      ),
    );
  });
});
