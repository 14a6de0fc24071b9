import { describe, expect, it } from "vitest";
import { JUDGING_ALARM_KEYS } from "../../../contract/alarms/alarm-catalog.ts";
import type { GateInput } from "../../../validation/core/assessment.ts";
import { remembered, type RawMinute } from "../../../validation/core/comparison/data.ts";
import { judge } from "../../../validation/core/comparison/judgement.ts";
import type { Observation } from "../../../validation/core/observation.ts";
import { alarmsGate } from "../../../validation/gates/alarms.ts";
import { baselineGate } from "../../../validation/gates/baseline.ts";
import { comparisonGate } from "../../../validation/gates/comparison.ts";
import { unansweredGate } from "../../../validation/gates/unanswered.ts";
import { DEFAULT_SETTINGS } from "../../../validation/insight/replay/settings.ts";
import { MINUTE, raw } from "../core/comparison/support.ts";

interface Seen {
  readonly sticky: boolean;
  /** Unanswered requests a minute beside 60 answered ones on the candidate and 540 on the active slot. */
  readonly unanswered: readonly [candidate: number, active: number];
  /** Connections a minute that the candidate's tasks refused. */
  readonly refused?: number;
  readonly share?: number;
  /** Whether the stack has the alarm; 0.1 did not. */
  readonly hasAlarm?: boolean;
  readonly activeInAlarm?: boolean;
}

const MINUTES = 30;
const OTHERS = JUDGING_ALARM_KEYS.filter((key) => key !== "unanswered-rate");

function input({ sticky, unanswered, refused = 0, share = 10, ...seen }: Seen): GateInput {
  const { hasAlarm = true, activeInAlarm = false } = seen;
  const arm = (answered: number, lost: number, own: number) =>
    raw({ requests: answered + lost, answered, timed: answered, refused: own });
  const minutes = Array.from({ length: MINUTES }, (_, at): RawMinute => ({
    atMs: at * MINUTE,
    candidate: arm(60, unanswered[0], refused),
    active: arm(share < 100 ? 540 : 0, share < 100 ? unanswered[1] : 0, 0),
  }));
  const { rollout, thresholds } = DEFAULT_SETTINGS;
  const value = judge({
    data: {
      minutes,
      slowThresholds: [],
      customMetrics: [],
      signals: [],
      zones: [minutes.map(({ active }) => active)],
      zonesFromMs: minutes[0]?.atMs ?? 0,
      historyMinutes: 0,
    },
    earlier: remembered(minutes, 0),
    nowMs: (MINUTES + 2) * MINUTE,
    stepSinceMs: 0,
    splitSinceMs: 0,
    share,
    sticky,
    attempt: 1,
    visits: 1,
    policy: { ...rollout, advanceWhen: "blindSpot" },
  });
  const alarm = (name: string, state: string) => ({ name, state, transitionedMs: 5 * MINUTE, reason: "" });
  const alarms = {
    readable: true,
    value: [
      alarm("green-unanswered", "ALARM"),
      alarm("blue-unanswered", activeInAlarm ? "ALARM" : "OK"),
      ...OTHERS.map((name) => alarm(name, "OK")),
    ],
  };
  const named = (slot: string) => ({
    alarms: {
      ...Object.fromEntries(OTHERS.map((name) => [name, name])),
      ...(hasAlarm ? { "unanswered-rate": `${slot}-unanswered` } : {}),
    },
  });
  const requests = { readable: true, value: minutes.map(({ candidate }) => candidate.requests) };
  // What these gates look at; the rest of an observation is none of theirs.
  const observation = {
    nowMs: (MINUTES + 2) * MINUTE,
    liveSinceMs: 0,
    askedMs: 0,
    firstShare: true,
    comparison: { readable: true, value },
    candidate: { slot: "green", share, requested: named("green"), alarms, requests, values: {} },
    active: { slot: "blue", share: 100 - share, requested: named("blue"), alarms, values: {} },
  } as unknown as Observation;
  return { observation, policy: rollout, thresholds, sticky };
}

const alarm = (seen: Seen) => {
  const found = alarmsGate(input(seen)).find(({ gate }) => gate === "unanswered-rate");
  return { action: found?.onFail ?? "rollback", kind: found?.answer.kind, reason: found?.answer.reason };
};
const comparison = (seen: Seen) => comparisonGate(input(seen))[0]?.answer.kind;

describe("requests without an answer where users stay on their slot", () => {
  const onCandidate = { sticky: true, unanswered: [30, 0] } as const;

  it("hold, with both slots' numbers, what it may be and how to find out, and are no event of the comparison", () => {
    const [found] = unansweredGate(input(onCandidate));
    expect(found).toMatchObject({
      onFail: "hold",
      answer: {
        kind: "fail",
        reason:
          "unanswered: 300 of 900 requests on green, 0 of 5400 requests on blue, in 10 minutes; it hangs or dies, or clients gave up, and no metric tells which: npx bluegreen logs green, the load balancer's access logs (460: the client left), your clients' timeouts",
      },
    });
    expect(comparison(onCandidate)).toBe("pass");
  });

  it("hold no candidate that has as many of them as the active slot", () => {
    const [found] = unansweredGate(input({ sticky: true, unanswered: [1, 9] }));
    expect(found?.answer).toMatchObject({ kind: "pass", reason: expect.stringContaining("10 of 610") });
  });

  it("are faults of the candidate as far as its tasks refused the connection, and no further", () => {
    expect(comparison({ ...onCandidate, refused: 30 })).toBe("fail");
    // A connection is tried more than once: those that had their answer in the end are no failures.
    expect(comparison({ sticky: true, unanswered: [0, 0], refused: 30 })).toBe("pass");
  });

  it("make the alarm hold as well, also at 100 %, where it says how to find out", () => {
    expect(alarm(onCandidate)).toMatchObject({ action: "hold", kind: "fail" });
    expect(alarm({ ...onCandidate, share: 100 })).toMatchObject({
      action: "hold",
      kind: "fail",
      reason: expect.stringContaining("npx bluegreen logs green"),
    });
  });
});

describe("requests without an answer where nobody can choose a slot", () => {
  it("roll a candidate back that has clearly more of them", () => {
    const seen = { sticky: false, unanswered: [30, 0] } as const;
    expect(comparison(seen)).toBe("fail");
    expect(alarm(seen)).toMatchObject({ action: "rollback", kind: "fail" });
    expect(unansweredGate(input(seen))[0]?.answer.kind).toBe("notApplicable");
  });

  it("keep nobody waiting by their alarm when both slots have them alike", () => {
    const seen = { sticky: false, unanswered: [6, 54], activeInAlarm: true } as const;
    expect(alarm(seen)).toMatchObject({ kind: "notApplicable" });
    expect(baselineGate(input(seen))[0]?.answer.kind).toBe("pass");
    expect(comparison(seen)).toBe("pass");
  });

  it("only hold at 100 %, where there is nobody to compare with", () => {
    expect(alarm({ sticky: false, unanswered: [30, 0], share: 100 })).toMatchObject({
      action: "hold",
      kind: "fail",
    });
  });
});

describe("a stack that was deployed before there was the alarm on unanswered requests", () => {
  it("gets no answer, and the command that adds it", () => {
    expect(alarm({ sticky: true, unanswered: [0, 0], hasAlarm: false })).toMatchObject({
      kind: "noAnswer",
      reason:
        "unanswered-rate: the stack has no such alarm yet, its next update adds it: npx bluegreen pulumi up",
    });
  });
});
