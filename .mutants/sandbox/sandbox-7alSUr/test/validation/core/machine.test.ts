import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fail,
  notApplicable,
  pass,
  tooEarly,
  unreadable,
  type Answer,
  type Assessment,
} from "../../../validation/core/assessment.ts";
import type { Action } from "../../../validation/core/machine.ts";
import { turn, type LifePolicy, type SimulatedPhase } from "../../../tools/bench/decision/worlds/life.ts";
import { resumeShare } from "../../../contract/release/retreat.ts";

const MINUTE = 60_000;
const SHARES = [10, 25, 50, 100];
const POLICY: LifePolicy = {
  steps: [10, 25, 50, 100],
  bakeMinutes: 10,
  atDeadline: "hold",
  deadlineMinutes: 60,
  retreatMinutes: 10,
  maxRetreats: 2,
};

const gates = ["comparison", "error-rate", "cpu", "target-health", "baseline", "mine"] as const;
const ANSWERS: Readonly<Record<string, Answer>> = {
  pass: pass("fine"),
  fail: fail("bad"),
  notApplicable: notApplicable("n/a"),
  tooEarly: tooEarly("few"),
  unreadable: unreadable("?"),
};

/** What a check may bring, mostly good: else no history would ever come far. */
const answer = fc.oneof(
  { weight: 12, arbitrary: fc.constant("pass") },
  { weight: 1, arbitrary: fc.constantFrom("fail", "notApplicable", "tooEarly", "unreadable") },
);
const look = fc.tuple(...gates.map(() => fc.tuple(answer, fc.integer({ min: 0, max: 19 })))).map((answers) =>
  answers.map(([kind, dry], index): Assessment => {
    const gate = gates[index] ?? "mine";
    return {
      gate,
      about: gate === "baseline" ? "baseline" : "candidate",
      absolute: gate === "error-rate" || gate === "cpu",
      dryRun: dry === 0,
      // The comparison is sometimes only in doubt.
      onFail: gate === "comparison" && dry % 2 === 0 ? "retreat" : "rollback",
      answer: ANSWERS[kind] ?? unreadable("?"),
    };
  }),
);
const oneTurn = fc.record({ seen: look, minutes: fc.integer({ min: 0, max: 25 }) });
const history = fc.record({
  turns: fc.array(oneTurn, { minLength: 1, maxLength: 60 }),
  atDeadline: fc.constantFrom("hold", "revert"),
  unapproved: fc.subarray([10, 25, 50, 100], { maxLength: 1 }),
});

type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

interface Turn {
  readonly before: SimulatedPhase;
  readonly after: SimulatedPhase;
  readonly actions: readonly Action[];
  readonly seen: readonly Assessment[];
  readonly kind: string;
  readonly expired: boolean;
  readonly nowMs: number;
}

/** Lives a release's history turn by turn. */
function live(given: History): readonly Turn[] {
  const policy = { ...POLICY, atDeadline: given.atDeadline };
  let nowMs = 0;
  let state: SimulatedPhase = { phase: "starting", deadlineMs: 60 * MINUTE, unapproved: given.unapproved };
  return given.turns.map(({ seen, minutes }) => {
    nowMs += minutes * MINUTE;
    const before = state;
    const { after, action, verdict } = turn(state, seen, policy, nowMs);
    expect(turn(before, seen, policy, nowMs)).toEqual({ after, action, verdict });
    state = after;
    const expired = verdict !== undefined && "expired" in verdict && verdict.expired;
    const actions = action === undefined ? [] : [action];
    return { before, after, actions, seen, kind: verdict?.kind ?? "ended", expired, nowMs };
  });
}

const shareOf = (state: SimulatedPhase) =>
  state.phase === "sharing" ? state.share : state.phase === "promoted" ? 100 : 0;
const deciding = ({ seen }: Turn) => seen.filter(({ dryRun = false }) => !dryRun);
const rises = (turn: Turn) => turn.actions.some(({ kind }) => kind === "share" || kind === "promote");

const always = (check: (turns: readonly Turn[]) => void, options: { readonly seed?: number } = {}) =>
  fc.assert(
    fc.property(history, (given) => check(live(given))),
    { numRuns: 300, ...options },
  );

describe("the life of a release", () => {
  it("never rises without a readable answer of every gate that applies and is not only reported", () => {
    always((turns) => {
      for (const turn of turns.filter(rises)) {
        const kinds = deciding(turn).map(({ answer }) => answer.kind);
        expect(kinds).not.toContain("noAnswer");
        expect(kinds).not.toContain("fail");
        expect(kinds).toContain("pass");
      }
    });
  });

  it("is over once it was promoted or rolled back", () => {
    always((turns) => {
      const end = turns.findIndex(({ after }) => after.phase === "promoted" || after.phase === "rolledBack");
      for (const turn of end === -1 ? [] : turns.slice(end + 1)) {
        expect(turn.after).toBe(turn.before);
        expect(turn.actions).toEqual([]);
        expect(turn.kind).toBe("ended");
      }
    });
  });

  it("is rolled back at once when a gate fails that does not depend on a healthy active slot", () => {
    always((turns) => {
      for (const turn of turns) {
        const failing = deciding(turn).filter(({ answer }) => answer.kind === "fail");
        const about = (who: string) => failing.filter((one) => one.about === who);
        const counts = about("candidate").filter(
          ({ absolute = false, onFail }) =>
            onFail === "rollback" && (!absolute || about("baseline").length === 0),
        );
        if (turn.before.phase !== "sharing" || counts.length === 0) continue;
        expect(turn.after.phase).toBe("rolledBack");
        expect(turn.actions).toEqual([{ kind: "rollBack" }]);
      }
    });
  });

  it("goes up one step of the schedule at a time, and down only to nothing", () => {
    always((turns) => {
      for (const { before, after } of turns) {
        if (after.phase === "rolledBack" || before.phase === "rolledBack") continue;
        const [from, to] = [shareOf(before), shareOf(after)];
        const next = SHARES.find((step) => step > from) ?? 100;
        const again = before.phase === "retreated" ? before.to : next;
        expect([from, next, again, 0]).toContain(to);
        if (to < from) expect(after.phase).toBe("retreated");
      }
    });
  });

  it("waits nowhere without a deadline: at it somebody is called, or it is rolled back", () => {
    always((turns) => {
      for (const { before, after, nowMs, kind, expired, actions } of turns) {
        if (before.phase !== "starting" && before.phase !== "sharing") continue;
        if (nowMs < before.deadlineMs || kind === "advance" || kind === "promote") continue;
        if (kind === "rollback" || kind === "retreat") continue;
        expect(expired).toBe(true);
        expect(actions).toEqual([{ kind: "callPerson" }]);
        expect(after).toBe(before);
      }
    });
  });

  it("is tried again one step lower and after its time, as often as the policy allows, and then calls a person", () => {
    always((turns) => {
      let retreats = 0;
      for (const { before, after, actions, nowMs, kind } of turns) {
        if (kind === "retreat" && before.phase === "sharing") {
          retreats += 1;
          expect(actions).toEqual([{ kind: "retreat", resumeAt: resumeShare(SHARES, before.share) }]);
          expect(after).toMatchObject({ phase: "retreated", retreats });
        }
        if (before.phase !== "retreated" || after.phase === "rolledBack") continue;
        if (retreats > POLICY.maxRetreats) {
          expect(actions).toEqual([{ kind: "callPerson" }]);
        } else if (after.phase === "sharing") {
          expect(after.share).toBe(before.to);
          expect(nowMs).toBeGreaterThanOrEqual(before.resumesMs);
        }
      }
    });
  });

  it("bakes each step for as long as the policy says", () => {
    always((turns) => {
      for (const turn of turns.filter(rises)) {
        if (turn.before.phase !== "sharing") continue;
        expect(turn.nowMs - turn.before.liveSinceMs).toBeGreaterThanOrEqual(10 * MINUTE);
      }
    });
  });

  it("comes to both ends and to every share in these histories, so that the rules above were tried", () => {
    const seen = new Set<string>();
    always(
      (turns) => {
        for (const { after } of turns)
          seen.add(after.phase === "sharing" ? String(after.share) : after.phase);
      },
      { seed: 1 },
    );
    const reached = ["10", "100", "25", "5", "50", "promoted", "retreated", "rolledBack", "starting"];
    expect([...seen].sort()).toEqual(reached);
  });
});
