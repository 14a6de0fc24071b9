import { describe, expect, test } from "vitest";
import { MODEL_KEYS } from "../../../contract/config/model-fields.ts";
import { serviceOf } from "../../../contract/config/model-service.ts";
import { deploy } from "../../../validation/deploy/deploy.ts";
import { freeze } from "../../../validation/deploy/freeze.ts";
import { DIGEST, oneModel, promoted, counts } from "../support/samples.ts";
import { World } from "../support/world.ts";

const V2 = {
  image: DIGEST("b"),
  modelVersion: "2",
  minTasks: undefined,
  maxTasks: undefined,
  overrides: {},
};
const SERVICE = { port: 9000, healthPath: "/ready", environment: { A: "1" } };
const withTwoTasks = (world: World) => {
  world.health = { blue: counts(2), green: counts(2) };
  return world;
};

describe("deploy copies what its model needs into the slot", () => {
  test("from the template as it is deployed, whole, and gives the other slot its copy, too", async () => {
    const world = withTwoTasks(new World({ ...oneModel(), service: SERVICE }));
    const before = serviceOf(world.config, "blue");
    await deploy(world.context(), V2);
    const { blue, green } = world.config.slots;
    expect(green.service).toMatchObject(SERVICE);
    const none = ["agent", "capacityProvider", "modelName", "predictPath", "versionHeader", "customProtocol"];
    const copied = MODEL_KEYS.filter((key) => !none.includes(key));
    expect(copied.filter((key) => green.service[key] === undefined)).toEqual([]);
    expect(blue.service).toEqual(green.service);
    expect(serviceOf(world.config, "blue")).toEqual(before);
    expect(world.updates).toBe(1);
  });

  test("with what this model alone is to have, and the drain that follows from it", async () => {
    const world = withTwoTasks(new World({ ...oneModel(), service: SERVICE }));
    const service = { healthPath: "/v2/health/ready", requestTimeoutSeconds: "900", command: ["serve"] };
    await deploy(world.context(), { ...V2, service });
    expect(world.config.slots.green.service).toMatchObject({
      port: 9000,
      healthPath: "/v2/health/ready",
      requestTimeoutSeconds: 900,
      drainSeconds: 900,
      command: ["serve"],
    });
    expect(world.config.slots.blue.service.healthPath).toBe("/ready");
    // The same command again deploys nothing; another service of the same image does.
    await deploy(world.context(), { ...V2, service });
    expect(world.updates).toBe(1);
    await deploy(world.context(), V2);
    expect(world.updates).toBe(2);
    expect(world.config.slots.green.service.healthPath).toBe("/ready");
  });

  test("and refuses what is not allowed, with the option that fixes it", async () => {
    const world = withTwoTasks(new World(oneModel()));
    const run = (service: Readonly<Record<string, unknown>>) => deploy(world.context(), { ...V2, service });
    await expect(run({ port: 0 })).rejects.toThrow("Fix it: npx bluegreen deploy … --port <number>");
    await expect(run({ healthTimeoutSeconds: 10 })).rejects.toThrow(
      "Fix it: npx bluegreen deploy … --set healthTimeoutSeconds=<value>",
    );
    await expect(run({ requestTimeoutSeconds: 90, drainSeconds: 60 })).rejects.toThrow(
      "at least green.service.requestTimeoutSeconds, 90: requests in flight are cut when their task leaves. Fix it: npx bluegreen deploy … --set drainSeconds=<value>",
    );
    await expect(run({ logDays: 7 })).rejects.toMatchObject({ code: "BG112" });
    expect(world.updates).toBe(0);
  });
});

describe("freeze", () => {
  test("gives the models that run their copies, and changes nothing that runs", async () => {
    const world = new World({ ...promoted(), service: SERVICE });
    const before = [serviceOf(world.config, "blue"), serviceOf(world.config, "green")];
    expect(await freeze(world.context())).toMatchObject({
      exitCode: 0,
      sentence: "blue and green have a copy of service now: an edit of it is for the next deploy",
      slots: ["blue", "green"],
    });
    expect([serviceOf(world.config, "blue"), serviceOf(world.config, "green")]).toEqual(before);
    expect(world.log).toEqual([
      "route: bluegreen: copies service into blue and green, which changes nothing that runs",
    ]);
    expect(await freeze(world.context())).toMatchObject({ slots: [] });
    expect(world.updates).toBe(1);
  });
});
