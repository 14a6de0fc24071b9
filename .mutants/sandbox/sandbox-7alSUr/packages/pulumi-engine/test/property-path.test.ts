import { describe, expect, it } from "vitest";

import { leafChanges, sameJson } from "../values/property-diff.ts";
import { ignoreChanges, parsePath, pathsOverlap } from "../values/property-path.ts";
import { secret } from "../values/values.ts";

describe("property paths", () => {
  it.each([
    ["a", ["a"]],
    ["a.b[0].c", ["a", "b", 0, "c"]],
    ['tags["a.b"]', ["tags", "a.b"]],
    ["a[*].b", ["a", "*", "b"]],
    ["*", ["*"]],
  ])("%s is read as Pulumi reads it", (text, segments) => {
    expect(parsePath(text)).toEqual(segments);
  });

  it.each(["", "a..b", "a[", "a[x]", "[]"])("%j is refused", (text) => {
    expect(() => parsePath(text)).toThrow("invalid property path");
  });

  it("overlap when one lies within the other", () => {
    expect(pathsOverlap("a.b.c", "a.b")).toBe(true);
    expect(pathsOverlap("a", "a.b")).toBe(true);
    expect(pathsOverlap("a[1].c", "a[*].c")).toBe(true);
    expect(pathsOverlap("a.b", "a.c")).toBe(false);
  });
});

describe("ignoring changes", () => {
  it("takes the old value at a path, whether it is another, absent or new", () => {
    expect(ignoreChanges({ a: { b: 2, c: 2 } }, { a: { b: 1 } }, ["a.b", "a.c"])).toEqual({ a: { b: 1 } });
    expect(ignoreChanges({ a: {} }, { a: { b: 1 } }, ["a.b"])).toEqual({ a: { b: 1 } });
  });

  it("follows every element for a star", () => {
    const news = {
      list: [
        { x: 2, y: 2 },
        { x: 2, y: 2 },
      ],
    };
    const olds = {
      list: [
        { x: 1, y: 1 },
        { x: 1, y: 1 },
      ],
    };
    expect(ignoreChanges(news, olds, ["list[*].x"])).toEqual({
      list: [
        { x: 1, y: 2 },
        { x: 1, y: 2 },
      ],
    });
  });

  it("looks into secrets", () => {
    const news = { s: secret({ a: 2, b: 2 }) };
    const olds = { s: secret({ a: 1, b: 1 }) };
    expect(ignoreChanges(news, olds, ["s.a"])).toEqual({ s: secret({ a: 1, b: 2 }) });
  });
});

describe("comparing values", () => {
  it("names each leaf that differs by its path", () => {
    const before = { list: [{ weight: 100 }, { weight: 0 }], gone: 1, same: { x: [1] } };
    const after = { list: [{ weight: 75 }, { weight: 0 }, { weight: 25 }], same: { x: [1] } };
    expect(leafChanges(before, after)).toEqual([
      { path: "list[0].weight", kind: "update", before: 100, after: 75 },
      { path: "list[2]", kind: "add", before: undefined, after: { weight: 25 } },
      { path: "gone", kind: "delete", before: 1, after: undefined },
    ]);
  });

  it("does not mind the order of keys", () => {
    expect(sameJson({ a: { b: 1, c: 2 } }, { a: { c: 2, b: 1 } })).toBe(true);
    expect(sameJson([1, 2], [2, 1])).toBe(false);
  });
});
