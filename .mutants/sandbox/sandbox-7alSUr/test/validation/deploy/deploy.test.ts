import { describe, expect, test } from "vitest";
import { deploy } from "../../../validation/deploy/deploy.ts";
import type { DeployOptions } from "../../../validation/deploy/options.ts";
import { killedAt } from "../support/killed-at.ts";
import { candidateReady, DIGEST, oneModel, promoted, sharing, counts } from "../support/samples.ts";
import { World } from "../support/world.ts";

const V2: DeployOptions = {
  image: DIGEST("b"),
  modelVersion: "2",
  minTasks: undefined,
  maxTasks: undefined,
  overrides: {},
};
const run = (world: World, own: Partial<DeployOptions> = {}) => deploy(world.context(), { ...V2, ...own });
const healthy = (world: World) => {
  world.health = { blue: counts(2), green: counts(2) };
  return world;
};
const empty = () => ({ rollout: oneModel().rollout });

describe("deploy", () => {
  test("puts the model onto the idle slot, with no users and as many tasks as the active slot", async () => {
    const world = healthy(new World(oneModel()));
    const outcome = await run(world);
    expect(outcome).toMatchObject({ exitCode: 0, slot: "green", healthyTasks: 2 });
    expect(world.config.slots.green).toMatchObject({
      image: V2.image,
      modelVersion: "2",
      minTasks: 2,
      maxTasks: 4,
    });
    expect(world.config.release).toMatchObject({ id: "v2-g4", slot: "green", state: "deployed", weight: 0 });
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.log).toEqual([`everything: bluegreen: 2 (${V2.image}) onto green`]);
  });

  test("gives it as many tasks as scaling has given the users' slot, and says for how long", async () => {
    const world = healthy(new World(oneModel()));
    world.desired.blue = 7;
    world.health = { blue: counts(7), green: counts(7) };
    await run(world);
    expect(world.config.slots.green).toMatchObject({ minTasks: 7, maxTasks: 7 });
    expect(world.events).toContainEqual({
      kind: "note",
      message: expect.stringContaining(
        "blue has 7 tasks for its users, 2 at least of its own: it keeps them while the release is open, green gets as many",
      ),
    });
    // The same command again, after the users have become fewer, deploys nothing anew.
    world.desired.blue = 3;
    await run(world);
    expect(world.updates).toBe(1);
    expect(world.config.slots.green.minTasks).toBe(7);
  });

  test("takes the number that it is told, whatever scaling has done", async () => {
    const world = healthy(new World(oneModel()));
    world.desired.blue = 7;
    await run(world, { minTasks: 1 });
    expect(world.config.slots.green).toMatchObject({ minTasks: 1, maxTasks: 4 });
  });

  test("cancels the lock of a process that is gone, and leaves that of one that may be alive", async () => {
    const world = healthy(new World(oneModel()));
    world.locks = [{ who: "me@here (pid 7)", dead: true }];
    expect(await run(world)).toMatchObject({ exitCode: 0 });
    expect(world.log[0]).toBe("lock broken");
    world.locks = [{ who: "ann@ci (pid 7)", dead: false }];
    await expect(run(world, { modelVersion: "3" })).rejects.toMatchObject({ code: "BG131" });
  });

  test("goes to blue when green is active, and takes nothing over from the model that was there", async () => {
    const world = healthy(
      new World({ ...promoted(), blue: { ...oneModel().blue, overrides: { cpu: 1024, memory: 2048 } } }),
    );
    world.health.blue = counts(3);
    expect(await run(world, { modelVersion: "3", minTasks: 3 })).toMatchObject({ slot: "blue" });
    expect(world.config.slots.blue).toMatchObject({
      minTasks: 3,
      overrides: { cpu: undefined, memory: undefined },
    });
  });

  test("gives the first model of a stack the active slot, and promotes it once it is healthy", async () => {
    const world = healthy(new World(empty()));
    const outcome = await run(world);
    expect(outcome).toMatchObject({ slot: "blue", release: { state: "promoted" } });
    expect(world.config).toMatchObject({ activeSlot: "blue", split: { blue: 100, green: 0 } });
  });

  test("replaces a first model that never became healthy", async () => {
    const world = new World({
      ...empty(),
      ...oneModel(),
      release: { ...candidateReady().release, slot: "blue" },
    });
    healthy(world);
    expect(await run(world)).toMatchObject({ slot: "blue", release: { state: "promoted" } });
  });

  test("takes a candidate that a person has made the active slot for the model of all users, not for a first one", async () => {
    const world = healthy(new World({ ...candidateReady(), activeSlot: "green" }));
    const outcome = await run(world, { image: DIGEST("c"), modelVersion: "3" });
    expect(outcome).toMatchObject({ slot: "blue", release: { state: "deployed", slot: "blue" } });
    expect(world.config.slots.green.modelVersion).toBe("2");
  });

  test.each([
    ["a release is running", sharing(10), "BG110"],
    [
      "the idle slot was shifted users manually",
      { ...candidateReady(), release: {}, greenWeight: 5 },
      "BG111",
    ],
  ])("refuses while %s", async (_why, raw, code) => {
    const world = new World(raw);
    await expect(run(world)).rejects.toMatchObject({ code, exitCode: 64 });
    expect(world.updates).toBe(0);
  });

  test("refuses while users are on the idle slot that nobody configured", async () => {
    const world = new World(oneModel());
    world.setLive(95);
    await expect(run(world)).rejects.toMatchObject({ code: "BG111" });
  });

  test("refuses at once what the first share would refuse: an image that is not pinned", async () => {
    const world = new World(oneModel());
    await expect(run(world, { image: "repo/model:latest" })).rejects.toMatchObject({ code: "BG112" });
    expect(world.updates).toBe(0);
    await expect(run(world, { minTasks: 5, maxTasks: 2 })).rejects.toThrow(
      "green.maxTasks is 2; allowed: at least green.minTasks, 5. Fix it: npx bluegreen deploy … --max-tasks <number>",
    );
  });

  test("hands on what the program refuses as the person's to fix, everything else as Pulumi's", async () => {
    const world = new World(oneModel());
    const problem = "1 problem in the stack configuration:\n      - blue.image is a; allowed: b. Fix it: c";
    world.failing = { apply: `pulumi:pulumi:Stack (fraud-model-test):\n    error: ${problem}` };
    const refused = run(world);
    await expect(refused).rejects.toMatchObject({ code: "BG133", exitCode: 64 });
    await expect(refused).rejects.toThrow(
      `The program refuses the update, and nothing was changed. ${problem}`,
    );
    world.failing = { apply: "aws:ecs/service:Service (green):\n    error: AccessDenied" };
    await expect(run(world)).rejects.toMatchObject({ code: "BG130", exitCode: 70 });
  });

  test("waits for the deployment and for every task", async () => {
    const world = new World(oneModel());
    world.health.green = counts(0, { initial: 2 });
    world.rollout.green.state = "IN_PROGRESS";
    let sleeps = 0;
    world.onSleep = () => {
      sleeps += 1;
      if (sleeps === 2) world.health.green = counts(2);
      if (sleeps === 4) world.rollout.green.state = "COMPLETED";
    };
    await run(world);
    expect(sleeps).toBe(4);
    expect(world.events).toContainEqual({
      kind: "preparing",
      slot: "green",
      healthy: 2,
      needed: 2,
      rolloutState: "IN_PROGRESS",
      checks: [],
    });
  });

  test("says what ECS said when it gives the deployment up", async () => {
    for (const rollout of [{ state: "FAILED" }, { state: "COMPLETED", task: "arn:task/green:old" }]) {
      const world = new World(oneModel());
      world.health.green = counts(0);
      world.rollout.green = rollout;
      await expect(run(world)).rejects.toMatchObject({ code: "BG140", exitCode: 10 });
      await expect(run(world)).rejects.toThrow("ECS: said\n  Its log: the log of green.");
      await expect(run(world)).rejects.toThrow(
        rollout.state === "FAILED"
          ? "2 of 2 tasks run"
          : "ECS went back to green:old. green:2, which was requested, does not run. green: ECS: said",
      );
    }
  });

  test("gives a model the time that the machine needs to start it, however fast the cloud's clock runs", async () => {
    const world = new World({ ...oneModel(), service: { startupSeconds: 60 } });
    world.health.green = counts(0, { initial: 2 });
    const startMs = world.clock.now();
    const wall = () => startMs + (world.clock.now() - startMs) / 30;
    // 110 real seconds are 55 virtual minutes.
    world.onSleep = () => {
      if (wall() - startMs >= 110_000) world.health.green = counts(2);
    };
    const context = world.context();
    const outcome = await deploy({ ...context, clock: { ...context.clock, wall } }, V2);
    expect(outcome).toMatchObject({ exitCode: 0, healthyTasks: 2 });
  });

  test("follows a running release that a person has switched everyone to", async () => {
    const world = new World({ ...sharing(50), greenWeight: 0, activeSlot: "green" });
    expect(await run(world, { image: DIGEST("c"), modelVersion: "3" })).toMatchObject({ slot: "blue" });
  });

  test("counts no target of the model before as the candidate's while ECS goes back to it", async () => {
    const world = new World(oneModel());
    world.health.green = counts(2);
    world.rollout.green = { state: "IN_PROGRESS", task: "arn:task/green:1" };
    world.onSleep = () => {
      world.rollout.green.state = "COMPLETED";
    };
    await expect(run(world)).rejects.toMatchObject({ code: "BG140" });
    const preparing = world.events.filter(({ kind }) => kind === "preparing");
    expect(preparing).toMatchObject([{ instead: "green:1" }, { instead: "green:1" }]);
  });

  test("shows the log of a task that failed, not of the model that ECS went back to", async () => {
    const world = new World(oneModel());
    world.rollout.green = { state: "COMPLETED", task: "arn:task/green:1" };
    world.logs = [
      { taskId: "c", taskDefinition: "green:1", lines: ["serving as ever"] },
      { taskId: "b", taskDefinition: "green:2", lines: ["models/7.bin is missing"] },
    ];
    await expect(run(world)).rejects.toThrow(
      "The log of its task b (green:2), the log of green, ends with:\n    models/7.bin is missing",
    );
    const parts = { taskId: "b", taskDefinition: "green:2" };
    world.logs = [
      { ...parts, container: "agent", lines: ["waits for the model"] },
      { ...parts, container: "model", lines: ["models/7.bin is missing"] },
      { taskId: "c", taskDefinition: "green:1", lines: ["serving as ever"] },
    ];
    await expect(run(world)).rejects.toThrow(
      "ends with:\n    agent: waits for the model\n    model: models/7.bin is missing",
    );
    world.logs = world.logs.toReversed();
    // Its image was not found: it never wrote a line.
    world.logs = world.logs.slice(0, 1);
    await expect(run(world)).rejects.toThrow("\n  Its log: the log of green.");
  });

  test("gives a model that never becomes healthy up after a bounded time, users untouched", async () => {
    const world = new World(oneModel());
    world.health.green = counts(0, { unhealthy: 2 });
    world.rollout.green.state = "IN_PROGRESS";
    world.logs = [{ taskId: "1", lines: ["loading the model", "models/7.bin is missing"] }];
    const refused = run(world);
    await expect(refused).rejects.toMatchObject({ code: "BG141", exitCode: 10 });
    const message = [
      "The candidate did not become healthy in time. No user was on it. green: 2 of 2 tasks run, 0 have failed. why",
      "  ECS: said",
      "  Its health checks: Health checks failed with these codes: [500].",
      "  Its log, the log of green, ends with:",
      "    loading the model",
      "    models/7.bin is missing",
    ];
    await expect(refused).rejects.toThrow(message.join("\n"));
    expect(world.live).toEqual({ blue: 100, green: 0 });
  });

  test("killed at any of its calls and started again, it ends with the same slot and one release", async () => {
    for (const raw of [oneModel(), empty()]) {
      const reference = healthy(new World(raw));
      const counted = killedAt(reference.context(), Number.POSITIVE_INFINITY, "before");
      await deploy(counted.context, V2);
      for (const when of ["before", "after"] as const) {
        for (let n = 1; n <= counted.calls(); n += 1) {
          const world = healthy(new World(raw));
          const first = killedAt(world.context(), n, when);
          await Promise.race([deploy(first.context, V2), first.killed]);
          const alreadyPromoted = world.config.release?.state === "promoted";
          if (!alreadyPromoted) await run(world);
          const end = ({ config, live }: World) => [
            config.activeSlot,
            config.release?.id,
            config.release?.state,
            live,
          ];
          expect(end(world)).toEqual(end(reference));
          expect(world.log.filter((line) => line.startsWith("everything"))).toHaveLength(1);
        }
      }
    }
  });
});
