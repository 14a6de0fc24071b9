import { describe, expect, test } from "vitest";
import { deploy } from "../../../validation/deploy/deploy.ts";
import { revert } from "../../../validation/rollback/revert.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { step } from "../../../validation/rollout/step.ts";
import { promoteNow } from "../../../validation/steering/promote.ts";
import { DIGEST } from "../support/samples.ts";
import { Fleet } from "../support/fleet.ts";

const MINUTE = 60_000;
const START = { start: true, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined, skipTests: true };
const V2 = { image: DIGEST("b"), modelVersion: "2", minTasks: undefined, maxTasks: undefined, overrides: {} };

/** With 20 % headroom, of 20 tasks. */
const SHARES = [
  [10, 3],
  [25, 6],
  [50, 12],
  [100, 20],
] as const;

const released = async (world: Fleet) => {
  await deploy(world.context(), V2);
  return rollout(world.context(), { pollMs: 30_000, skipTests: true });
};

describe("a candidate whose tasks follow its share", () => {
  test("has what its share needs, healthy, before it gets it, and everyone's tasks before everyone", async () => {
    const world = new Fleet();
    const outcome = await released(world);
    expect(outcome).toMatchObject({ exitCode: 0, result: "promoted" });
    expect(world.healthyAt).toEqual(["10 %: 3", "25 %: 6", "50 %: 12", "100 %: 20"]);
    // The users' slot keeps its tasks until the promotion, and is a standby with all of them.
    expect(world.config.slots).toMatchObject({ blue: { minTasks: 20 }, green: { minTasks: 20 } });
    // Tasks and users never move in one update.
    expect(world.log).toEqual([
      expect.stringContaining("everything: bluegreen: 2 ("),
      "route: bluegreen: release v2-g4 (--skip-tests: it was not tested) starts at 10 %".replace(
        "v2-g4",
        world.config.release?.id ?? "",
      ),
      expect.stringContaining("everything: bluegreen: release"),
      expect.stringContaining("advances to 25 %"),
      expect.stringContaining("green gets 12 tasks before it gets 50 %, after 6"),
      expect.stringContaining("advances to 50 %"),
      expect.stringContaining("green gets 20 tasks before it gets 100 %, after 12"),
      expect.stringContaining("advances to 100 %"),
      expect.stringContaining("is promoted"),
    ]);
  });

  test("gets as many as everyone at once where the policy says full, or a person names a number", async () => {
    const world = new Fleet({ capacity: "full" });
    await released(world);
    expect(world.healthyAt).toEqual(["10 %: 20", "25 %: 20", "50 %: 20", "100 %: 20"]);
    const named = new Fleet();
    await deploy(named.context(), { ...V2, minTasks: 5 });
    expect(named.config.release?.prepared).toBeUndefined();
    expect(named.config.slots.green.minTasks).toBe(5);
  });

  test("gets everyone's tasks before its next share when the policy is changed to full meanwhile", async () => {
    const world = new Fleet();
    await deploy(world.context(), V2);
    const { rollout: policy } = JSON.parse(
      JSON.stringify({ rollout: JSON.parse(world.raw["rollout"] ?? "{}") }),
    );
    world.raw = { ...world.raw, rollout: JSON.stringify({ ...policy, capacity: "full" }) };
    await rollout(world.context(), { pollMs: 30_000, skipTests: true });
    expect(world.healthyAt[0]).toBe("10 %: 20");
  });

  test("has its tasks started within the bake, and none while something else keeps it from its next share", async () => {
    const world = new Fleet({ bakeMinutes: 10 });
    await deploy(world.context(), V2);
    await rollout(world.context(), { pollMs: 60_000, skipTests: true });
    const [first = 0, second = 0] = world.shares.map(({ atMs }) => atMs);
    expect((second - first) / MINUTE).toBeLessThan(10.5);
    const asked = world.tasks.find(({ slot, tasks }) => slot === "green" && tasks === 6);
    expect(((asked?.atMs ?? 0) - first) / MINUTE).toBeGreaterThan(6);

    const approved = new Fleet({ bakeMinutes: 10, approvals: [25] });
    await deploy(approved.context(), V2);
    await rollout(approved.context(), { pollMs: 60_000, skipTests: true, noWait: true });
    expect(approved.config).toMatchObject({ split: { green: 10 }, slots: { green: { minTasks: 3 } } });

    const silent = new Fleet({ bakeMinutes: 10, minRequests: 1_000_000 });
    await deploy(silent.context(), V2);
    await rollout(silent.context(), { pollMs: 60_000, skipTests: true });
    expect(silent.config).toMatchObject({ split: { green: 10 }, slots: { green: { minTasks: 3 } } });
  });

  test("follows the users who have become more by what scaling has added, and takes nothing of that away", async () => {
    const world = new Fleet();
    await deploy(world.context(), V2);
    world.onSleep = () => {
      // It needs 5 tasks for 10 %; new tasks are busy while they load, and scaling adds one to any number.
      const { split, slots } = world.config;
      world.scaled.green =
        split.green === 0 ? 0 : Math.max(5, slots.green.minTasks + (split.green === 10 ? 1 : 0));
      world.follow();
    };
    await rollout(world.context(), { pollMs: 30_000, skipTests: true });
    expect(world.healthyAt.slice(0, 2)).toEqual(["10 %: 3", "25 %: 13"]);
    expect(world.config.release).toMatchObject({ state: "promoted" });
  });

  test("counts what scaling has added to the users' slot since its deploy", async () => {
    const world = new Fleet();
    await deploy(world.context(), V2);
    world.scaled.blue = 30;
    world.follow();
    await rollout(world.context(), { pollMs: 30_000, skipTests: true });
    expect(world.healthyAt).toEqual(["10 %: 4", "25 %: 9", "50 %: 18", "100 %: 30"]);
    // What the release has raised beyond the model's own number goes again.
    expect(world.config.slots.green.minTasks).toBe(20);
  });

  test("gets no share while nobody can read how many tasks there are", async () => {
    const world = new Fleet();
    await deploy(world.context(), V2);
    await step(world.context(), START);
    for (let minute = 0; minute < 5; minute += 1) {
      world.clock.advance(MINUTE);
      world.follow();
    }
    const services = world.context().services;
    let reads = 0;
    const context = {
      ...world.context(),
      services: {
        read: async (...args: Parameters<typeof services.read>) => {
          reads += 1;
          // The gates could read it a moment ago.
          if (reads > 1) throw new Error("ECS is down");
          return services.read(...args);
        },
      },
    };
    const outcome = await step(context, START);
    expect(outcome).toMatchObject({ exitCode: 0, finished: false });
    expect(outcome.sentence).toContain("ECS is down");
    expect(world.config.split.green).toBe(10);
  });

  test("keeps its share, its clock and its evidence while tasks are added, and has time for them", async () => {
    const world = new Fleet({ bakeMinutes: 29 });
    await deploy(world.context(), V2);
    await step(world.context(), START);
    const before = world.config.release;
    world.clock.advance(29 * MINUTE);
    world.follow();
    const outcome = await step(world.context(), START);
    expect(outcome.sentence).toBe("green gets 6 tasks before it gets 25 %, after 3");
    const after = world.config.release;
    expect(after).toMatchObject({ weight: 10, stepSince: before?.stepSince, compared: before?.compared });
    expect(Date.parse(after?.deadline ?? "")).toBeGreaterThan(Date.parse(before?.deadline ?? ""));
    expect(Date.parse(after?.liveSince ?? "")).toBeLessThan(world.clock.now() - 28 * MINUTE);
  });

  test("is rolled back from every step at once, without a start: the users' slot has kept its tasks", async () => {
    for (const [share, tasks] of SHARES) {
      const world = new Fleet();
      await deploy(world.context(), V2);
      world.onSleep = () => {
        world.follow();
        if (world.config.split.green === share) world.failureRate.green = 0.9;
      };
      const outcome = await rollout(world.context(), { pollMs: 30_000, skipTests: true });
      expect(outcome).toMatchObject({ result: "rolledBack", exitCode: 20 });
      expect(outcome.sentence).toContain(`green is rolled back from ${share} %`);
      expect(world.live).toEqual({ blue: 100, green: 0 });
      // The route is written before anything else, and in the moment in which it was decided.
      expect(world.log.slice(-2)).toEqual(["route: 100/0", expect.stringContaining("everyone to blue")]);
      expect(world.tasks.filter(({ slot }) => slot === "blue")).toHaveLength(1);
      expect(world.health.blue.healthy).toBe(20);
      expect(world.config.slots.green.minTasks).toBe(tasks);
    }
  });

  test("is given back whole by a revert from every step, within a second: no task has to start", async () => {
    for (const [share, tasks] of SHARES) {
      const world = new Fleet();
      await deploy(world.context(), V2);
      for (let looks = 0; looks < 200 && world.config.split.green < share; looks += 1) {
        await step(world.context(), START);
        world.clock.advance(MINUTE / 2);
        world.follow();
      }
      expect(world.config.split.green).toBe(share);
      const before = world.log.length;
      const outcome = await revert(world.context(), {
        routeArn: undefined,
        to: undefined,
        reason: "no",
        startedWallMs: world.context().clock.wall(),
        wait: false,
      });
      expect(outcome).toMatchObject({ exitCode: 0, to: "blue" });
      // Of the clock, on which an update of Pulumi takes two seconds and a task two minutes: it waits for neither.
      expect(outcome.seconds).toBeLessThanOrEqual(1);
      expect(world.log[before]).toBe("route: 100/0");
      expect(world.live).toEqual({ blue: 100, green: 0 });
      expect(world.tasks.filter(({ slot }) => slot === "blue")).toHaveLength(1);
      expect(world.config.slots).toMatchObject({ blue: { minTasks: 20 }, green: { minTasks: tasks } });
      // What it was rolled back with is enough for a model without users.
      await step(world.context(), START);
      expect(world.config.slots.green.minTasks).toBe(tasks);
    }
  });

  test("is not promoted at once by a person before it has everyone's tasks", async () => {
    const world = new Fleet();
    await deploy(world.context(), V2);
    await step(world.context(), START);
    world.clock.advance(10 * MINUTE);
    world.follow();
    const promoted = await promoteNow(world.context(), { reason: "now", withoutEvidence: true });
    expect(promoted).toMatchObject({ promoted: false, exitCode: 10 });
    expect(promoted.sentence).toContain("pulumi config set --path green.minTasks 20 && pulumi up");
  });

  test("takes the place of a former model with all its tasks, and scaling has its room again before the first users", async () => {
    const world = new Fleet();
    await released(world);
    expect(world.desired).toEqual({ blue: 20, green: 20 });
    const V3 = { ...V2, image: DIGEST("c"), modelVersion: "3" };
    await deploy(world.context(), V3);
    expect(world.desired).toEqual({ blue: 3, green: 20 });
    expect(world.config.slots.blue).toMatchObject({ minTasks: 3, maxTasks: 3 });
    // The same command once more waits for the same.
    const { updates } = world;
    await deploy(world.context(), V3);
    expect(world.updates).toBe(updates);
    const first = await step(world.context(), START);
    expect(first.sentence).toBe("scaling may give blue up to 40 tasks again before it gets 10 %, after 3");
    expect(world.config).toMatchObject({
      slots: { blue: { minTasks: 3, maxTasks: 40 } },
      split: { blue: 0 },
    });
    expect(world.config.release?.prepared).toEqual({ own: 20, raised: 3, forPercent: 10 });
    await step(world.context(), START);
    expect(world.config.split.blue).toBe(10);
    const outcome = await rollout(world.context(), { pollMs: 30_000, skipTests: true });
    expect(outcome).toMatchObject({ result: "promoted" });
    expect(world.config.slots.blue).toMatchObject({ minTasks: 20, maxTasks: 40 });
  });

  test("made the active slot manually gets its own number of tasks by the next step", async () => {
    const world = new Fleet();
    await deploy(world.context(), V2);
    const { release } = world.config;
    world.raw = {
      ...world.raw,
      activeSlot: "green",
      release: JSON.stringify({
        ...release,
        state: "promoted",
        weight: 100,
        stepSince: "2026-01-01T00:00:00.000Z",
      }),
    };
    world.setLive(0);
    const outcome = await step(world.context(), START);
    expect(outcome.situation).toBe("settled");
    expect(world.config.slots.green.minTasks).toBe(20);
  });
});
