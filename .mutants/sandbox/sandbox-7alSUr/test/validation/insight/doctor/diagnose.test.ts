import { describe, expect, test } from "vitest";
import { showDoctor } from "../../../../cli/view/doctor.ts";
import { ALARM_KEYS } from "../../../../contract/alarms/alarm-catalog.ts";
import { perSlot } from "../../../../contract/slot.ts";
import { diagnose } from "../../../../validation/insight/doctor.ts";
import { CHECKS, type CheckName, type Facts } from "../../../../validation/insight/doctor/facts.ts";
import { alarm, CASES, deployed, given, GOOD, names, NOW, unreadable } from "./cases.ts";
import { ENTRANCE_CASES, HTTPS } from "./entrance-cases.ts";

const about = (facts: Partial<Facts>, check: CheckName) =>
  diagnose({ ...GOOD, ...facts }).findings.filter((finding) => finding.check === check);

test("Nothing to fix is exit 0, and every check has an answer", () => {
  const outcome = diagnose(GOOD);
  expect(outcome).toMatchObject({ exitCode: 0, sentence: "all 13 in order" });
  expect([...new Set(outcome.findings.map(({ check }) => check))]).toEqual([...CHECKS]);
});

test("What could not be checked is no good news: it has an exit code of its own, and words", () => {
  const outcome = diagnose({ ...GOOD, quotas: unreadable, alarms: unreadable });
  expect(outcome.exitCode).toBe(11);
  expect(outcome.sentence).toBe("10 in order, but 2 could not be checked: that is no clean bill of health");
  expect(diagnose({ ...GOOD, shellNode: given("v20.1.0"), quotas: unreadable })).toMatchObject({
    exitCode: 10,
    sentence: "1 to fix; 1 could not be checked",
  });
});

test("Without network and account every check still answers, and none of AWS says that it is in order", () => {
  const facts: Facts = {
    ...GOOD,
    backend: unreadable,
    encryption: unreadable,
    caller: unreadable,
    deployed: unreadable,
    quotas: unreadable,
    alarmCalls: unreadable,
    certificate: unreadable,
    leads: unreadable,
    platforms: perSlot(() => unreadable),
    alarms: unreadable,
    config: HTTPS,
  };
  const { findings, exitCode } = diagnose(facts);
  expect(exitCode).toBe(11);
  const results = Object.fromEntries(findings.map(({ check, result }) => [check, result]));
  expect(results).toEqual({
    stack: "unknown",
    node: "ok",
    engine: "ok",
    backend: "unknown",
    credentials: "unknown",
    region: "ok",
    quotas: "unknown",
    "api-rate": "unknown",
    certificate: "unknown",
    dns: "unknown",
    image: "unknown",
    alarms: "unknown",
    secrets: "unknown",
    runners: "ok",
    protection: "ok",
  });
});

test("Whatever is broken or unknown says how to fix it", () => {
  const nothing = Object.fromEntries(Object.keys(GOOD).map((key) => [key, unreadable]));
  const unclear: Facts = {
    ...GOOD,
    // Each of these is a reading, so it may be unreadable.
    ...(nothing as Pick<Facts, "engine" | "backend" | "region" | "caller" | "deployed" | "config">),
    cloud: "unclear",
    stack: { named: false, why: "No stack is named", fix: "--stack <name>" },
    platforms: perSlot(() => unreadable),
    nowMs: NOW,
  };
  for (const facts of [unclear, { ...unclear, cloud: "aws", stack: GOOD.stack } as const]) {
    for (const { result, fix } of diagnose(facts).findings) {
      if (result === "broken" || result === "unknown") expect(fix).toMatch(/\w/);
    }
  }
  expect(showDoctor(diagnose(unclear))).toContain("fix: --stack <name>");
});

test("On the local cloud there is nothing of AWS to check", () => {
  const outcome = diagnose({ ...GOOD, cloud: "local", engine: given("the embedded engine") });
  expect(outcome.exitCode).toBe(0);
  const none = outcome.findings.filter(({ result }) => result === "notApplicable");
  expect(none.map(({ check }) => check)).toEqual([
    "credentials",
    "region",
    "quotas",
    "api-rate",
    "certificate",
    "dns",
    "image",
    "secrets",
    "runners",
    "protection",
  ]);
});

describe("The doctor", () => {
  test.each([...CASES, ...ENTRANCE_CASES])("on $title", ({ check, facts, results, words }) => {
    const found = about(facts, check);
    expect(found.map(({ result }) => result)).toEqual(results);
    expect(JSON.stringify(found)).toContain(words);
  });

  test("believes ECS more than a registry: tasks that run fit their processor", () => {
    const taskDefinitionArn = deployed.outputs.slots.blue.running?.taskDefinitionArn ?? "";
    const running = (rolloutState: string) => {
      const primary = { taskDefinitionArn, rolloutState, rolloutReason: "", failedTasks: 0 };
      const service = { status: "ACTIVE", desired: 1, running: 1, primary, events: [] };
      const services = given(new Map([["service-blue", service]]));
      return about({ services, platforms: perSlot(() => unreadable) }, "image");
    };
    expect(running("COMPLETED")).toMatchObject([{ result: "ok", saw: "blue: its tasks run on X86_64" }]);
    expect(running("IN_PROGRESS")).toMatchObject([{ result: "unknown" }]);
  });

  test("asks nothing of the alarms of a slot that is scaled to zero", () => {
    const blue = deployed.outputs.slots.blue;
    const retired = { ...blue, running: blue.running && { ...blue.running, minTasks: 0 } };
    const outputs = { ...deployed.outputs, slots: { ...deployed.outputs.slots, blue: retired } };
    const silent = given(names.map((name) => alarm(name, "INSUFFICIENT_DATA")));
    const found = about({ deployed: given({ ...deployed, outputs }), alarms: silent }, "alarms");
    expect(found).toMatchObject([{ result: "notApplicable", saw: "blue is scaled to zero" }]);
  });

  test("names as many alarms as the catalogue has", () => {
    expect(about({}, "alarms")).toMatchObject([
      { result: "ok", saw: `blue: ${ALARM_KEYS.length}, each with a state of its own` },
    ]);
  });
});
