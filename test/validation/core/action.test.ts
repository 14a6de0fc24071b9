import { describe, expect, test } from "vitest";
import type { ReleasePhase } from "../../../validation/core/decide.ts";
import { actionOf, needsPerson } from "../../../validation/core/machine.ts";
import type { Verdict } from "../../../validation/core/verdict.ts";

const because = { reasons: [], evidence: [] } as const;
const STEPS = { steps: [10, 25, 50, 100] };
const sharing = (share: number): ReleasePhase => ({ phase: "sharing", share, liveSinceMs: 0, deadlineMs: 1 });
const cohort: ReleasePhase = {
  phase: "cohort",
  name: "internal",
  bakeMinutes: 1,
  liveSinceMs: 0,
  deadlineMs: 1,
};
const after = (verdict: Verdict, state = sharing(50)) => actionOf(state, verdict, STEPS);
const hold = (why: Extract<Verdict, { kind: "hold" }>["why"], expired: boolean): Verdict => ({
  kind: "hold",
  why,
  expired,
  ...because,
});

describe("what follows from a verdict", () => {
  test.each<readonly [Verdict, object]>([
    [
      { kind: "advance", to: 50, ...because },
      { kind: "share", percent: 50 },
    ],
    [
      { kind: "advance", to: 0, cohort: "internal", ...because },
      { kind: "cohort", name: "internal" },
    ],
    [{ kind: "promote", ...because }, { kind: "promote" }],
    [{ kind: "rollback", cause: "failing", ...because }, { kind: "rollBack" }],
    [
      { kind: "retreat", cause: "doubt", ...because },
      { kind: "retreat", resumeAt: 25 },
    ],
  ])("%o", (verdict, action) => {
    expect(after(verdict)).toEqual(action);
  });

  test("of a retreat without users is tried again below the first step", () => {
    expect(after({ kind: "retreat", cause: "doubt", ...because }, cohort)).toEqual({
      kind: "retreat",
      resumeAt: 5,
    });
  });

  test.each([
    ["paused", false, true],
    ["approval", false, true],
    ["baking", false, false],
    ["unreadable", false, false],
    ["baking", true, true],
  ] as const)("of a wait (%s, expired: %s) is a person called: %s", (why, expired, isCalled) => {
    expect(after(hold(why, expired))).toEqual(isCalled ? { kind: "callPerson" } : undefined);
    expect(needsPerson(hold(why, expired))).toBe(isCalled);
  });

  test("of too little evidence is nothing before the deadline, and a person after it", () => {
    expect(after({ kind: "insufficient", expired: false, ...because })).toBeUndefined();
    expect(after({ kind: "insufficient", expired: true, ...because })).toEqual({ kind: "callPerson" });
  });

  test("calls nobody for what goes on by itself", () => {
    expect(needsPerson({ kind: "promote", ...because })).toBe(false);
    expect(needsPerson({ kind: "rollback", cause: "failing", ...because })).toBe(false);
  });
});
