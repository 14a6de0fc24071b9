import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALARM_KEYS, FIRST_ALARM_KEYS } from "../../contract/alarms/alarm-catalog.ts";
import { CONFIG_KEYS } from "../../contract/config/keys.ts";
import { fargateSizeProblem } from "../../contract/checks/fargate.ts";
import { namesFor } from "../support/project.ts";
import { parseOutputs } from "../../contract/names/outputs.ts";
import { SLOTS } from "../../contract/slot.ts";

describe("every name of the load balancer's API", () => {
  it("fits its rules, whatever the stack is called: 32 characters, no hyphen at an end", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 100 }), fc.constantFrom(...SLOTS), (stack, slot) => {
        const names = [
          namesFor(stack).targetGroup(slot, "test", ["8080"]),
          namesFor(stack).targetGroup(slot, "production", ["8080"]),
          `${namesFor(stack).loadBalancer}-unused`,
        ];
        for (const name of names) expect(name).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/);
        expect(new Set(names).size).toBe(3);
      }),
    );
  });

  it("of a target group changes with what forces its replacement", () => {
    const { targetGroup } = namesFor("dev");
    expect(targetGroup("blue", "test", ["8080"])).not.toBe(targetGroup("blue", "test", ["9090"]));
  });
});

describe("Fargate sizes", () => {
  it.each([
    [256, 512, undefined],
    [256, 4096, "with 256 CPU units: 512, 1024, 2048 MiB"],
    [1024, 2560, "with 1024 CPU units: 2048 to 8192 MiB in steps of 1024"],
    [300, 512, "CPU units of 256, 512, 1024, 2048, 4096, 8192, 16384"],
    [16384, 122880, undefined],
  ])("%i CPU units with %i MiB: %s", (cpu, memory, problem) => {
    expect(fargateSizeProblem(cpu, memory)).toBe(problem);
  });
});

describe("stack outputs", () => {
  it("that are not those of this program are not taken for them", () => {
    for (const raw of [
      undefined,
      null,
      {},
      { slots: {} },
      { slots: { blue: {}, green: {} }, split: { blue: 1 } },
    ]) {
      expect(parseOutputs(raw)).toBeUndefined();
    }
  });
});

describe("stack outputs of 0.1", () => {
  const alarms = Object.fromEntries(ALARM_KEYS.map((key) => [key, `green-${key}`]));
  const outputs = (names: Readonly<Record<string, unknown>>) => {
    const slot = {
      targetGroupArn: "arn:g",
      targetGroupSuffix: "targetgroup/g/1",
      testTargetGroupArn: "arn:t",
      running: {
        image: "repo/model:1",
        modelVersion: "1",
        minTasks: 1,
        maxTasks: 1,
        serviceName: "s",
        taskDefinitionArn: "arn:task",
        slotAlarm: "green",
        alarms: names,
      },
    };
    return parseOutputs({
      url: "http://lb",
      region: "eu-central-1",
      routeArn: "arn:route",
      loadBalancerSuffix: "app/lb/1",
      clusterName: "c",
      generation: 1,
      stickinessSeconds: 0,
      activeSlot: "blue",
      split: { blue: 100, green: 0 },
      slots: { blue: slot, green: slot },
    });
  };

  it("are read without the alarms that came later, and never without one that they had", () => {
    const { "unanswered-rate": _later, ...first } = alarms;
    expect(outputs(alarms)?.slots.green.running?.alarms).toEqual(alarms);
    expect(outputs(first)?.slots.green.running?.alarms).toEqual(first);
    for (const key of FIRST_ALARM_KEYS) {
      const { [key]: _first, ...without } = alarms;
      expect(outputs(without)).toBeUndefined();
    }
    expect(outputs({ ...first, "unanswered-rate": 3 })).toBeUndefined();
  });
});

describe("the keys", () => {
  it("each say what they mean, and so does each of their fields", () => {
    for (const key of Object.values(CONFIG_KEYS)) {
      expect(key.meaning).toMatch(/\.$/);
      for (const field of Object.values("fields" in key ? key.fields : {}))
        expect(field.meaning).toMatch(/\.$/);
    }
  });
});
