import { describe, expect, it } from "vitest";
import { changeWords } from "../../contract/transition/change-words.ts";
import { copyOf } from "../../contract/config/model-service.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import { TWO_SLOTS } from "../infra/configs.ts";
import { rawConfig, type WrittenConfig } from "../support/written-config.ts";

function config(own: WrittenConfig = {}): StackConfig {
  const parsed = parseConfig(rawConfig({ ...TWO_SLOTS, ...own }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}
const copied = (slot: unknown) => ({ ...Object(slot), service: copyOf(config().service) });
const STAYS = "shifts nothing and moves nobody: blue 100 % · green 0 %";

describe("a change in words", () => {
  it.each<readonly [string, WrittenConfig, WrittenConfig, readonly string[]]>([
    ["that is none", {}, {}, [STAYS]],
    [
      "of thresholds",
      { thresholds: { maxSlowRate: 0.01 } },
      { thresholds: { maxSlowRate: 0.02, slowSeconds: 0.5 } },
      [
        STAYS,
        "raises thresholds.maxSlowRate from 0.01 to 0.02",
        "lowers thresholds.slowSeconds from 1 to 0.5",
      ],
    ],
    [
      "of a policy",
      {},
      { rollout: { steps: [50, 100], atDeadline: "revert" } },
      [
        STAYS,
        "changes rollout.steps from [10,25,50,100] to [50,100]",
        "changes rollout.atDeadline from hold to revert",
      ],
    ],
    [
      "of tasks says who has users on them, and never a value of their environment",
      {},
      { service: { cpu: 1024, memory: 2048, environment: { KEY: "hunter2" }, allowInPlace: true } },
      [
        STAYS,
        "replaces the tasks of blue, which has 100 % of the users: other cpu, memory, environment",
        "replaces the tasks of green, which has no users: other cpu, memory, environment",
        "raises service.cpu from 512 to 1024: touches blue and green now",
        "raises service.memory from 1024 to 2048: touches blue and green now",
        "adds service.environment.KEY: touches blue and green now",
        "changes service.allowInPlace from false to true: touches nothing by itself",
      ],
    ],
    [
      "that brings the first test token says what it does to tasks",
      { service: { testCidrs: ["192.0.2.1/32"] } },
      { service: { testCidrs: ["192.0.2.1/32"] }, testToken: "a".repeat(32) },
      [STAYS, "sets testToken: ECS starts new tasks and stops the running ones, in both slots at once"],
    ],
    [
      "to another test token",
      { service: { testCidrs: ["192.0.2.1/32"] }, testToken: "b".repeat(32) },
      { service: { testCidrs: ["192.0.2.1/32"] }, testToken: "a".repeat(32) },
      [STAYS, "changes testToken"],
    ],
    [
      "of the split",
      {},
      { greenWeight: 25 },
      ["moves users from blue 100 % · green 0 % to blue 75 % · green 25 %"],
    ],
    [
      "of the roles",
      {},
      { activeSlot: "green" },
      ["moves users from blue 100 % · green 0 % to blue 0 % · green 100 %, and makes green the active slot"],
    ],
    [
      "of what was set",
      { service: { certificateArn: "arn:aws:acm:eu-west-1:1:certificate/x" } },
      {},
      [
        STAYS,
        "removes service.certificateArn, which was arn:aws:acm:eu-west-1:1:certificate/x: touches the listener now",
      ],
    ],
    [
      "of the name and its zone",
      {},
      { service: { hostName: "model.example.com", hostedZoneId: "Z0123456789" } },
      [
        STAYS,
        "sets service.hostName to model.example.com: touches the address of the model now, and its certificate and record where the stack makes them",
        "sets service.hostedZoneId to Z0123456789: touches the certificate and the record of service.hostName now",
      ],
    ],
    [
      "of the template, where one slot has a copy and the other has none",
      { blue: { ...Object(TWO_SLOTS["blue"]), service: { healthPath: "/health", cpuTarget: 60 } } },
      {
        blue: { ...Object(TWO_SLOTS["blue"]), service: { healthPath: "/health", cpuTarget: 60 } },
        service: { healthPath: "/ready", cpuTarget: 40, port: 9000 },
      },
      [
        STAYS,
        "replaces the tasks of blue, which has 100 % of the users: other port",
        "replaces the tasks of green, which has no users: other port",
        "changes green as it runs, which has no users: other healthPath, cpuTarget",
        "raises service.port from 8080 to 9000: touches blue and green now",
        "changes service.healthPath from /health to /ready: touches green now",
        "lowers service.cpuTarget from 60 to 40: touches green now",
      ],
    ],
    [
      "of the template, where all that runs has copies",
      { blue: copied(TWO_SLOTS["blue"]), green: copied(TWO_SLOTS["green"]) },
      {
        blue: copied(TWO_SLOTS["blue"]),
        green: copied(TWO_SLOTS["green"]),
        service: { healthPath: "/ready", environment: { A: "1" } },
      },
      [
        STAYS,
        "changes service.healthPath from /health to /ready: for the next deploy, touches nothing that runs",
        "adds service.environment.A: for the next deploy, touches nothing that runs",
      ],
    ],
  ])("%s", (_title, before, after, words) => {
    expect(changeWords(config(before), config(after))).toEqual(words);
  });
});
