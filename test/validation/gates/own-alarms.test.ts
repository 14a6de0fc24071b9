import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../contract/config/parse.ts";
import type { Answer, Assessment } from "../../../validation/core/assessment.ts";
import type { AlarmReading, Observation, SlotObservation } from "../../../validation/core/observation.ts";
import { ownAlarmsGate, ownAlarmsStartingGate } from "../../../validation/gates/own-alarms.ts";
import { rawConfig } from "../../support/written-config.ts";

const MINUTE = 60_000;
const LIVE = Date.UTC(2026, 0, 1);
const NAME = "checkout-{slot}-latency";
const GREEN = "checkout-green-latency";

const alarm = (name: string, own: Partial<AlarmReading> = {}): AlarmReading => ({
  name,
  state: "OK",
  evaluationState: undefined,
  transitionedMs: LIVE - 60 * MINUTE,
  configuredMs: undefined,
  firesAfterMs: 4 * MINUTE,
  reason: "Threshold Crossed",
  ...own,
});

function judge(
  alarms: readonly AlarmReading[] | undefined,
  { minutes = 30, firstShare = true, name = NAME, gate = ownAlarmsGate } = {},
): Assessment {
  const parsed = parseConfig(rawConfig({ rollout: { alarms: [name] } }));
  if (!parsed.ok) throw new Error("refused");
  const { rollout: policy, thresholds } = parsed.config;
  const slot = (which: "blue" | "green"): SlotObservation => ({
    slot: which,
    share: which === "green" ? 10 : 90,
    requested: undefined,
    alarms: alarms ? { readable: true, value: alarms } : { readable: false, why: "throttled" },
    targets: { readable: false, why: "not asked for" },
    service: { readable: false, why: "not asked for" },
    requests: { readable: false, why: "not asked for" },
    values: {},
  });
  const observation: Observation = {
    nowMs: LIVE + minutes * MINUTE,
    liveSinceMs: LIVE,
    askedMs: LIVE - 20_000,
    firstShare,
    candidate: slot("green"),
    active: slot("blue"),
    comparison: undefined,
    refused: undefined,
  };
  const [only, ...others] = gate({ observation, policy, thresholds, sticky: false });
  if (only === undefined || others.length > 0) throw new Error("one assessment for one name");
  return only;
}

const word = ({ answer }: { answer: Answer }) => (answer.kind === "noAnswer" ? answer.cause : answer.kind);
const fresh = { state: "ALARM", transitionedMs: LIVE + 1 };

describe("An alarm of one's own, while the candidate has users,", () => {
  test.each([
    ["passes on an OK that has had the time that it needs to fire", [alarm(GREEN)], {}, "pass"],
    ["says nothing yet on one that has not", [alarm(GREEN)], { minutes: 3.9 }, "tooEarly"],
    [
      "nor on one that was edited since",
      [alarm(GREEN, { configuredMs: LIVE + 28 * MINUTE })],
      {},
      "tooEarly",
    ],
    [
      "passes on an OK that names no time as it stands",
      [alarm(GREEN, { firesAfterMs: undefined })],
      { minutes: 0.1 },
      "pass",
    ],
    ["fails on an ALARM of this share", [alarm(GREEN, fresh)], { minutes: 0.1 }, "fail"],
    [
      "fails on an ALARM while the share was becoming live",
      [alarm(GREEN, { ...fresh, transitionedMs: LIVE - 10_000 })],
      {},
      "fail",
    ],
    ["fails on any ALARM in a later step", [alarm(GREEN, { state: "ALARM" })], { firstShare: false }, "fail"],
    [
      "blames nobody for an ALARM from before the first users",
      [alarm(GREEN, { state: "ALARM" })],
      {},
      "unreadable",
    ],
    ["nor for one without a time", [alarm(GREEN, { ...fresh, transitionedMs: undefined })], {}, "unreadable"],
    [
      "nor where the active slot's is in ALARM, too",
      [alarm(GREEN, fresh), alarm("checkout-blue-latency", fresh)],
      {},
      "unreadable",
    ],
    ["is no answer without data", [alarm(GREEN, { state: "INSUFFICIENT_DATA" })], {}, "unreadable"],
    ["is no answer in a state that nobody knows", [alarm(GREEN, { state: "FINE" })], {}, "unreadable"],
    [
      "is no answer when CloudWatch doubts it",
      [alarm(GREEN, { evaluationState: "PARTIAL_DATA" })],
      {},
      "unreadable",
    ],
    [
      "is no answer when a child of it has no data",
      [alarm(GREEN, { doubt: "errors is in INSUFFICIENT_DATA" })],
      {},
      "unreadable",
    ],
    ["is no answer when it does not exist", [alarm("checkout-blue-latency")], {}, "unreadable"],
    ["is no answer when it cannot be read", undefined, {}, "unreadable"],
  ] as const)("%s", (_title, alarms, seen, answer) => {
    expect(word(judge(alarms, seen))).toBe(answer);
  });

  test("is the same one for both slots where its name has no slot, and then blames the candidate alone", () => {
    const found = judge([alarm("orders-failing", fresh)], { name: "orders-failing" });
    expect(found).toMatchObject({ gate: "orders-failing", about: "candidate", absolute: true });
    expect(found.answer.reason).toBe("orders-failing is in ALARM (Threshold Crossed)");
  });

  test("names what to do where CloudWatch does not know it", () => {
    expect(judge([]).answer.reason).toBe(
      "checkout-green-latency: rollout.alarms names it, and CloudWatch has no such alarm in this account and region; make it, or take it out of rollout.alarms",
    );
  });
});

test("Before the first user an alarm of one's own keeps a release waiting, unless it is OK", () => {
  const gate = ownAlarmsStartingGate;
  expect(word(judge([alarm(GREEN)], { gate, minutes: 0 }))).toBe("pass");
  for (const state of ["ALARM", "INSUFFICIENT_DATA"]) {
    expect(word(judge([alarm(GREEN, { state })], { gate }))).toBe("unreadable");
  }
  expect(word(judge([], { gate }))).toBe("unreadable");
});
