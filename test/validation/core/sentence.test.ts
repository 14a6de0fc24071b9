import { describe, expect, test } from "vitest";
import { sentence } from "../../../validation/core/sentence.ts";
import type { Verdict } from "../../../validation/core/verdict.ts";

const because = (...reasons: readonly string[]) => ({ reasons, evidence: [] });
const said = (verdict: Verdict) => sentence(verdict, "green", 25);
const hold = (why: Extract<Verdict, { kind: "hold" }>["why"], expired = false): Verdict => ({
  kind: "hold",
  why,
  expired,
  ...because("so it is"),
});

describe("a verdict in one sentence", () => {
  test.each<readonly [Verdict, string]>([
    [{ kind: "advance", to: 50, ...because("fine") }, "green advances from 25 % to 50 %: fine"],
    [
      { kind: "advance", to: 0, cohort: "internal", ...because("fine") },
      "green gets cohort internal, and no users yet: fine",
    ],
    [{ kind: "promote", ...because("fine") }, "green is promoted: fine"],
    [
      { kind: "rollback", cause: "failing", ...because("it fails") },
      "green is rolled back from 25 %: it fails",
    ],
    [
      { kind: "retreat", cause: "doubt", ...because("more than chance") },
      "green gives its 25 % back, and is tried again: more than chance",
    ],
    [{ kind: "insufficient", expired: false, ...because("few") }, "green at 25 %: not enough evidence: few"],
    [
      { kind: "insufficient", expired: true, ...because("few") },
      "green at 25 %: not enough evidence, and the deadline has passed: few",
    ],
    [hold("baking"), "green at 25 %: baking: so it is"],
    [hold("baking", true), "green at 25 %: baking, and the deadline has passed: so it is"],
    [hold("approval"), "green at 25 %: proven, and waiting for a person: so it is"],
    [hold("drift"), "green at 25 %: holding, because the route is not as the release has it: so it is"],
    [hold("retreated"), "green at 25 %: gave its users back: so it is"],
  ])("%o", (verdict, words) => {
    expect(said(verdict)).toBe(words);
  });

  test("has the first three reasons, and says how many more there are", () => {
    const promoted = (...reasons: readonly string[]) => said({ kind: "promote", ...because(...reasons) });
    expect(promoted("a", "b")).toBe("green is promoted: a; b");
    expect(promoted("a", "b", "c")).toBe("green is promoted: a; b; c");
    expect(promoted("a", "b", "c", "d")).toBe("green is promoted: a; b; c; and 1 more");
    expect(promoted("a", "b", "c", "d", "e")).toBe("green is promoted: a; b; c; and 2 more");
  });

  describe("says how blind the step is", () => {
    const blind = (reasons: readonly string[], saidBy: readonly string[]) =>
      sentence({ kind: "promote", ...because(...reasons) }, "green", 25, { spot: 0.0456, saidBy });

    test("in percent, with two digits", () => {
      expect(blind(["fine"], ["few"])).toBe(
        "green is promoted: fine (smallest detectable failure rate 4.6 %)",
      );
    });

    test("unless one of the reasons that are shown says it already", () => {
      expect(blind(["fine", "few"], ["few"])).toBe("green is promoted: fine; few");
      expect(blind(["a", "b", "c", "few"], ["few"])).toContain("smallest detectable failure rate 4.6 %");
    });
  });

  describe("of a candidate with a cohort and no users", () => {
    const cohort = (verdict: Verdict) => sentence(verdict, "green", 0, undefined, "internal");
    const alone = " (a cohort is compared with nobody: alarms, health and its own answers decide)";

    test("names the cohort where a share would stand, and says who decides", () => {
      expect(cohort(hold("baking"))).toBe(`green with cohort internal: baking: so it is${alone}`);
      expect(cohort({ kind: "advance", to: 10, ...because("fine") })).toBe(
        `green advances from cohort internal to 10 %: fine${alone}`,
      );
      expect(cohort({ kind: "rollback", cause: "failing", ...because("bad") })).toBe(
        `green is rolled back from cohort internal: bad${alone}`,
      );
    });
  });
});
