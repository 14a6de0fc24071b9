import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  fail,
  notApplicable,
  pass,
  tooEarly,
  unreadable,
  type Answer,
  type Assessment,
} from "../../../validation/core/assessment.ts";
import { decide, type DecisionPolicy, type ReleasePhase } from "../../../validation/core/decide.ts";

const MINUTE = 60_000;
const POLICY: DecisionPolicy = { steps: [10, 50, 100], bakeMinutes: 10, atDeadline: "hold", maxRetreats: 2 };
const LIVE = 1_000_000;

const sharing = (share: number, deadlineMinutes = 60): ReleasePhase => ({
  phase: "sharing",
  share,
  liveSinceMs: LIVE,
  deadlineMs: LIVE + deadlineMinutes * MINUTE,
});
const of = (answer: Answer, about: Assessment["about"] = "candidate"): Assessment => ({
  gate: "gate",
  about,
  answer,
});
const good = of(pass("fine"));
const at = (minutes: number) => LIVE + minutes * MINUTE;

describe("decide", () => {
  const table: readonly (readonly [string, Assessment[], number, Partial<DecisionPolicy>, object])[] = [
    ["bakes", [good], 9, {}, { kind: "hold", why: "baking", expired: false }],
    ["advances after the bake", [good], 10, {}, { kind: "advance", to: 50 }],
    ["ignores what does not apply", [good, of(notApplicable("n/a"))], 10, {}, { kind: "advance", to: 50 }],
    ["rolls back while baking", [of(fail("bad")), good], 0, {}, { kind: "rollback", reasons: ["bad"] }],
    [
      "rolls back in spite of missing evidence",
      [of(fail("bad")), of(tooEarly("few")), of(unreadable("?"))],
      1,
      {},
      { kind: "rollback" },
    ],
    [
      "only waits for what is no proof, until its deadline and after it",
      [{ ...of(fail("silent")), onFail: "hold" }, good],
      61,
      {},
      { kind: "hold", why: "doubt", expired: true, reasons: ["silent"] },
    ],
    [
      "rolls back what fails beside what is no proof",
      [{ ...of(fail("silent")), onFail: "hold" }, of(fail("bad"))],
      11,
      {},
      { kind: "rollback", cause: "failing", reasons: ["bad"] },
    ],
    [
      "says of a rollback at the deadline that nothing was seen against the candidate",
      [{ ...of(fail("silent")), onFail: "hold" }],
      61,
      { atDeadline: "revert" },
      { kind: "rollback", cause: "deadline" },
    ],
    [
      "rolls back although the baseline fails, too",
      [of(fail("bad")), of(fail("b"), "baseline")],
      11,
      {},
      { kind: "rollback", reasons: ["bad"] },
    ],
    [
      "waits for an answer",
      [good, of(unreadable("?"))],
      11,
      {},
      { kind: "hold", why: "unreadable", expired: false },
    ],
    ["waits for evidence", [good, of(tooEarly("few"))], 11, {}, { kind: "insufficient", expired: false }],
    [
      "waits for the baseline",
      [good, of(fail("b"), "baseline")],
      11,
      {},
      { kind: "hold", why: "baseline-failing" },
    ],
    ["calls no gates no evidence", [], 11, {}, { kind: "insufficient" }],
    [
      "calls gates that do not apply no evidence",
      [of(notApplicable("n/a"))],
      11,
      {},
      { kind: "insufficient" },
    ],
    [
      "tells that the deadline has passed",
      [good, of(tooEarly("few"))],
      60,
      {},
      { kind: "insufficient", expired: true },
    ],
    [
      "rolls back at the deadline when told to",
      [good, of(tooEarly("few"))],
      60,
      { atDeadline: "revert" },
      { kind: "rollback" },
    ],
    [
      "advances at the deadline when all is proven",
      [good],
      60,
      { atDeadline: "revert" },
      { kind: "advance", to: 50 },
    ],
  ];
  test.each(table)("%s", (_title, assessments, minutes, policy, expected) => {
    const verdict = decide(sharing(10), assessments, { ...POLICY, ...policy }, at(minutes));
    expect(verdict).toMatchObject(expected);
  });

  test("promotes after the last step, and goes to the next one also from a share that is no step", () => {
    expect(decide(sharing(100), [good], POLICY, at(10)).kind).toBe("promote");
    expect(decide(sharing(30), [good], POLICY, at(10))).toMatchObject({ kind: "advance", to: 50 });
  });

  test("gives the users back when the candidate is in doubt, and ends the release only on proof", () => {
    const doubtful = { ...of(fail("more than chance")), onFail: "retreat" as const };
    expect(decide(sharing(50), [good, doubtful], POLICY, at(2))).toMatchObject({
      kind: "retreat",
      cause: "doubt",
      reasons: ["more than chance"],
    });
    expect(decide(sharing(50), [doubtful, of(fail("proof"))], POLICY, at(2)).kind).toBe("rollback");
  });

  test("gives the users back at the deadline of a step in which both slots fail", () => {
    const outage = { ...of(fail("blue itself is in ALARM")), about: "baseline" as const };
    expect(decide(sharing(50), [good, outage], POLICY, at(59)).kind).toBe("hold");
    expect(decide(sharing(50), [good, outage], POLICY, at(60))).toMatchObject({
      kind: "retreat",
      cause: "outage",
    });
  });

  describe("a candidate that gave its users back", () => {
    const waits = { phase: "retreated", to: 25, resumesMs: at(10), deadlineMs: at(70), retreats: 1 } as const;

    test("waits its time, and gets them again one step lower when it is ready", () => {
      expect(decide(waits, [good], POLICY, at(2))).toMatchObject({
        kind: "hold",
        why: "retreated",
        expired: false,
        reasons: ["it is tried again at 25 % in 8 min"],
      });
      expect(decide(waits, [good], POLICY, at(10))).toMatchObject({ kind: "advance", to: 25 });
      expect(decide(waits, [of(tooEarly("no"))], POLICY, at(10))).toMatchObject({
        kind: "hold",
        why: "not-ready",
      });
    });

    test("waits for a person after as many retreats as the policy allows, and when it is paused", () => {
      expect(decide({ ...waits, retreats: 3 }, [good], POLICY, at(10))).toMatchObject({
        kind: "hold",
        why: "retreated",
        expired: true,
      });
      expect(decide({ ...waits, paused: "by ann" }, [good], POLICY, at(10))).toMatchObject({
        kind: "hold",
        why: "paused",
      });
    });

    test("gets none from a check that only watches", () => {
      expect(decide({ ...waits, watchOnly: true }, [good], POLICY, at(10))).toMatchObject({
        kind: "hold",
        why: "watched",
      });
    });

    test("is over when what was counted proves its fault after all", () => {
      expect(decide(waits, [of(fail("proof"))], POLICY, at(2)).kind).toBe("rollback");
    });
  });

  test("gives the first share only to a candidate that is ready, and never rolls back what has no users", () => {
    const starting = { phase: "starting", deadlineMs: at(5) } as const;
    expect(decide(starting, [good], POLICY, at(0))).toMatchObject({ kind: "advance", to: 10 });
    expect(decide(starting, [good, of(fail("ill"))], POLICY, at(5))).toMatchObject({
      kind: "hold",
      why: "not-ready",
      expired: true,
    });
    expect(decide(starting, [], POLICY, at(0))).toMatchObject({ kind: "hold", why: "not-ready" });
    // It has no clients yet whose doing it may be.
    const doubtful = [good, { ...of(fail("answers otherwise")), onFail: "hold" } as const];
    const held = { kind: "hold", why: "not-ready", reasons: ["answers otherwise"] };
    expect(decide(starting, doubtful, POLICY, at(0))).toMatchObject({ ...held, expired: false });
    expect(decide(starting, doubtful, POLICY, at(5))).toMatchObject({ ...held, expired: true });
  });
});

const answers = fc.oneof(
  fc.string().map((reason) => pass(reason)),
  fc.string().map((reason) => fail(reason)),
  fc.string().map((reason) => notApplicable(reason)),
  fc.string().map((reason) => unreadable(reason)),
  fc.string().map((reason) => tooEarly(reason)),
);
const anyAssessments = fc.array(
  fc.record({
    gate: fc.string(),
    about: fc.constantFrom("candidate" as const, "baseline" as const),
    answer: answers,
    onFail: fc.constantFrom("rollback" as const, "retreat" as const, "hold" as const),
  }),
  { maxLength: 8 },
);
const anyPolicy = fc.record({
  steps: fc
    .uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 4 })
    .map((steps) => [...steps.sort((a, b) => a - b), 100]),
  bakeMinutes: fc.integer({ min: 0, max: 100 }),
  atDeadline: fc.constantFrom("hold" as const, "revert" as const),
  maxRetreats: fc.integer({ min: 0, max: 3 }),
});
const anyShare = fc.integer({ min: 1, max: 100 });
const anyMinutes = fc.integer({ min: -5, max: 300 });

describe("decide, whatever was seen,", () => {
  const everything = [anyShare, anyMinutes, anyMinutes, anyPolicy, anyAssessments] as const;
  const verdictOf = (
    share: number,
    now: number,
    deadline: number,
    policy: DecisionPolicy,
    seen: readonly Assessment[],
  ) => decide(sharing(share, deadline), seen, policy, at(now));

  test("rolls back exactly when the candidate fails, or when the policy says so at the deadline", () => {
    fc.assert(
      fc.property(...everything, (share, now, deadline, policy, seen) => {
        const fails = (action: string) =>
          seen.some(
            ({ about, answer, onFail }) =>
              about === "candidate" && answer.kind === "fail" && onFail === action,
          );
        const verdict = verdictOf(share, now, deadline, policy, seen);
        if (fails("rollback")) expect(verdict.kind).toBe("rollback");
        else if (fails("retreat")) expect(verdict).toMatchObject({ kind: "retreat", cause: "doubt" });
        else if (verdict.kind === "rollback") {
          expect(policy.atDeadline).toBe("revert");
          expect(now).toBeGreaterThanOrEqual(deadline);
        }
      }),
    );
  });

  test("moves forward only after the bake, and only when every gate that applies has passed", () => {
    fc.assert(
      fc.property(...everything, (share, now, deadline, policy, seen) => {
        const verdict = verdictOf(share, now, deadline, policy, seen);
        if (verdict.kind !== "advance" && verdict.kind !== "promote") return;
        const applicable = seen.filter(({ answer }) => answer.kind !== "notApplicable");
        expect(applicable.length).toBeGreaterThan(0);
        expect(applicable.every(({ answer }) => answer.kind === "pass")).toBe(true);
        expect(now).toBeGreaterThanOrEqual(policy.bakeMinutes);
        if (verdict.kind === "advance") expect(verdict.to).toBeGreaterThan(share);
        else expect(share).toBeGreaterThanOrEqual(policy.steps.at(-1) ?? 0);
      }),
    );
  });

  test("waits past no deadline without saying so, and gives a reason for every wait and every rollback", () => {
    fc.assert(
      fc.property(...everything, (share, now, deadline, policy, seen) => {
        const verdict = verdictOf(share, now, deadline, policy, seen);
        if (verdict.kind === "retreat" && verdict.cause === "outage")
          expect(now).toBeGreaterThanOrEqual(deadline);
        if ("expired" in verdict) expect(verdict.expired).toBe(now >= deadline);
        expect(verdict.reasons.length).toBeGreaterThan(0);
        expect(verdict.evidence).toBe(seen);
      }),
    );
  });

  test("gives the same answer to the same question, in any order of the gates", () => {
    fc.assert(
      fc.property(...everything, (share, now, deadline, policy, seen) => {
        const once = verdictOf(share, now, deadline, policy, seen);
        expect(verdictOf(share, now, deadline, policy, seen)).toEqual(once);
        const turned = verdictOf(share, now, deadline, policy, seen.toReversed());
        expect(turned.kind).toBe(once.kind);
      }),
    );
  });
});
