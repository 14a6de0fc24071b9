import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { harmless } from "../../../cli/view/harmless.ts";
import { createReporter } from "../../../cli/view/reporter.ts";

const ESC = "\u001B";
/** Texts that are full of what a terminal or a runner obeys. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "::",
        "##[",
        "##vso[",
        "\n",
        "\r",
        "\t",
        " ",
        "\u00A0",
        ESC,
        "\u009B",
        "\u202E",
        "\\",
        '"',
        "a",
      ),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));

describe("what is printed", () => {
  it.each([
    ["a colour", `${ESC}[31mred`, "\\u001b[31mred"],
    ["the title of the window", `${ESC}]0;owned\u0007`, "\\u001b]0;owned\\u0007"],
    ["a line over the last one", "97 failed\r 0 failed", "97 failed\\u000d 0 failed"],
    ["a C1 sequence", "\u009B2J", "\\u009b2J"],
    ["text that runs the other way", "\u202Etxt.exe", "\\u202etxt.exe"],
    ["a command of GitHub's runner", "ok\n  ::add-mask::a", "ok\n  \\u003a:add-mask::a"],
    ["an old command, in the middle of a line", "said ##[add-matcher]x", "said ##\\u005badd-matcher]x"],
    ["a command of Azure", "##vso[task.complete]", "##vso\\u005btask.complete]"],
    ["a table, a tab, umlauts and a path", "a\tü → 50 %\nC::d [x] #1", "a\tü → 50 %\nC::d [x] #1"],
  ])("shows %s and does not obey it", (_what, text, shown) => {
    expect(harmless(text)).toBe(shown);
  });

  it("has nothing that is obeyed, whatever was said", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = harmless(text);
        expect(shown).not.toMatch(/[^\P{Cc}\n\t]|[\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/u);
        expect(shown).not.toContain("##[");
        for (const line of shown.split("\n")) expect(line.trimStart()).not.toMatch(/^::/);
        // What is shown is shown, however often it goes through here.
        expect(harmless(shown)).toBe(shown);
      }),
      { numRuns: 1000 },
    );
  });

  it("is the same JSON", () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.array(hostile), fc.dictionary(hostile, hostile)), (value) => {
        for (const json of [JSON.stringify(value), JSON.stringify(value, null, 2)])
          expect(JSON.parse(harmless(json))).toEqual(JSON.parse(json));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([true, false])("of progress too (a terminal: %s)", (isTTY) => {
    const written: string[] = [];
    const { report } = createReporter({ write: (text) => written.push(text), isTTY, columns: 200 });
    report({ kind: "note", message: `the model said ${ESC}[2J` });
    expect(written.join("")).toBe("the model said \\u001b[2J\n");
  });
});
