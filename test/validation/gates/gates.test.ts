import { describe, expect, test } from "vitest";
import { JUDGING_ALARM_KEYS, type AlarmKey } from "../../../contract/alarms/alarm-catalog.ts";
import type { AlarmReading, SlotObservation } from "../../../validation/core/observation.ts";
import type { Judgement } from "../../../validation/core/comparison/judgement.ts";
import { alarmsGate } from "../../../validation/gates/alarms.ts";
import { baselineGate } from "../../../validation/gates/baseline.ts";
import { minimumRequestsGate } from "../../../validation/gates/minimum-requests.ts";
import { runningGate } from "../../../validation/gates/running.ts";
import { targetHealthGate } from "../../../validation/gates/target-health.ts";
import { counts } from "../support/samples.ts";
import { MINUTE, LIVE, all, withAlarm, read, unread, primary, judge, kindOf, type Seen } from "./judging.ts";

describe("the alarms gate", () => {
  test("hears a rate in minutes that have just the requests that it needs", () => {
    const requests = (count: number) => ({ green: { requests: read([count, count, count]) } });
    expect(kindOf(judge(alarmsGate, requests(20)), "error-rate")).toBe("pass");
    expect(kindOf(judge(alarmsGate, requests(19)), "error-rate")).toBe("tooEarly");
  });

  test.each([
    [
      "leaves a rate at too little traffic to the comparison while there is an active slot to compare with",
      10,
      "notApplicable",
    ],
    ["has nobody else to ask when everyone is on the candidate", 0, "tooEarly"],
  ])("%s", (_title, share, kind) => {
    const comparison = {
      readable: true,
      // Of the comparison it asks whether there is one, and what it makes of an alarm that fires.
      value: { excess: {} } as Judgement,
    } as const;
    const compared: typeof alarmsGate = ({ observation, ...input }) =>
      alarmsGate({ ...input, observation: { ...observation, comparison } });
    const few = { requests: read([1, 1, 1]), share: 100 - share };
    expect(kindOf(judge(compared, { green: few, blue: { share } }), "error-rate")).toBe(kind);
  });

  const errorRate = (own: Partial<AlarmReading>) => ({ alarms: read(withAlarm("green", "error-rate", own)) });
  const table: readonly (readonly [string, Seen, string])[] = [
    ["passes on an OK that has seen the share for long enough", {}, "pass"],
    ["counts no OK that cannot have seen M periods of the share", { minutes: 3.9 }, "tooEarly"],
    ["counts an OK from M periods and one on", { minutes: 4 }, "pass"],
    [
      "counts no OK from before an edit of the alarm",
      { green: errorRate({ configuredMs: LIVE + 28 * MINUTE }) },
      "tooEarly",
    ],
    [
      "fails on an ALARM of this step",
      { green: errorRate({ state: "ALARM", transitionedMs: LIVE + 1 }) },
      "fail",
    ],
    [
      "fails on a fresh ALARM at once",
      { minutes: 0.1, green: errorRate({ state: "ALARM", transitionedMs: LIVE + 1 }) },
      "fail",
    ],
    [
      "fails on an ALARM without a time",
      { minutes: 1, green: errorRate({ state: "ALARM", transitionedMs: undefined }) },
      "fail",
    ],
    [
      "does not blame the candidate for an ALARM from before its first users",
      { minutes: 5, green: errorRate({ state: "ALARM" }) },
      "unreadable",
    ],
    [
      "blames it when the alarm's whole range lies after them",
      { minutes: 11, green: errorRate({ state: "ALARM" }) },
      "fail",
    ],
    [
      "does not blame it for an ALARM of now about minutes of before, which CloudWatch had late",
      {
        minutes: 5,
        green: {
          ...errorRate({ state: "ALARM", transitionedMs: LIVE + 4 * MINUTE }),
          values: { "error-rate": [] },
        },
      },
      "unreadable",
    ],
    [
      "blames it when the minutes since its first users tell the same, whenever the alarm began",
      { minutes: 4, green: { ...errorRate({ state: "ALARM" }), values: { "error-rate": [0.2, 0.2] } } },
      "fail",
    ],
    [
      "counts no OK before CloudWatch has published M minutes of the share",
      { minutes: 8, green: { values: { "error-rate": [0, 0] } } },
      "tooEarly",
    ],
    [
      "blames it in a later step whenever it began",
      { minutes: 1, firstShare: false, green: errorRate({ state: "ALARM" }) },
      "fail",
    ],
    [
      "takes INSUFFICIENT_DATA for no answer",
      { green: errorRate({ state: "INSUFFICIENT_DATA" }) },
      "unreadable",
    ],
    ["takes an unknown state for no answer", { green: errorRate({ state: "FINE" }) }, "unreadable"],
    [
      "takes an OK on partial data for no answer",
      { green: errorRate({ evaluationState: "PARTIAL_DATA" }) },
      "unreadable",
    ],
    [
      "takes an ALARM that could not be evaluated for no answer",
      { green: errorRate({ state: "ALARM", evaluationState: "EVALUATION_ERROR" }) },
      "unreadable",
    ],
    ["misses an alarm that is not there", { green: { alarms: read(all("green").slice(1)) } }, "unreadable"],
    ["takes alarms that cannot be read for no answer", { green: { alarms: unread } }, "unreadable"],
    ["does not apply without users", { green: { share: 0 } }, "notApplicable"],
    [
      "counts no OK while a point that the alarm looks at breaches",
      { green: { values: { "error-rate": [0, 0.2, 0, 0] } } },
      "tooEarly",
    ],
    [
      "forgets a point that the alarm no longer looks at",
      { green: { values: { "error-rate": [0.2, 0, 0, 0, 0, 0, 0, 0, 0] } } },
      "pass",
    ],
    [
      "counts no OK on minutes with too few requests for a rate",
      { green: { requests: read([100, 100, 19, 19, 19]) } },
      "tooEarly",
    ],
    ["counts no OK on requests that could not be counted", { green: { requests: unread } }, "tooEarly"],
  ];
  test.each(table)("%s", (_title, seen, expected) => {
    expect(kindOf(judge(alarmsGate, seen), "error-rate")).toBe(expected);
  });

  test("asks for every alarm that judges, also those that need no users", () => {
    const gates = judge(alarmsGate, { green: { share: 0 } });
    expect(gates.map(({ gate }) => gate)).toEqual([...JUDGING_ALARM_KEYS]);
    expect(kindOf(gates, "healthy-hosts")).toBe("pass");
  });

  test("gives both numbers in its reason and its evidence", () => {
    const seen = {
      green: {
        ...errorRate({ state: "ALARM", transitionedMs: LIVE + 1 }),
        values: { "error-rate": [0, 0.2134] },
      },
    };
    const found = judge(alarmsGate, seen).find(({ gate }) => gate === "error-rate")?.answer;
    expect(found?.reason).toBe("error-rate is 0.213, allowed is at most 0.05");
    expect(found?.evidence).toMatchObject({ value: 0.2134, allowed: 0.05, state: "ALARM" });
  });
});

describe("an alarm that counts no requests", () => {
  const KEY = "healthy-hosts";
  const points = (values: readonly number[]): SlotObservation["recent"] => ({
    [KEY]: values.map((value, index) => ({ atMs: LIVE + index * MINUTE, value })),
  });
  const asked = (
    own: Partial<AlarmReading>,
    recent?: { readonly candidate: readonly number[]; readonly active: readonly number[] },
  ) => {
    const of = (arm: "candidate" | "active") => (recent === undefined ? {} : { recent: points(recent[arm]) });
    const alarms = [
      ...withAlarm("green", KEY, { state: "ALARM", transitionedMs: LIVE + 1 }),
      ...withAlarm("blue", KEY, own),
    ];
    return kindOf(
      judge(alarmsGate, {
        green: { alarms: read(alarms), ...of("candidate") },
        blue: { alarms: read(alarms), ...of("active") },
      }),
      KEY,
    );
  };

  test("blames nobody for minutes in which the active slot was as bad, though its alarm is OK", () => {
    const recent = { candidate: [1, 0.3, 0.3, 0.3, 0.3], active: [1, 0.3, 0.3, 0.3, 1] };
    expect(asked({ transitionedMs: LIVE + 29 * MINUTE }, recent)).toBe("unreadable");
  });

  test("blames the candidate for its own minutes, though the active slot's alarm is in ALARM", () => {
    const recent = { candidate: [0.3, 0.3, 0.3, 0.3, 0.3], active: [0.3, 1, 1, 1, 1] };
    expect(asked({ state: "ALARM" }, recent)).toBe("fail");
  });

  test("goes by the active slot's state where its minutes are not known", () => {
    expect(asked({ state: "ALARM" })).toBe("unreadable");
    expect(asked({})).toBe("fail");
  });
});

describe("the target-health gate", () => {
  const table: readonly (readonly [string, Partial<SlotObservation>, string])[] = [
    ["passes when all tasks are healthy", {}, "pass"],
    ["passes with more than asked for", { targets: read(counts(3)) }, "pass"],
    ["fails without a healthy task", { targets: read(counts(0, { unhealthy: 2 })) }, "fail"],
    ["fails without any task", { targets: read(counts(0)) }, "fail"],
    ["holds with too few", { targets: read(counts(1, { initial: 1 })) }, "unreadable"],
    [
      "holds with an unhealthy one among enough",
      { targets: read(counts(2, { unhealthy: 1 })) },
      "unreadable",
    ],
    ["does not mind tasks on their way out", { targets: read(counts(2, { draining: 2 })) }, "pass"],
    ["has no answer without a reading", { targets: unread }, "unreadable"],
    ["fails on a slot without a service", { requested: undefined }, "fail"],
  ];
  test.each(table)("%s", (_title, green, expected) => {
    expect(kindOf(judge(targetHealthGate, { green }), "target-health")).toBe(expected);
  });

  test("blames nobody for an outage in which no task of either slot is healthy", () => {
    const green = { targets: read(counts(0, { unhealthy: 2 })) };
    const asked = (blue: Partial<SlotObservation>) =>
      kindOf(judge(targetHealthGate, { green, blue }), "target-health");
    expect(asked({ targets: read(counts(0, { unhealthy: 2 })) })).toBe("unreadable");
    expect(asked({ targets: read(counts(1, { unhealthy: 1 })) })).toBe("fail");
    expect(asked({ targets: unread })).toBe("fail");
  });
});

describe("the running gate", () => {
  const table: readonly (readonly [string, Partial<SlotObservation>, string])[] = [
    ["passes when the requested task definition runs", {}, "pass"],
    ["fails when the deployment failed", { service: read(primary({ rolloutState: "FAILED" })) }, "fail"],
    [
      "fails when the circuit breaker went back to the former one",
      { service: read(primary({ taskDefinitionArn: "arn:task-definition/green:6" })) },
      "fail",
    ],
    [
      "holds while the deployment is under way",
      { service: read(primary({ rolloutState: "IN_PROGRESS" })) },
      "unreadable",
    ],
    ["fails when ECS does not know the service", { service: read(undefined) }, "fail"],
    ["fails when the service is gone", { service: read({ ...primary(), status: "INACTIVE" }) }, "fail"],
    [
      "holds without a primary deployment",
      { service: read({ ...primary(), primary: undefined }) },
      "unreadable",
    ],
    ["has no answer without a reading", { service: unread }, "unreadable"],
    ["fails on a slot without a service", { requested: undefined }, "fail"],
  ];
  test.each(table)("%s", (_title, green, expected) => {
    expect(kindOf(judge(runningGate, { green }), "running")).toBe(expected);
  });
});

describe("the minimum-requests gate", () => {
  const table: readonly (readonly [string, Partial<SlotObservation>, string])[] = [
    ["passes from the minimum on", { requests: read([10, 20, 20]) }, "pass"],
    ["waits for more below it", { requests: read([10, 20, 19]) }, "tooEarly"],
    ["waits at none", { requests: read([]) }, "tooEarly"],
    ["has no answer without a reading", { requests: unread }, "unreadable"],
  ];
  test.each(table)("%s", (_title, green, expected) => {
    expect(kindOf(judge(minimumRequestsGate, { green }), "minimum-requests")).toBe(expected);
  });
});

describe("the baseline gate", () => {
  const blueAlarm = (key: AlarmKey, own: Partial<AlarmReading>) => ({
    alarms: read(withAlarm("blue", key, own)),
  });
  const table: readonly (readonly [string, Partial<SlotObservation>, string])[] = [
    ["passes while the active slot is fine", {}, "pass"],
    ["fails while an alarm of it is on", blueAlarm("slow-rate", { state: "ALARM" }), "fail"],
    [
      "does not ask for rates when nobody is on it",
      { share: 0, ...blueAlarm("slow-rate", { state: "ALARM" }) },
      "pass",
    ],
    [
      "has no answer from an alarm without data",
      blueAlarm("cpu", { state: "INSUFFICIENT_DATA" }),
      "unreadable",
    ],
    ["has no answer when an alarm is missing", { alarms: read(all("blue").slice(1)) }, "unreadable"],
    ["has no answer without a reading", { alarms: unread }, "unreadable"],
    ["does not apply to an empty slot", { requested: undefined }, "notApplicable"],
  ];
  test.each(table)("%s", (_title, blue, expected) => {
    const found = judge(baselineGate, { blue });
    expect(kindOf(found, "baseline")).toBe(expected);
    expect(found[0]?.about).toBe("baseline");
  });
});
