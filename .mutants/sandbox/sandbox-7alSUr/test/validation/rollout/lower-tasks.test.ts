import { describe, expect, test } from "vitest";
import { deploy } from "../../../validation/deploy/deploy.ts";
import { revert } from "../../../validation/rollback/revert.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { status } from "../../../validation/insight/status.ts";
import { step } from "../../../validation/rollout/step.ts";
import { candidateReady, DIGEST, oneModel, promoted, sharing, counts } from "../support/samples.ts";
import { World } from "../support/world.ts";

const MINUTE = 60_000;
const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;
const once = (world: World) => step(world.context(), ONCE);
const V2 = { image: DIGEST("b"), modelVersion: "2", minTasks: undefined, maxTasks: undefined, overrides: {} };

/** v2 on green, with the 7 tasks that scaling had given the users' slot; its own number is 2. */
function raised(raw: ReturnType<typeof candidateReady>) {
  const { green, release } = raw;
  return {
    ...raw,
    green: { ...green, minTasks: 7, maxTasks: 8 },
    release: { ...release, prepared: { own: 2, raised: 7 } },
  };
}
const busy = (raw: Record<string, unknown>) => {
  const world = new World(raw);
  world.health = { blue: counts(7), green: counts(7) };
  world.desired = { blue: 7, green: 7 };
  return world;
};

describe("tasks that were raised for a release", () => {
  test("are remembered by deploy, with the model's own number", async () => {
    const world = busy(oneModel());
    await deploy(world.context(), V2);
    expect(world.config.slots.green.minTasks).toBe(7);
    expect(world.config.release?.prepared).toEqual({ own: 2, raised: 7 });
    expect(world.config.slots.blue.minTasks).toBe(7);
    expect(world.config.release?.held).toEqual({ own: 2, raised: 7 });
    const asked = busy(oneModel());
    await deploy(asked.context(), { ...V2, minTasks: 7, maxTasks: 7 });
    expect(asked.config.release?.prepared).toBeUndefined();
  });

  test("are kept by the users' slot also where the candidate was told its own number", async () => {
    const world = busy(oneModel());
    await deploy(world.context(), { ...V2, minTasks: 3 });
    expect(world.config.slots.green.minTasks).toBe(3);
    expect(world.config.slots.blue.minTasks).toBe(7);
    expect(world.config.release).toMatchObject({ held: { own: 2, raised: 7 } });
    expect(world.config.release?.prepared).toBeUndefined();
    await rollout(world.context(), { pollMs: 10_000, skipTests: true });
    expect(world.config.release).toMatchObject({ state: "promoted" });
    expect(world.config.slots.green.minTasks).toBe(3);
    expect(world.config.slots.blue.minTasks).toBe(2);
  });

  test("are kept by the users' slot while the release is open, and given up by both slots after it", async () => {
    const world = busy(oneModel());
    await deploy(world.context(), V2);
    await rollout(world.context(), { pollMs: 10_000, skipTests: true });
    expect(world.config.release).toMatchObject({ state: "promoted" });
    expect(world.config.slots.green.minTasks).toBe(2);
    expect(world.config.slots.blue.minTasks).toBe(2);
    expect(world.config.release?.held).toBeUndefined();
  });

  test("are the users' own again after the release was rolled back, also where another deploy follows at once", async () => {
    const world = busy(oneModel());
    await deploy(world.context(), V2);
    world.failureRate.green = 0.5;
    await rollout(world.context(), { pollMs: 10_000, skipTests: true });
    expect(world.config.release).toMatchObject({ state: "rolledBack" });
    await deploy(world.context(), { ...V2, image: DIGEST("c"), modelVersion: "3" });
    expect(world.config.release?.held).toEqual({ own: 2, raised: 7 });
    expect(world.config.release?.prepared).toEqual({ own: 2, raised: 7 });
  });

  test("are taken away by the rollout that promotes it, once the old slot is drained, in an update of their own", async () => {
    const world = busy(raised(candidateReady()));
    const outcome = await rollout(world.context(), { pollMs: 10_000 });
    expect(outcome).toMatchObject({
      exitCode: 0,
      result: "promoted",
      last: { verdict: { kind: "promote" } },
    });
    expect(world.log.slice(-2)).toEqual([
      "route: bluegreen: release v2-g3 is promoted",
      "everything: bluegreen: green has at least 2 tasks again, after 7 for release v2-g3",
    ]);
    expect(world.config.slots.green).toMatchObject({ minTasks: 2, maxTasks: 8, modelVersion: "2" });
    expect(world.config.release).toMatchObject({ state: "promoted", id: "v2-g3" });
    expect(world.config.release?.prepared).toBeUndefined();
    const messages = world.events.map((event) => ("message" in event ? event.message : ""));
    expect(messages).toContain(
      "green keeps at least 7 tasks until blue is seen without requests; after that at least 2",
    );
    // Nothing is left: the next check finds the stack at rest.
    expect((await once(world)).sentence).toContain("nothing to do");
  });

  test("wait for the next step when the rollout was killed, and not for ever for a slot that is not drained", async () => {
    const world = busy(raised(promoted()));
    expect((await status(world.context())).next).toBe("npx bluegreen step");
    world.failing.metrics = "down";
    expect(await once(world)).toMatchObject({ exitCode: 0, finished: false });
    world.clock.advance(2 * 60 * MINUTE);
    expect(await once(world)).toMatchObject({ exitCode: 0, finished: true });
    expect(world.updates).toBe(0);
    world.failing = {};
    expect(await once(world)).toMatchObject({ exitCode: 0, finished: true });
    expect(world.config.slots.green.minTasks).toBe(2);
  });

  test("go from a candidate that was rolled back, too, and not from one that waits or has users", async () => {
    const waiting = raised(candidateReady());
    const release = { ...waiting.release, state: "running", weight: 10 };
    const world = busy({ ...waiting, greenWeight: 10, release });
    for (const one of [busy(waiting), world]) {
      one.clock.advance(2 * MINUTE);
      await once(one);
      expect(one.config.slots.green.minTasks).toBe(7);
    }
    const wanted = { routeArn: undefined, to: undefined, reason: "bad", startedWallMs: 0, wait: false };
    await revert(world.context(), wanted);
    world.clock.advance(5 * MINUTE);
    await once(world);
    expect(world.config.slots.green.minTasks).toBe(2);
    expect(world.config.release?.state).toBe("rolledBack");
  });

  test("stay when a person has asked for another number since", async () => {
    const one = raised(promoted());
    const world = busy({ ...one, green: { ...one.green, minTasks: 5 } });
    world.clock.advance(10 * MINUTE);
    expect((await once(world)).sentence).toContain("nothing to do");
    expect(world.config.slots.green.minTasks).toBe(5);
  });

  test("are not what the next model begins with", async () => {
    const world = busy(raised(promoted()));
    await deploy(world.context(), { ...V2, image: DIGEST("c"), modelVersion: "3" });
    expect(world.config.slots).toMatchObject({
      blue: { minTasks: 7 },
      // They serve its users now, so it keeps them for as long as this release is open.
      green: { minTasks: 7, modelVersion: "2" },
    });
    expect(world.config.release?.held).toEqual({ own: 2, raised: 7 });
    expect(world.config.release?.prepared).toEqual({ own: 2, raised: 7 });
  });
});

describe("users who go back to a slot with fewer tasks", () => {
  const REVERT = { routeArn: undefined, to: undefined, reason: "manually", startedWallMs: 0, wait: false };
  const small = (raw: Record<string, unknown>) => {
    const world = new World(raw);
    world.desired = { blue: 1, green: 4 };
    return world;
  };

  test("move first, and then it gets as many, in the same command, which says both numbers", async () => {
    const world = small({ ...promoted(), blue: { ...promoted().blue, minTasks: 1, maxTasks: 2 } });
    const { sentence, exitCode } = await revert(world.context(), REVERT);
    expect(exitCode).toBe(0);
    expect(sentence).toContain("blue has 1 task where green had 4 for the same users, and gets as many");
    expect(world.log).toEqual([
      "route: 100/0",
      "route: bluegreen: everyone to blue: manually",
      "everything: bluegreen: blue gets 4 tasks for the users that are back, after 1",
    ]);
    expect(world.config.slots.blue).toMatchObject({ minTasks: 4, maxTasks: 4, modelVersion: "1" });
    expect(world.config.release?.returned).toEqual({ own: 1, raised: 4 });
  });

  test("keep them until the other slot is drained, and then its own number is enough again", async () => {
    const world = small({ ...promoted(), blue: { ...promoted().blue, minTasks: 1 } });
    await revert(world.context(), REVERT);
    expect((await status(world.context())).next).toBe("npx bluegreen step");
    world.clock.advance(10 * MINUTE);
    expect((await once(world)).sentence).toContain("blue has at least 1 task again, after 4");
    expect(world.config.slots.blue.minTasks).toBe(1);
    expect(world.config.release?.returned).toBeUndefined();
    expect((await once(world)).sentence).toContain("nothing to do");
  });

  test("get them by the next step when the revert was killed before it could, once, and not against a person", async () => {
    const killed = async () => {
      const world = small({ ...promoted(), blue: { ...promoted().blue, minTasks: 1, maxTasks: 2 } });
      const context = world.context();
      await new Promise<void>((reached) => {
        const apply: typeof context.store.apply = (update) => {
          if (update.scope !== "everything") return context.store.apply(update);
          reached();
          return new Promise(() => {});
        };
        void revert({ ...context, store: { ...context.store, apply } }, REVERT);
      });
      return world;
    };
    const world = await killed();
    expect(world.config.slots.blue.minTasks).toBe(1);
    expect((await status(world.context())).next).toBe("npx bluegreen step");
    expect(await once(world)).toMatchObject({
      exitCode: 0,
      sentence:
        "blue gets 4 tasks for the users that are back, after 1: until they are healthy it may be slow or refuse some",
    });
    expect(world.config.slots.blue).toMatchObject({ minTasks: 4, maxTasks: 4, modelVersion: "1" });
    expect(world.config.release?.returned).toEqual({ own: 1, raised: 4 });
    world.clock.advance(10 * MINUTE);
    await once(world);
    expect(world.config.slots.blue.minTasks).toBe(1);
    expect((await once(world)).sentence).toContain("nothing to do");

    const other = await killed();
    other.apply({
      change: { blue: { ...promoted().blue, minTasks: 3 } },
      scope: "everything",
      refresh: false,
      message: "manually",
    });
    expect((await once(other)).sentence).toContain("nothing to do");
    expect(other.config.slots.blue.minTasks).toBe(3);
  });

  test("are told of both numbers when it cannot be given more", async () => {
    const world = small(promoted());
    const context = world.context();
    const apply: typeof context.store.apply = async (update) => {
      if (update.scope === "everything") return { kind: "failed", message: "no capacity", unknown: [] };
      return context.store.apply(update);
    };
    const { sentence, exitCode } = await revert({ ...context, store: { ...context.store, apply } }, REVERT);
    expect(exitCode).toBe(0);
    expect(sentence).toContain("blue has 1 task where green had 4");
    expect(sentence).toContain("pulumi config set --path blue.minTasks 4 && pulumi up");
  });

  test("are so, too, when a gate or the watchdog rolled most of them back, and not when it had few", async () => {
    for (const [share, raises] of [
      [90, true],
      [10, false],
    ] as const) {
      const raw = sharing(share);
      const world = small({ ...raw, rollout: { ...raw.rollout, steps: [10, 90, 100] } });
      world.setLive(100);
      expect((await once(world)).exitCode).toBe(20);
      expect(world.config.slots.blue.minTasks).toBe(raises ? 4 : 2);
    }
  });
});
