import { describe, expect, test } from "vitest";
import { differs, farApartIn, flips } from "../../../../validation/suite/behaviour/differs.ts";
import { featuresOf } from "../../../../validation/suite/behaviour/features.ts";

describe("the features of an input", () => {
  test.each([
    [{ features: [1, 2] }, ["features[0]", "features[1]"]],
    [
      [1, 2],
      ["[0]", "[1]"],
    ],
    [{ age: 4, country: "DE" }, ["age", "country"]],
    ["a text", []],
    [{ text: "a text" }, []],
    [12, []],
  ])("of %j are %j", (input, names) => {
    expect(featuresOf(input).map(({ name }) => name)).toEqual(names);
  });

  test("that are too many are asked for together", () => {
    const features = featuresOf({ pixels: Array.from({ length: 784 }, () => 0) });
    expect(features.length).toBeLessThanOrEqual(64);
    expect(features[0]?.name).toBe("pixels[0..12]");
    expect(features.at(-1)?.name).toBe("pixels[780..783]");
  });

  test("are taken from another input, and nothing else is", () => {
    const taken = (input: unknown, from: unknown, at: number) => featuresOf(input)[at]?.taken(input, from);
    expect(taken({ features: [1, 2] }, { features: [3, 4] }, 1)).toEqual({ features: [1, 4] });
    expect(taken({ age: 4, country: "DE" }, { age: 5, country: "FR" }, 1)).toEqual({ age: 4, country: "FR" });
    expect(featuresOf([1, [2, 3]])[1]?.mapped([1, [2, 3]], (value) => value * 2)).toEqual([1, [4, 6]]);
  });
});

describe("two answers", () => {
  test.each([
    [1, 1.000001, false],
    [1, 1.1, true],
    ["a", "b", true],
    [[0.1, 0.2], [0.1, 0.2000001], false],
    [{ a: 1 }, { a: 1, b: 2 }, true],
    [0, "0", true],
  ])("%j and %j differ: %s", (a, b, wanted) => {
    expect(differs(a, b)).toBe(wanted);
  });

  test.each([
    ["other labels", 3, 4, true],
    ["numbers that are near", 3.1, 3.2, false],
    ["numbers that are far apart", 3.1, 9.2, true],
    ["scores with the same highest", [0.1, 0.9], [0.3, 0.7], false],
    ["scores with another highest", [0.4, 0.6], [0.6, 0.4], true],
  ])("are another answer to whoever acts on them when they are %s", (_what, a, b, wanted) => {
    expect(flips(a, b, 0.5)).toBe(wanted);
  });

  test("are compared by their highest score however many there are, as one for each pixel", () => {
    const scores = Array.from({ length: 200_000 }, (_, at) => at);
    expect(flips(scores, scores.with(7, 1_000_000), 0.5)).toBe(true);
    expect(flips(scores, scores.with(7, 8), 0.5)).toBe(false);
  });

  test("are far apart when a quarter of the spread lies between them", () => {
    expect(farApartIn([0, 2, 0, 2])).toBeCloseTo(0.25);
    expect(farApartIn(["a"])).toBe(0);
  });
});
