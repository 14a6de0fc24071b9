import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTooDeep as ofAgent } from "../../agent/json.ts";
import { isTooDeep as ofProtocols } from "../../validation/protocols/depth.ts";

/** Says it in one line, and takes time by the square where a text does not end: for short ones alone. */
function simply(text: string): boolean {
  let levels = 0;
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/gs)].some(([found]) => {
    levels += "[{".includes(found) ? 1 : "]}".includes(found) ? -1 : 0;
    return levels > 500;
  });
}

const anything = fc.string({ unit: fc.constantFrom('"', "\\", "[", "]", "{", "}", "a", "\n", "é") });
const nested = fc.integer({ min: 494, max: 503 }).map((levels) => "[".repeat(levels));

// Two, since the program in a task has nothing but itself.
describe.each([
  ["the agent", ofAgent],
  ["the protocols", ofProtocols],
])("how deep a text is nested, to %s", (_, isTooDeep) => {
  it("is counted outside of its texts", () => {
    fc.assert(
      fc.property(anything, nested, anything, (before, levels, after) => {
        const text = `${before}${levels}${after}`;
        expect(isTooDeep(text)).toBe(simply(text));
      }),
    );
  });

  it.each([
    ["whose quotes are all escaped", '\\"'],
    ["of backslashes", "\\\\"],
    ["of letters", "a"],
  ])("is soon known where a text %s never ends", (__, part) => {
    // By the square of its length it takes minutes, and the test's own bound ends it.
    expect(isTooDeep(`"${part.repeat(256 * 1024)}`)).toBe(false);
  });

  it("has the brackets behind a text that never ends: YAML has quotes that begin none", () => {
    expect(isTooDeep(`a: 6" wide\nb: ${"[".repeat(501)}`)).toBe(true);
    expect(isTooDeep(`["${"[".repeat(501)}"]`)).toBe(false);
  });
});
