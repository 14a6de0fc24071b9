import { describe, expect, it } from "vitest";
import { copyOf, isFrozen, saidBy, serviceOf } from "../../contract/config/model-service.ts";
import { MODEL_KEYS, modelFields } from "../../contract/config/model-fields.ts";
import { longestTimeout, usedPorts } from "../../contract/checks/shared-by-slots.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import { rawConfig, type WrittenConfig } from "../support/written-config.ts";
import { blue, configOf, green } from "./support/steps.ts";

const TEMPLATE = { port: 9000, healthPath: "/v2/health/ready", cpu: 1024, memory: 2048 };
const problemsOf = (written: WrittenConfig) => {
  const parsed = parseConfig(rawConfig(written));
  return parsed.ok ? [] : parsed.problems.map(({ key, got, fix }) => [key, got, fix]);
};

describe("the service of a slot", () => {
  it("is the template's as long as nothing was copied", () => {
    const config = configOf({ blue, service: TEMPLATE });
    expect(serviceOf(config, "blue")).toMatchObject(TEMPLATE);
    expect(isFrozen(config.slots.blue)).toBe(false);
  });

  it("is the copy's from then on, whatever becomes of the template", () => {
    const service = copyOf(configOf({ service: TEMPLATE }).service);
    const config = configOf({
      blue: { ...blue, service },
      service: { port: 7000, environment: { A: "1" }, requestTimeoutSeconds: 900 },
    });
    expect(serviceOf(config, "blue")).toEqual({ ...service, capacityProvider: undefined });
    expect(isFrozen(config.slots.blue)).toBe(true);
    expect(serviceOf(config, "green").port).toBe(7000);
  });

  it("is first of all what the model's own deploy asked for", () => {
    const config = configOf({
      blue: {
        ...blue,
        service: { cpu: 256, memory: 512, environment: { A: "copied", B: "copied" } },
        overrides: { memory: 1024, environment: { B: "own" } },
      },
      service: TEMPLATE,
    });
    expect(serviceOf(config, "blue")).toMatchObject({
      cpu: 256,
      memory: 1024,
      port: 9000,
      environment: { A: "copied", B: "own" },
    });
    expect(MODEL_KEYS.map((key) => saidBy(config, "blue", key))).toEqual(
      expect.arrayContaining(["blue.service.cpu", "blue.overrides.memory", "service.port"]),
    );
  });

  it("has a copy of every key that a model needs, so that no later default moves it", () => {
    const copied = Object.keys(copyOf(configOf({ service: TEMPLATE }).service));
    expect(copied.toSorted()).toEqual(Object.keys(modelFields).toSorted());
  });

  it("is refused where it is wrong, with the key that says it", () => {
    const ssm = "arn:aws:ssm:us-east-1:123456789012:parameter/key";
    const wrong = { ...blue, service: { cpu: 256, memory: 8192, healthTimeoutSeconds: 10 } };
    expect(
      problemsOf({
        blue: wrong,
        green: { ...green, service: { secrets: { KEY: ssm }, environment: { KEY: "1" } } },
      }),
    ).toEqual([
      ["blue.service.memory", "8192", "pulumi config set --path blue.service.memory <MiB>"],
      [
        "blue.service.healthTimeoutSeconds",
        "10",
        "pulumi config set --path blue.service.healthTimeoutSeconds 9",
      ],
      ["green.service.environment.KEY", "given", "pulumi config rm --path green.service.environment.KEY"],
    ]);
    expect(problemsOf({ blue: { ...blue, service: { logDays: 7 } } })).toEqual([
      ["blue.service.logDays", "unknown", "pulumi config rm --path blue.service.logDays"],
    ]);
  });
});

describe("the time that requests have when a task leaves", () => {
  it.each([
    ["is a minute with the defaults, as ever", {}, 60],
    ["is as long as a request may be silent", { requestTimeoutSeconds: 900 }, 900],
    ["is a minute for short requests", { requestTimeoutSeconds: 5 }, 60],
    ["is at most ELB's hour", { requestTimeoutSeconds: 4000 }, 3600],
    ["is what is set", { requestTimeoutSeconds: 5, drainSeconds: 5 }, 5],
  ])("%s", (_title, service, seconds) => {
    expect(serviceOf(configOf({ service }), "blue").drainSeconds).toBe(seconds);
  });
});

describe("what both slots share", () => {
  const frozen = (slot: object, port: number, requestTimeoutSeconds: number) => ({
    ...slot,
    service: { port, requestTimeoutSeconds },
  });

  it("is enough for both while both have a model", () => {
    const config = configOf({
      blue: frozen(blue, 9000, 300),
      green: frozen(green, 8080, 20),
      service: { port: 1 },
    });
    expect(usedPorts(config)).toEqual([8080, 9000]);
    expect(longestTimeout(config)).toBe(300);
  });

  it("is what the one model needs, and without a model the template's", () => {
    const service = { port: 7000, requestTimeoutSeconds: 90 };
    const one = configOf({ blue: frozen(blue, 9000, 300), service });
    expect([usedPorts(one), longestTimeout(one)]).toEqual([[9000], 300]);
    const none = configOf({ service });
    expect([usedPorts(none), longestTimeout(none)]).toEqual([[7000], 90]);
  });
});
