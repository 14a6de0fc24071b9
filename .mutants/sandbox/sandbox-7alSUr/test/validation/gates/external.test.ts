import { describe, expect, it } from "vitest";
import { ALARM_KEYS } from "../../../contract/alarms/alarm-catalog.ts";
import type { Gate } from "../../../validation/core/assessment.ts";
import { alarmsGate } from "../../../validation/gates/alarms.ts";
import { baselineGate } from "../../../validation/gates/baseline.ts";
import { runningGate } from "../../../validation/gates/running.ts";
import { definition as scaling } from "../../../validation/gates/scaling.ts";
import { targetHealthGate } from "../../../validation/gates/target-health.ts";
import { counts } from "../support/samples.ts";
import { judge, names, read, requested } from "./judging.ts";

/** As its outputs tell it: without a service, and without the alarms of one. */
const filled = (slot: string, without: readonly string[] = ["cpu", "memory"]) => {
  const { serviceName: _service, taskDefinitionArn: _definition, ...own } = requested(slot);
  const alarms = Object.fromEntries(Object.entries(names(slot)).filter(([key]) => !without.includes(key)));
  return { requested: { ...own, alarms }, service: read(undefined) };
};
const kinds = (gate: Gate, seen: Parameters<typeof judge>[1]) =>
  Object.fromEntries(judge(gate, seen).map(({ gate: name, answer }) => [name, answer.kind]));

describe("of a slot that something else fills", () => {
  const green = filled("green");

  it("what ECS would say does not apply, with its reason", () => {
    const [running] = judge(runningGate, { green });
    expect(running?.answer).toMatchObject({ kind: "notApplicable" });
    expect(running?.answer.reason).toContain("something else fills green");
    if (scaling.sharing === undefined) throw new Error("scaling is asked while users are shared");
    expect(kinds(scaling.sharing, { green })).toEqual({ scaling: "notApplicable" });
    expect(kinds(alarmsGate, { green })).toMatchObject({ cpu: "notApplicable", memory: "notApplicable" });
  });

  it("an alarm of the load balancer that is not there is no good news", () => {
    const found = kinds(alarmsGate, { green: filled("green", ["cpu", "memory", "error-rate"]) });
    expect(found["error-rate"]).toBe("noAnswer");
    // And of a slot on ECS its own are missed.
    const { cpu: _cpu, ...others } = names("green");
    expect(
      kinds(alarmsGate, { green: { requested: { ...requested("green"), alarms: others } } })["cpu"],
    ).toBe("noAnswer");
  });

  it("healthy targets are counted as ever", () => {
    expect(kinds(targetHealthGate, { green })).toEqual({ "target-health": "pass" });
    expect(kinds(targetHealthGate, { green: { ...green, targets: read(counts(1)) } })).toEqual({
      "target-health": "noAnswer",
    });
    expect(kinds(targetHealthGate, { green: { ...green, targets: read(counts(0)) } })).toEqual({
      "target-health": "fail",
    });
  });

  it("the baseline is what there is of it", () => {
    expect(kinds(baselineGate, { blue: filled("blue") })).toEqual({ baseline: "pass" });
    expect(ALARM_KEYS).toContain("healthy-hosts");
    const blue = filled("blue", ["cpu", "memory", "healthy-hosts"]);
    expect(kinds(baselineGate, { blue })).toEqual({ baseline: "noAnswer" });
  });
});
