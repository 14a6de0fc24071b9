import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseGroup } from "../../gateway/choose-group.ts";

const weightedGroups = fc
  .array(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 5 })
  .map((weights) => weights.map((weight, group) => ({ group, weight })));

/** Just below 1 and exactly 0 are where picks go wrong. */
const unit = fc.oneof(
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  fc.constantFrom(0, 1 - Number.EPSILON / 2),
);

describe("chooseGroup", () => {
  it("never chooses a group with weight 0, and chooses one whenever some weight is above 0", () => {
    fc.assert(
      fc.property(weightedGroups, unit, (groups, random) => {
        const chosen = chooseGroup(groups, () => random);
        const isRight =
          chosen === undefined
            ? groups.every(({ weight }) => weight === 0)
            : groups.some(({ group, weight }) => group === chosen && weight > 0);
        expect(isRight).toBe(true);
      }),
    );
  });

  it("gives each group exactly its share of the unit interval", () => {
    fc.assert(
      fc.property(weightedGroups, (groups) => {
        const total = groups.reduce((sum, { weight }) => sum + weight, 0);
        const counts = groups.map(() => 0);
        for (let i = 0; i < total; i++) {
          const chosen = chooseGroup(groups, () => (i + 0.5) / total) ?? -1;
          counts[chosen] = (counts[chosen] ?? 0) + 1;
        }
        expect(counts).toEqual(groups.map(({ weight }) => weight));
      }),
      { numRuns: 30 },
    );
  });
});
