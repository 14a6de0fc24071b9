import { describe, expect, test } from "vitest";
import { ALARM_KEYS, alarmSpec, asksService } from "../../../contract/alarms/alarm-catalog.ts";
import { parseOutputs } from "../../../contract/names/outputs.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import { proveRaise, type Questions } from "../../../infra/checks/healthy-first.ts";
import { ROUTE_TAGS } from "../../../contract/route/route.ts";
import { find, keysOf, runProgram } from "../../support/pulumi-mocks.ts";
import { DIGEST, ONE_SLOT, OTHER_IMAGE, TOKEN, TYPE } from "../configs.ts";

const IMAGE = `external@${DIGEST}`;
/** Blue on ECS, green filled by something else. */
const MIXED = {
  ...ONE_SLOT,
  green: { image: IMAGE, modelVersion: "8", minTasks: 2, service: { kind: "external" } },
  testToken: TOKEN,
  localCloud: "http://127.0.0.1:4566",
};

describe("A slot that something else fills", () => {
  test("has all that the load balancer does for it, and nothing of ECS", async () => {
    const keys = keysOf(await runProgram(MIXED));
    const ofGreen = keys.filter((key) => /::green($|-)/.test(key));
    expect(ofGreen.filter((key) => !key.startsWith(TYPE.alarm)).sort()).toEqual(
      [
        `${TYPE.slot}::green`,
        `${TYPE.targetGroup}::green-production`,
        `${TYPE.targetGroup}::green-test`,
        `${TYPE.rule}::green-test`,
        `${TYPE.composite}::green`,
      ].sort(),
    );
    expect(keys.filter((key) => key.startsWith(TYPE.service))).toEqual([`${TYPE.service}::blue`]);
  });

  test("has the alarms of the catalogue that the load balancer's metrics feed", async () => {
    const run = await runProgram(MIXED);
    const read = parseConfig({});
    if (!read.ok) throw new Error("the defaults are refused");
    const { thresholds } = read.config;
    const expected = ALARM_KEYS.filter((key) => !asksService(alarmSpec(key), thresholds));
    const names = keysOf(run).filter((key) => key.startsWith(`${TYPE.alarm}::green-`));
    expect(names.sort()).toEqual(expected.map((key) => `${TYPE.alarm}::green-${key}`).sort());
    expect(expected).not.toContain("cpu");
    expect(String(find(run, `${TYPE.composite}::green`).inputs["alarmRule"])).not.toMatch(/cpu|memory/);
  });

  test("tells the tools so, and blue remains as it was", async () => {
    const outputs = parseOutputs((await runProgram(MIXED)).outputs);
    const { running } = outputs?.slots.green ?? {};
    expect(running).toMatchObject({ image: IMAGE, minTasks: 2, definition: { kind: "external" } });
    expect(running).not.toHaveProperty("serviceName");
    expect(outputs?.slots.blue.running?.serviceName).toBeDefined();
  });

  test("without saying so it is no slot of this program: no service is no good news", async () => {
    const { outputs } = await runProgram(MIXED);
    const wrong = JSON.parse(JSON.stringify(outputs).replace('"kind":"external"', '"kind":"ecs"'));
    expect(parseOutputs(outputs)).toBeDefined();
    expect(parseOutputs(wrong)).toBeUndefined();
  });

  test("gets no agent from the stack", async () => {
    const agent = { image: `node@${DIGEST}`, front: {} };
    const green = { ...MIXED.green, service: { kind: "external", agent } };
    await expect(runProgram({ ...MIXED, green })).rejects.toThrow(/green\.service\.agent/);
  });
});

describe("The kind of a slot", () => {
  const GREEN = { image: OTHER_IMAGE, modelVersion: "8" };
  const SHARED = { ...ONE_SLOT, green: GREEN, greenWeight: 10 };

  test.each([
    ["ECS to something else", {}, { kind: "external" }],
    ["something else to ECS", { kind: "external" }, {}],
  ])("is not changed under users, from %s", async (_, before, after) => {
    const { outputs } = await runProgram({ ...SHARED, green: { ...GREEN, service: before } });
    const next = {
      ...SHARED,
      green: { ...GREEN, service: after },
      service: { allowInPlace: true },
    };
    await expect(runProgram(next, "dev", outputs)).rejects.toThrow(/service\.kind/);
  });

  test("of version 0.2 and before is ecs", async () => {
    const { outputs } = await runProgram(SHARED);
    const old = JSON.parse(JSON.stringify(outputs).replaceAll(/"kind":"ecs",?/g, ""));
    await expect(runProgram(SHARED, "dev", old)).resolves.toBeDefined();
    await expect(runProgram({ ...SHARED, service: { kind: "external" } }, "dev", old)).rejects.toThrow(
      /service\.kind/,
    );
  });
});

describe("A raise of a slot that something else fills", () => {
  const weights = (green: number) => ({
    weights: { blue: 100 - green, green },
    tags: { [ROUTE_TAGS.activeSlot]: "blue" },
  });
  const raise = { before: weights(0), after: weights(10), moved: [] };
  const requested = { blue: undefined, green: { model: IMAGE, service: undefined } };
  const primary: Questions["primary"] = async () => {
    throw new Error("ECS was asked");
  };
  const prove = (states: readonly string[]) =>
    proveRaise(raise, { blue: "b", green: "g" }, requested, { targets: async () => states, primary });

  test("asks the load balancer for a healthy target, and ECS nothing", async () => {
    await expect(prove(["healthy", "unhealthy"])).resolves.toBeUndefined();
    await expect(prove(["unhealthy"])).rejects.toThrow("none of its targets is healthy");
    await expect(prove([])).rejects.toThrow("it has no registered target");
  });
});
