import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { forged } from "../../tools/bench/verify/forge.ts";
import { recorded, refusal, withAnotherDigit } from "../../tools/bench/verify/tamper.ts";
import { randomOf } from "../../validation/core/planning/random.ts";
import { NotEvidence } from "../../verify/read/json.ts";
import { verify } from "../../verify/verify.ts";

const files = recorded();
const textOf = (name: string) => files.find((file) => file.name === name)?.text ?? "";
const small = files.filter(({ text }) => text.length < 100_000);

/** The first difference after an edit whose author made all digests anew. */
const afterForgery = (name: string, edit: (text: string) => string) => {
  const text = textOf(name);
  const edited = edit(text);
  expect(edited).not.toBe(text);
  return verify(forged(edited) ?? "").differences[0];
};

describe("verify", () => {
  test.each(files)("takes $name, of a real release on the local cloud, for true", ({ text }) => {
    expect(verify(text).differences).toEqual([]);
  });

  test("refuses each of 100 of them with one digit changed anywhere", () => {
    const random = randomOf(20261130);
    const taken = Array.from({ length: 100 }, (_, run) => {
      const { text } = (run % 25 === 0 ? files[run % files.length] : small[run % small.length]) ?? {
        text: "",
      };
      return refusal(withAnotherDigit(text, random)) ?? "taken for true";
    });
    expect(taken).not.toContain("taken for true");
  });

  test("takes what is chained anew without an edit for true, so that a forger is refused for the edit alone", () => {
    for (const { text } of small) expect(refusal(forged(text) ?? "")).toBeUndefined();
  });

  const edits: readonly (readonly [what: string, from: RegExp, to: string, field: RegExp])[] = [
    [
      "failures of the candidate more",
      /("candidate":\{"requests":\[[\d,]+\],"events":\[)(\d+)/,
      "more",
      /^metrics\.failed/,
    ],
    ["a verdict that its gates do not give", /"verdict":"rollback"/, '"verdict":"hold"', /^verdict/],
    ["another threshold", /"needed":100,/, '"needed":1000,', /needed/],
    ["another φ", /"phi":3,/, '"phi":3.5,', /^metrics\.|^doubt/],
    ["a gate that passed", /"kind":"fail"/, '"kind":"pass"', /^gates|^verdict|^reasons/],
  ];
  test.each(edits)("refuses %s by recomputing, when all digests were made anew", (_what, from, to, field) => {
    const found = afterForgery("rolled-back.jsonl.gz", (text) =>
      text.replace(from, (_all, before: string, count: string) =>
        to === "more" ? `${before}1${count}` : to,
      ),
    );
    expect(found?.field).toMatch(field);
  });

  test("refuses a journal without one of its lines, with two of them exchanged, or with another end", () => {
    const lines = textOf("rolled-back.jsonl.gz").trimEnd().split("\n");
    const text = (of: readonly string[]) => `${of.join("\n")}\n`;
    const [a = "", b = ""] = lines.slice(2, 4);
    expect(refusal(text(lines.toSpliced(3, 1)))).toBe("n");
    expect(refusal(text(lines.toSpliced(2, 2, b, a)))).toBe("n");
    expect(refusal(text([...lines, lines.at(-1) ?? ""]))).toBe("seal is the last line");
    expect(verify(text(lines.slice(0, -1)))).toMatchObject({ holds: true });
    expect(verify(text(lines.slice(0, -1))).checked.join()).toContain("no seal");
  });

  test("drops a last line that a kill has torn, and says so", () => {
    const text = textOf("rolled-back.jsonl.gz");
    const torn = text.slice(0, text.lastIndexOf("\n", text.length - 2) + 40);
    expect(verify(torn).holds).toBe(true);
    expect(verify(torn).checked.join()).toContain("torn");
  });

  test("refuses a number in a form that no program writes, though it means the same", () => {
    const edited = textOf("rolled-back.json.gz").replace('"share": 10', '"share": 1e1');
    expect(refusal(edited)).toMatch(/a number of line/);
  });

  test.each([["{}"], ["no JSON"], ['{"n":1,"kind":"other"}\n'], [""]])("takes %j for no evidence", (text) => {
    expect(() => verify(text)).toThrow(NotEvidence);
  });

  test("runs alone, with Node and its own folder", () => {
    const main = join(import.meta.dirname, "../../verify/main.ts");
    const [path] = [join(import.meta.dirname, "verify.test.ts")];
    expect(() => execFileSync(process.execPath, [main, path], { stdio: "pipe" })).toThrow(
      expect.objectContaining({ status: 64 }),
    );
  });
});
