import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CustomGate } from "../../../contract/config/custom-gate.ts";
import { customAssessment } from "../../../validation/gates/custom.ts";

const GATE: CustomGate = { name: "fairness", timeoutSeconds: 1, asks: { kind: "url", url: "http://x" } };
const judged = (value: unknown) => customAssessment(GATE, { readable: true, value }).answer;

describe("what a custom gate says", () => {
  test.each([
    [
      { answer: "pass", reason: "fine" },
      { kind: "pass", reason: "fairness: fine" },
    ],
    [{ answer: "fail", reason: "parity 0.6, at least 0.8" }, { kind: "fail" }],
    [
      { answer: "noAnswer", reason: "12 of 200 labels" },
      { kind: "noAnswer", cause: "tooEarly" },
    ],
  ])("counts: %o", (said, expected) => {
    expect(judged(said)).toMatchObject(expected);
  });

  test("keeps its numbers as evidence, and nothing that is none", () => {
    const evidence = { parity: 0.9, group: "a", nested: { x: 1 }, flag: true };
    expect(judged({ answer: "pass", reason: "fine", evidence }).evidence).toEqual({
      parity: 0.9,
      group: "a",
    });
  });

  test.each([
    ["nothing", undefined],
    ["a bare word", "pass"],
    ["a list", [{ answer: "pass", reason: "fine" }]],
    ["another word", { answer: "PASS", reason: "fine" }],
    ["a name of every object", { answer: "toString", reason: "fine" }],
    ["yes", { answer: true, reason: "fine" }],
    ["no reason", { answer: "pass" }],
    ["an empty reason", { answer: "pass", reason: " " }],
  ])("is no answer when it is %s", (_title, said) => {
    expect(judged(said)).toMatchObject({ kind: "noAnswer", cause: "unreadable" });
  });

  test.each([
    ["pass", "it said no JSON object"],
    [["pass"], "it said no JSON object"],
    [{ answer: "pass" }, "it gave no reason"],
    [{ answer: "pass", reason: "  " }, "it gave no reason"],
    [{}, '"answer" is nothing; allowed: pass, fail, noAnswer'],
    [{ answer: "PASS", reason: 3 }, '"answer" is "PASS"; allowed: pass, fail, noAnswer'],
  ])("says what is wrong with %j", (said, why) => {
    expect(judged(said).reason).toBe(`fairness: no answer (${why})`);
  });

  test("is no answer when it was not heard, and says why", () => {
    const { answer } = customAssessment(GATE, { readable: false, why: "it took longer than 1 s" });
    expect(answer).toMatchObject({ kind: "noAnswer", cause: "unreadable" });
    expect(answer.reason).toBe("fairness: no answer (it took longer than 1 s)");
  });

  test("passes for nothing but the word pass with a reason", () => {
    fc.assert(
      fc.property(fc.anything(), (said) => {
        if (judged(said).kind !== "pass") return;
        expect(said).toMatchObject({ answer: "pass", reason: expect.stringMatching(/\S/) });
      }),
    );
  });
});
