import fc from "fast-check";
import { expect, it } from "vitest";
import {
  addValue,
  emptyDistribution,
  loadDistribution,
  merge,
  pack,
  saveDistribution,
  sortedValues,
} from "../../metrics/distribution.ts";

const samples = fc.array(
  fc.record({
    value: fc.constantFrom(-1, 0, 0.25, 1, 3, 1e9),
    count: fc.integer({ min: 1, max: 3 }),
    how: fc.constantFrom("add", "pack", "save"),
  }),
  { minLength: 1, maxLength: 12 },
);

it("has the same values however often it was packed or saved in between", () => {
  fc.assert(
    fc.property(samples, (all) => {
      const plain = emptyDistribution();
      let packed = emptyDistribution();
      for (const { value, count, how } of all) {
        addValue(plain, value, count);
        addValue(packed, value, count);
        if (how === "pack") pack(packed);
        if (how === "save") packed = loadDistribution(JSON.parse(JSON.stringify(saveDistribution(packed))));
      }
      const { count, sum, minimum, maximum } = plain;
      expect(packed).toMatchObject({ count, sum, minimum, maximum });
      expect(sortedValues(packed)).toEqual(sortedValues(plain));
      expect(sortedValues(merge([packed, packed]))).toEqual(sortedValues(merge([plain, plain])));
    }),
  );
});

it("keeps no list of values for a minute with one, which is most of a day's minutes", () => {
  const one = emptyDistribution();
  addValue(one, 0.25, 7);
  pack(one);
  expect([one.open, one.sealed]).toEqual([undefined, undefined]);
  expect(sortedValues(one)).toEqual({ values: [0.25], counts: [7] });
});
