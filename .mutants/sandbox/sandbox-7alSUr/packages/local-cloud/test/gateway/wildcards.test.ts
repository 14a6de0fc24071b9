import fc from "fast-check";
import { expect, it } from "vitest";
import { matchesWildcards } from "../../gateway/wildcards.ts";

/** As the words of ELB read, without a thought of its costs. */
function naive(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  const rest = pattern.slice(1);
  if (pattern[0] === "*") return naive(rest, text) || (text !== "" && naive(pattern, text.slice(1)));
  return text !== "" && (pattern[0] === "?" || pattern[0] === text[0]) && naive(rest, text.slice(1));
}

function stepsOf(pattern: string, text: string): number {
  let steps = 0;
  matchesWildcards(pattern, text, () => steps++);
  return steps;
}

const word = (characters: string, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...characters), maxLength });

it("wildcards match what the words of ELB say", () => {
  fc.assert(
    fc.property(word("ab*?", 9), word("ab", 10), (pattern, text) => {
      expect(matchesWildcards(pattern, text)).toBe(naive(pattern, text));
    }),
    {
      numRuns: 3000,
      examples: [
        ["*a*b?", "aabab"],
        ["", ""],
        ["***", ""],
      ],
    },
  );
});

it("wildcards never take more steps than the text has characters for each of the pattern's", () => {
  fc.assert(
    fc.property(word("a*?b", 128), word("ab", 2000), (pattern, text) => {
      expect(stepsOf(pattern, text)).toBeLessThanOrEqual((text.length + 1) * (pattern.length + 1));
    }),
  );
});

it("six stars over the longest path that Node's parser takes are a matter of thousands of steps", () => {
  // 16 KB is Node's bound for a request's head; with a regular expression this is 10^20 steps.
  const path = `/${"a".repeat(16_000)}`;
  expect(stepsOf("/*a*a*a*a*a*ab", path)).toBeLessThan(100_000);
});
