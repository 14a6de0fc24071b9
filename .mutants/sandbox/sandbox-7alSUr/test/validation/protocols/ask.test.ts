import { describe, expect, test } from "vitest";
import { jsonOf } from "../../../validation/protocols/ask.ts";

const read = (text: string) => jsonOf({ status: 200, seconds: 0, text });

describe("the JSON of an answer", () => {
  test.each<[string, unknown]>([
    ['{"a":[1,NaN]}', { a: [1, "NaN"] }],
    ["[Infinity, -Infinity]", ["Infinity", "-Infinity"]],
    ['{"NaN":"a \\"NaN\\" or -Infinity","b":NaN}', { NaN: 'a "NaN" or -Infinity', b: "NaN" }],
    ['{"a":"\\\\","b":NaN}', { a: "\\", b: "NaN" }],
    ["NaN", "NaN"],
    ["{NaN}", undefined],
    ["-NaN-", undefined],
    ['{"a": nan}', undefined],
    ['"NaN', undefined],
  ])("%s has NaN and infinities as texts, as Python's servers write them", (text, value) => {
    expect(read(text)).toEqual(value);
  });

  test("of megabytes with a NaN is read at once", () => {
    expect(read(`["${'\\"NaN'.repeat(400_000)}",NaN]`)).toHaveLength(2);
  });
});
