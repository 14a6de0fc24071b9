import { describe, expect, test } from "vitest";
import { modelGiven } from "../../../cli/actions/external-model.ts";
import { deploy } from "../../../validation/deploy/deploy.ts";
import type { DeployOptions } from "../../../validation/deploy/options.ts";
import { retire } from "../../../validation/deploy/retire.ts";
import { rotate } from "../../../validation/deploy/rotate.ts";
import { logs } from "../../../validation/insight/logs.ts";
import { status } from "../../../validation/insight/status.ts";
import { revert } from "../../../validation/rollback/revert.ts";
import { candidateReady, counts, oneModel, promoted } from "../support/samples.ts";
import { World } from "../support/world.ts";

const IMAGE = `external@sha256:${"a".repeat(64)}`;
const EXTERNAL = { kind: "external" };
const options: DeployOptions = {
  image: IMAGE,
  modelVersion: "2",
  minTasks: undefined,
  maxTasks: undefined,
  overrides: {},
  service: EXTERNAL,
};
const OF_ECS: DeployOptions = { ...options, image: `other@sha256:${"b".repeat(64)}`, service: {} };
/** A stack whose blue and green are such, by what is written of them. */
const filled = (raw: Record<string, unknown>, ...slots: readonly ("blue" | "green")[]) => {
  const own: Record<string, unknown> = {};
  // Slots of the samples are objects.
  for (const slot of slots) own[slot] = { ...(raw[slot] as object), service: EXTERNAL };
  return new World({ ...raw, ...own });
};

describe("deploy onto a slot that something else fills", () => {
  test("waits until so many targets are healthy as serve the users now, and asks ECS nothing of it", async () => {
    const world = new World(oneModel());
    world.desired.blue = 3;
    world.health.green = counts(2);
    const looks: number[] = [];
    world.onSleep = () => {
      looks.push(world.health.green.healthy);
      world.health.green = counts(3);
    };
    // ECS knows no service of green, and is not asked for one.
    world.rollout.green = { state: "FAILED" };
    const done = await deploy(world.context(), options);
    expect(done).toMatchObject({ exitCode: 0, slot: "green", healthyTasks: 3 });
    expect(looks).toEqual([2]);
    expect(world.config.slots.green).toMatchObject({ image: IMAGE, modelVersion: "2", minTasks: 3 });
    expect(world.config.slots.green.service.kind).toBe("external");
  });

  test("gives up in time, says what is missing in which group, and waits again by the same command", async () => {
    const world = new World(oneModel());
    world.health.green = { ...counts(1), unhealthy: 1 };
    await expect(deploy(world.context(), options)).rejects.toMatchObject({ code: "BG351", exitCode: 10 });
    await expect(deploy(world.context(), options)).rejects.toThrow(
      /needs 2: 1 healthy, 1 unhealthy, 0 starting/,
    );
    const updates = world.updates;
    world.health.green = counts(2);
    expect(await deploy(world.context(), options)).toMatchObject({ exitCode: 0, healthyTasks: 2 });
    expect(world.updates).toBe(updates);
  });

  test("may be the first of a stack: it gets all users when its targets are healthy", async () => {
    const world = new World({});
    world.onSleep = () => (world.health.blue = counts(1));
    world.health.blue = counts(0);
    expect(await deploy(world.context(), options)).toMatchObject({
      exitCode: 0,
      slot: "blue",
      healthyTasks: 1,
    });
    expect(world.config).toMatchObject({ activeSlot: "blue", release: { state: "promoted" } });
  });

  test("takes no agent of the template, which stands beside tasks of the stack", async () => {
    const world = new World({
      ...oneModel(),
      service: { agent: { image: `node@sha256:${"c".repeat(64)}`, front: {} } },
    });
    world.health.green = counts(2);
    await deploy(world.context(), options);
    expect(world.config.slots.green.service.agent).toBeUndefined();
  });

  test("has no group for cohorts, which nobody would fill, also where the stack has them", async () => {
    const cohorts = { testToken: "0123456789abcdef0123456789abcdef", rollout: { cohorts: true } };
    const world = new World({ ...oneModel(), service: { testCidrs: ["10.0.0.0/8"] }, ...cohorts });
    world.health.green = counts(2);
    await deploy(world.context(), options);
    expect(world.config.slots.green.cohortGroup).toBe(false);
  });

  test("gets all its targets at once, also where tasks of ECS would follow the share", async () => {
    const world = new World({ ...oneModel(), rollout: { capacity: "share" } });
    world.health.green = counts(2);
    expect(await deploy(world.context(), options)).toMatchObject({ healthyTasks: 2 });
    expect(world.config.release?.prepared?.forPercent).toBeUndefined();
    expect(world.config.slots.green.minTasks).toBe(2);
  });

  test("counts the healthy targets where the users are on such a slot, and raises nothing there", async () => {
    const world = filled(oneModel(), "blue");
    world.health = { blue: counts(5), green: counts(5) };
    expect(await deploy(world.context(), options)).toMatchObject({ healthyTasks: 5 });
    expect(world.config.slots.blue.minTasks).toBe(2);
    expect(world.config.slots.green.minTasks).toBe(5);
  });
});

describe("deploy of tasks onto a slot that something else has filled", () => {
  test("is refused while targets are left there, and writes nothing", async () => {
    const world = filled(promoted(), "blue");
    await expect(deploy(world.context(), OF_ECS)).rejects.toMatchObject({ code: "BG352" });
    expect(world.updates).toBe(0);
  });

  test("goes on without any, those that leave apart", async () => {
    const world = filled(promoted(), "blue");
    world.health.blue = { ...counts(0), draining: 2 };
    world.onSleep = () => (world.health.blue = counts(2));
    expect(await deploy(world.context(), OF_ECS)).toMatchObject({ exitCode: 0, slot: "blue" });
    expect(world.config.slots.blue.service.kind).toBe("ecs");
  });
});

describe("a slot that something else fills", () => {
  test("is retired by whoever fills it: the command says what is left", async () => {
    const world = filled(promoted(), "blue");
    world.clock.advance(48 * 3_600_000);
    const left = await retire(world.context(), { giveUpStandby: true });
    expect(left).toMatchObject({ exitCode: 10, slot: "blue", tasks: 2 });
    expect(left.sentence).toContain("still has 2 targets: whoever registered them must remove them");
    world.health.blue = counts(0);
    expect(await retire(world.context(), { giveUpStandby: true })).toMatchObject({ exitCode: 0, tasks: 0 });
  });

  test("says after a revert that it has too few targets, and gets no tasks by it", async () => {
    const world = filled(promoted(), "blue");
    world.desired.green = 6;
    const back = await revert(world.context(), {
      routeArn: undefined,
      to: undefined,
      reason: "odd",
      wait: false,
      startedWallMs: 0,
    });
    expect(back).toMatchObject({ exitCode: 0, to: "blue" });
    expect(back.sentence).toContain("whoever fills blue must give it as many");
    expect(world.config.slots.blue.minTasks).toBe(2);
  });

  test("has no tasks to rotate and no log of the stack", async () => {
    const world = filled(candidateReady(), "green");
    await expect(rotate(world.context(), { slot: "green" })).rejects.toMatchObject({ code: "BG353" });
    await expect(logs(world.context(), "green", 10, undefined)).rejects.toMatchObject({ code: "BG353" });
  });

  test("is shown with its kind, and without alarms that it cannot have", async () => {
    const world = filled(candidateReady(), "green");
    const { slots } = await status(world.context());
    expect(slots.green.runs).toEqual({ kind: "external" });
    expect(slots.blue.runs).toEqual({ kind: "requested" });
  });
});

describe("what deploy is given", () => {
  const given = { model: undefined, external: true, digest: undefined, ofTasks: {} };
  const digest = `sha256:${"a".repeat(64)}`;

  test("is a digest, an image or a model of a registry", () => {
    expect(modelGiven({ ...given, digest })).toBe(`external@${digest}`);
    expect(modelGiven({ ...given, model: "models:/fraud/7" })).toBe("models:/fraud/7");
    expect(modelGiven({ ...given, external: false, model: "digits:1" })).toBe("digits:1");
  });

  test.each([
    ["nothing", given],
    ["both", { ...given, digest, model: "digits:1" }],
    ["a tag as a digest", { ...given, digest: "sha256:7" }],
    ["a digest of tasks of ECS", { ...given, digest, external: false }],
    ["no model of tasks of ECS", { ...given, external: false }],
    ["sizes of tasks", { ...given, digest, ofTasks: { cpu: 1024, memory: undefined } }],
  ])("is refused where it is %s", (_, wrong) => {
    expect(() => modelGiven(wrong)).toThrow(expect.objectContaining({ code: "BG350" }));
  });
});
