import { describe, expect, test } from "vitest";
import {
  fail,
  pass,
  tooEarly,
  unreadable,
  type Answer,
  type Assessment,
} from "../../../validation/core/assessment.ts";
import { decide, type DecisionPolicy, type ReleasePhase } from "../../../validation/core/decide.ts";

const MINUTE = 60_000;
const LIVE = 1_000_000;
const POLICY: DecisionPolicy = { steps: [10, 50, 100], bakeMinutes: 10, atDeadline: "hold", maxRetreats: 2 };
const at = (minutes: number) => LIVE + minutes * MINUTE;
const of = (answer: Answer, own: Partial<Assessment> = {}): Assessment => ({
  gate: "gate",
  about: "candidate",
  answer,
  ...own,
});
const good = of(pass("fine"));

type Phase<P extends ReleasePhase["phase"]> = ReleasePhase & { readonly phase: P };
const sharing = (own: Partial<Phase<"sharing">> = {}): Phase<"sharing"> => ({
  phase: "sharing",
  share: 10,
  liveSinceMs: LIVE,
  deadlineMs: at(60),
  ...own,
});
const cohort = (own: Partial<Phase<"cohort">> = {}): Phase<"cohort"> => ({
  phase: "cohort",
  name: "internal",
  bakeMinutes: 30,
  liveSinceMs: LIVE,
  deadlineMs: at(60),
  ...own,
});
const starting = (own: Partial<Phase<"starting">> = {}): Phase<"starting"> => ({
  phase: "starting",
  deadlineMs: at(60),
  ...own,
});
const retreated = (own: Partial<Phase<"retreated">> = {}): Phase<"retreated"> => ({
  phase: "retreated",
  to: 25,
  resumesMs: at(10),
  deadlineMs: at(60),
  retreats: 1,
  ...own,
});

describe("what a share waits for", () => {
  test("is told whole: how the route is, who has paused it, the bake, and each gate", () => {
    const state = sharing({ drift: "the route is otherwise", paused: "by ann" });
    const seen = [of(unreadable("?")), of(tooEarly("few"))];
    expect(decide(state, seen, POLICY, at(4))).toEqual({
      kind: "hold",
      why: "drift",
      expired: false,
      reasons: ["the route is otherwise", "paused by ann", "4.0 of 10 minutes watched", "?", "few"],
      evidence: seen,
    });
  });

  test("is nothing that is not there: reasons are those of the gates alone when the bake is over", () => {
    expect(decide(sharing(), [of(tooEarly("few"))], POLICY, at(10))).toMatchObject({ reasons: ["few"] });
    expect(decide(sharing(), [good], POLICY, at(9.5))).toMatchObject({
      reasons: ["9.5 of 10 minutes watched"],
    });
    expect(decide(sharing(), [good], POLICY, at(-2))).toMatchObject({
      reasons: ["0.0 of 10 minutes watched"],
    });
    expect(decide(sharing(), [], POLICY, at(10))).toMatchObject({ reasons: ["no gate has passed"] });
  });

  test.each([
    [{ paused: "by ann" }, "paused", ["paused by ann"]],
    [{ drift: "the route is otherwise" }, "drift", ["the route is otherwise"]],
    [{ watchOnly: true }, "watched", ["it may go on, and this check only watches"]],
    [{ unapproved: [50] }, "approval", ["50 % is for a person to approve: npx bluegreen approve --step 50"]],
    [
      { unapproved: [50], waived: "accuracy waived" },
      "approval",
      ["50 % is for a person to approve (accuracy waived): npx bluegreen approve --step 50"],
    ],
  ] as const)("is a person's word where all is proven, %o", (own, why, reasons) => {
    expect(decide(sharing(own), [good], POLICY, at(10))).toMatchObject({
      kind: "hold",
      why,
      expired: false,
      reasons,
    });
  });

  test("is no approval before it is proven, and none of another share", () => {
    const state = sharing({ unapproved: [50] });
    expect(decide(state, [good], POLICY, at(9))).toMatchObject({
      why: "baking",
      reasons: ["9.0 of 10 minutes watched"],
    });
    expect(decide(state, [good, of(tooEarly("few"))], POLICY, at(11))).toMatchObject({
      kind: "insufficient",
      reasons: ["few"],
    });
    expect(decide(sharing({ unapproved: [100] }), [good], POLICY, at(10))).toMatchObject({
      kind: "advance",
      to: 50,
    });
    // Nothing follows the last share, so there is nothing to approve.
    expect(decide(sharing({ share: 100, unapproved: [50] }), [good], POLICY, at(10)).kind).toBe("promote");
  });

  test("says of a check that only watches and has nothing to go on with no more than what is missing", () => {
    expect(decide(sharing({ watchOnly: true }), [of(tooEarly("few"))], POLICY, at(11))).toMatchObject({
      reasons: ["few"],
    });
  });

  test("names the deadline first when the policy goes back by it, then what was missing", () => {
    const policy = { ...POLICY, atDeadline: "revert" as const };
    expect(decide(sharing(), [of(tooEarly("few"))], policy, at(60))).toMatchObject({
      kind: "rollback",
      cause: "deadline",
      reasons: ["the step's deadline passed before it was decided", "few"],
    });
  });

  test("names both slots when they fail at the deadline, and what the active one said", () => {
    const outage = of(fail("blue is in ALARM"), { about: "baseline" });
    expect(decide(sharing(), [good, outage], POLICY, at(60))).toMatchObject({
      kind: "retreat",
      cause: "outage",
      reasons: ["both slots fail, and the step's deadline has passed", "blue is in ALARM"],
    });
  });

  test("has each reason once, and those of gates without an answer behind the others", () => {
    const seen = [of(tooEarly("few")), of(unreadable("?")), of(unreadable("?"))];
    expect(decide(sharing(), seen, POLICY, at(11))).toMatchObject({
      why: "unreadable",
      reasons: ["?", "few"],
    });
  });
});

describe("gates without a control", () => {
  const alarm = of(fail("error rate"), { absolute: true });
  const inTrouble = of(fail("blue is in ALARM"), { about: "baseline" });

  test("say nothing about the candidate while the active slot is in trouble itself", () => {
    expect(decide(sharing(), [alarm, good], POLICY, at(2)).kind).toBe("rollback");
    expect(decide(sharing(), [alarm, inTrouble], POLICY, at(2)).kind).toBe("hold");
    const inDoubt = { ...alarm, onFail: "retreat" as const };
    expect(decide(sharing(), [inDoubt, good], POLICY, at(2)).kind).toBe("retreat");
    expect(decide(sharing(), [inDoubt, inTrouble], POLICY, at(2)).kind).toBe("hold");
  });

  test("decide nothing in a dry run, and count as no evidence", () => {
    const dry = { ...alarm, dryRun: true };
    expect(decide(sharing(), [dry, good], POLICY, at(10)).kind).toBe("advance");
    expect(decide(sharing(), [{ ...good, dryRun: true }], POLICY, at(10)).kind).toBe("insufficient");
    expect(decide(sharing(), [{ ...inTrouble, dryRun: true }, good], POLICY, at(10)).kind).toBe("advance");
  });
});

describe("a candidate that has a cohort and no users", () => {
  test("goes on after the cohort's own bake to the first share", () => {
    expect(decide(cohort(), [good], POLICY, at(29))).toMatchObject({
      kind: "hold",
      why: "baking",
      reasons: ["29.0 of 30 minutes watched"],
    });
    expect(decide(cohort(), [good], POLICY, at(30))).toMatchObject({ kind: "advance", to: 10 });
  });

  test("gives nobody back in doubt, or when both slots fail: it has no users", () => {
    const doubt = of(fail("more than chance"), { onFail: "retreat" });
    expect(decide(cohort(), [good, doubt], POLICY, at(31))).toMatchObject({ kind: "hold", why: "doubt" });
    const outage = of(fail("blue is in ALARM"), { about: "baseline" });
    expect(decide(cohort(), [good, outage], POLICY, at(60))).toMatchObject({
      kind: "hold",
      why: "baseline-failing",
      expired: true,
    });
    expect(decide(cohort(), [of(fail("bad"))], POLICY, at(1)).kind).toBe("rollback");
  });

  test("waits for a person where the first share is to be approved", () => {
    expect(decide(cohort({ unapproved: [10] }), [good], POLICY, at(30))).toMatchObject({ why: "approval" });
  });
});

describe("a candidate before its first users", () => {
  test("says what keeps it from them: itself, or what nobody could read", () => {
    expect(decide(starting(), [of(fail("ill")), of(unreadable("?"))], POLICY, at(1))).toMatchObject({
      why: "not-ready",
      reasons: ["ill"],
    });
    expect(decide(starting(), [of(unreadable("?"))], POLICY, at(1))).toMatchObject({
      why: "unreadable",
      expired: false,
      reasons: ["?"],
    });
    const outage = of(fail("blue is in ALARM"), { about: "baseline" });
    expect(decide(starting(), [good, outage], POLICY, at(1))).toMatchObject({ why: "baseline-failing" });
    expect(decide(starting(), [of(tooEarly("few"))], POLICY, at(1))).toMatchObject({ why: "not-ready" });
  });

  test("is refused at once where what it fails is about the past, which no time changes", () => {
    const past = of(fail("it failed"), { isLasting: true });
    expect(decide(starting(), [past, of(unreadable("?"))], POLICY, at(1))).toMatchObject({
      why: "refused",
      expired: false,
      reasons: ["it failed"],
    });
  });

  test("is told to a person where the policy names no share", () => {
    expect(decide(starting(), [good], { ...POLICY, steps: [] }, at(1))).toMatchObject({
      kind: "hold",
      why: "not-ready",
      reasons: ["rollout.steps names no share"],
    });
  });

  test("waits for a person where the first share is to be approved, and not for its cohort", () => {
    expect(decide(starting({ unapproved: [10], waived: "w" }), [good], POLICY, at(60))).toMatchObject({
      kind: "hold",
      why: "approval",
      expired: true,
      reasons: ["10 % is for a person to approve (w): npx bluegreen approve --step 10"],
    });
    expect(decide(starting({ unapproved: [10], cohort: "internal" }), [good], POLICY, at(1))).toMatchObject({
      kind: "advance",
      to: 0,
      cohort: "internal",
      reasons: ["fine"],
    });
    expect(decide(starting({ unapproved: [50] }), [good], POLICY, at(1))).toMatchObject({ to: 10 });
  });
});

describe("a candidate that gave its users back", () => {
  test("says how often, and what a person can do, when that was too often", () => {
    expect(decide(retreated({ retreats: 3 }), [good], POLICY, at(10))).toMatchObject({
      expired: true,
      reasons: [
        "it gave its users back 3 times, 2 allowed (rollout.maxRetreats): npx bluegreen resume tries again, npx bluegreen revert ends it",
      ],
    });
    expect(decide(retreated({ retreats: 1 }), [good], { ...POLICY, maxRetreats: 0 }, at(10))).toMatchObject({
      reasons: [expect.stringMatching(/^it gave its users back once, 0 allowed/)],
    });
    expect(decide(retreated({ retreats: 2 }), [good], POLICY, at(10)).kind).toBe("advance");
  });

  test("waits for a person, for its time, and for what the gates say, in this order", () => {
    const paused = retreated({ paused: "by ann" });
    expect(decide(paused, [good], POLICY, at(60))).toMatchObject({
      why: "paused",
      expired: true,
      reasons: ["paused by ann"],
    });
    expect(decide(retreated(), [good], POLICY, at(9.5))).toMatchObject({
      why: "retreated",
      expired: false,
      reasons: ["it is tried again at 25 % in 1 min"],
    });
    const outage = of(fail("blue is in ALARM"), { about: "baseline" });
    expect(decide(retreated(), [outage], POLICY, at(60))).toMatchObject({
      why: "baseline-failing",
      expired: true,
      reasons: ["blue is in ALARM"],
    });
    expect(decide(retreated(), [of(unreadable("?"))], POLICY, at(11))).toMatchObject({ why: "unreadable" });
    const doubt = of(fail("silent"), { onFail: "hold" });
    expect(decide(retreated(), [doubt], POLICY, at(11))).toMatchObject({ why: "not-ready" });
  });

  test("is told that a check only watches when it may be tried again, and not before", () => {
    const watched = retreated({ watchOnly: true });
    expect(decide(watched, [good], POLICY, at(10))).toMatchObject({
      why: "watched",
      reasons: ["it may be tried again, and this check only watches"],
    });
    expect(decide(watched, [of(tooEarly("few"))], POLICY, at(10))).toMatchObject({ why: "not-ready" });
  });
});
