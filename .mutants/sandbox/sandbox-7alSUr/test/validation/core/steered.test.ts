import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fail, pass, tooEarly, unreadable, type Assessment } from "../../../validation/core/assessment.ts";
import { decide, type DecisionPolicy } from "../../../validation/core/decide.ts";

const MINUTE = 60_000;
const POLICY: DecisionPolicy = { steps: [10, 50, 100], bakeMinutes: 10, atDeadline: "hold", maxRetreats: 2 };
const of = (answer: Assessment["answer"], about: Assessment["about"] = "candidate"): Assessment => ({
  gate: "gate",
  about,
  answer,
});
const good = [of(pass("fine"))];

interface Case {
  readonly share?: number;
  readonly paused?: string;
  readonly unapproved?: readonly number[];
  readonly watchOnly?: boolean;
  readonly minutes?: number;
  readonly seen?: readonly Assessment[];
  readonly atDeadline?: "hold" | "revert";
}

function verdictOf(given: Case) {
  const { share = 10, paused, unapproved, watchOnly = false } = given;
  const { minutes = 10, seen = good, atDeadline = "hold" } = given;
  const phase = {
    phase: "sharing",
    share,
    liveSinceMs: 0,
    deadlineMs: 60 * MINUTE,
    paused,
    unapproved: unapproved ?? [],
    watchOnly,
  } as const;
  return decide(phase, seen, { ...POLICY, atDeadline }, minutes * MINUTE);
}

describe("decide, for a release that a person has paused,", () => {
  const paused = "by ann: lunch";
  test.each<[string, Case, object]>([
    ["holds although all is proven", { paused }, { kind: "hold", why: "paused", expired: false }],
    ["says who paused it, and why", { paused }, { reasons: ["paused by ann: lunch"] }],
    [
      "says what else it waits for",
      { paused, minutes: 1 },
      { reasons: [/paused/, "1.0 of 10 minutes watched"] },
    ],
    ["does not promote", { paused, share: 100 }, { kind: "hold", why: "paused" }],
    [
      "rolls it back when it fails",
      { paused, seen: [of(fail("bad"))] },
      { kind: "rollback", reasons: ["bad"] },
    ],
    [
      "tells that the pause is over its time",
      { paused, minutes: 60 },
      { kind: "hold", why: "paused", expired: true },
    ],
    [
      "rolls it back at the deadline when told to",
      { paused, minutes: 60, atDeadline: "revert" },
      { kind: "rollback" },
    ],
  ])("%s", (_title, given, expected) => {
    const verdict = verdictOf(given);
    const { reasons, ...rest } = expected as { readonly reasons?: readonly (string | RegExp)[] };
    expect(verdict).toMatchObject(rest);
    reasons?.forEach((reason, at) => expect(verdict.reasons[at]).toMatch(reason));
  });
});

describe("decide, for a check that only watches,", () => {
  const watchOnly = true;
  test.each<[string, Case, object]>([
    ["holds although all is proven", { watchOnly }, { kind: "hold", why: "watched", expired: false }],
    ["does not promote", { watchOnly, share: 100 }, { kind: "hold", why: "watched" }],
    ["bakes as any other", { watchOnly, minutes: 9 }, { kind: "hold", why: "baking" }],
    ["rolls it back when it fails", { watchOnly, seen: [of(fail("bad"))] }, { kind: "rollback" }],
    ["says whose word it needs besides", { watchOnly, unapproved: [50] }, { kind: "hold", why: "approval" }],
    ["tells that its time is over", { watchOnly, minutes: 60 }, { why: "watched", expired: true }],
    [
      "rolls it back at the deadline when told to",
      { watchOnly, minutes: 60, atDeadline: "revert" },
      { kind: "rollback", cause: "deadline" },
    ],
  ])("%s", (_title, given, expected) => {
    expect(verdictOf(given)).toMatchObject(expected);
  });
});

describe("decide, for a share that a person has to approve,", () => {
  const ask = { kind: "hold", why: "approval" } as const;
  test.each<[string, Case, object]>([
    ["waits when all else is proven", { unapproved: [50] }, { ...ask, expired: false }],
    [
      "names the command",
      { unapproved: [50] },
      { reasons: ["50 % is for a person to approve: npx bluegreen approve --step 50"] },
    ],
    ["bakes first", { unapproved: [50], minutes: 9 }, { kind: "hold", why: "baking" }],
    ["wants evidence first", { unapproved: [50], seen: [of(tooEarly("few"))] }, { kind: "insufficient" }],
    [
      "wants answers first",
      { unapproved: [50], seen: [of(unreadable("?"))] },
      { kind: "hold", why: "unreadable" },
    ],
    ["does not wait for a later one", { unapproved: [100] }, { kind: "advance", to: 50 }],
    ["does not wait for one that is past", { share: 50, unapproved: [10, 50] }, { kind: "advance", to: 100 }],
    ["promotes without one", { share: 100, unapproved: [50] }, { kind: "promote" }],
    ["rolls back what fails", { unapproved: [50], seen: [of(fail("bad"))] }, { kind: "rollback" }],
    ["tells that its time is over", { unapproved: [50], minutes: 60 }, { ...ask, expired: true }],
    [
      "rolls it back then when told to",
      { unapproved: [50], minutes: 60, atDeadline: "revert" },
      { kind: "rollback" },
    ],
  ])("%s", (_title, given, expected) => {
    expect(verdictOf(given)).toMatchObject(expected);
  });

  test("gives the first share only after its own approval", () => {
    const starting = { phase: "starting", deadlineMs: 5 * MINUTE, unapproved: [10] } as const;
    expect(decide(starting, good, POLICY, 0)).toMatchObject({ ...ask, expired: false });
    expect(decide(starting, good, POLICY, 5 * MINUTE)).toMatchObject({ ...ask, expired: true });
    expect(decide(starting, [of(fail("ill"))], POLICY, 0)).toMatchObject({ why: "not-ready" });
    expect(decide({ ...starting, unapproved: [50] }, good, POLICY, 0)).toMatchObject({ kind: "advance" });
  });
});

describe("decide, however it is steered,", () => {
  const anyAnswer = fc.constantFrom(pass("p"), fail("f"), tooEarly("e"), unreadable("u"));
  const anySeen = fc.array(
    fc.tuple(anyAnswer, fc.constantFrom("candidate" as const, "baseline" as const)).map(([a, b]) => of(a, b)),
    { maxLength: 6 },
  );
  const anyCase = fc.record({
    share: fc.integer({ min: 1, max: 100 }),
    paused: fc.option(fc.constant("by ann"), { nil: undefined }),
    unapproved: fc.uniqueArray(fc.constantFrom(10, 50, 100)),
    minutes: fc.integer({ min: 0, max: 120 }),
    seen: anySeen,
    atDeadline: fc.constantFrom("hold" as const, "revert" as const),
  });
  const plain = (given: Case): Case => {
    const { paused: _, unapproved: __, ...rest } = given;
    return rest;
  };

  test("never moves a paused release forward, nor to a share that nobody has approved", () => {
    fc.assert(
      fc.property(anyCase, ({ paused, ...rest }) => {
        const given: Case = paused === undefined ? rest : { ...rest, paused };
        const verdict = verdictOf(given);
        if (verdict.kind !== "advance" && verdict.kind !== "promote") return;
        expect(paused).toBeUndefined();
        if (verdict.kind === "advance") expect(rest.unapproved).not.toContain(verdict.to);
      }),
    );
  });

  test("only ever stops what would go forward: everything else is decided as if nobody steered", () => {
    fc.assert(
      fc.property(anyCase, ({ paused, ...rest }) => {
        const given: Case = paused === undefined ? rest : { ...rest, paused };
        const steered = verdictOf(given);
        const free = verdictOf(plain(given));
        if (free.kind === "rollback") expect(steered.kind).toBe("rollback");
        if (steered.kind === "advance" || steered.kind === "promote") expect(steered).toEqual(free);
        if (steered.kind === "rollback" && free.kind !== "rollback") {
          expect({ late: rest.minutes >= 60, policy: rest.atDeadline }).toEqual({
            late: true,
            policy: "revert",
          });
        }
      }),
    );
  });
});
