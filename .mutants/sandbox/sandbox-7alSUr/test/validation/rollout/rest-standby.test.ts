import { describe, expect, test } from "vitest";
import { deploy } from "../../../validation/deploy/deploy.ts";
import { revert } from "../../../validation/rollback/revert.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { step } from "../../../validation/rollout/step.ts";
import { Fleet } from "../support/fleet.ts";
import { DIGEST } from "../support/samples.ts";

const HOUR = 3_600_000;
const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;
const V2 = { image: DIGEST("b"), modelVersion: "2", minTasks: undefined, maxTasks: undefined, overrides: {} };
const REVERT = { routeArn: undefined, to: undefined, reason: "no", startedWallMs: 0, wait: false };

/** v2 on green was promoted an hour ago; blue, with 20 tasks, stands by. */
async function promoted(policy: object) {
  const world = new Fleet({ keepStandbyHours: 2, ...policy });
  await deploy(world.context(), V2);
  await rollout(world.context(), { pollMs: 60_000, skipTests: true });
  world.clock.advance(HOUR);
  return world;
}
const once = (world: Fleet) => step(world.context(), ONCE);

describe("a standby", () => {
  test("keeps all its tasks for as long as the policy wants it warm, and for ever where nothing else is said", async () => {
    for (const [standby, hours] of [
      ["warm", 1000],
      ["share", 0],
      ["cold", 0],
    ] as const) {
      const world = await promoted({ standby });
      world.clock.advance(hours * HOUR);
      expect((await once(world)).sentence).toContain("nothing to do");
      expect(world.config.slots.blue.minTasks).toBe(20);
    }
  });

  test("is left what the first share needs, or nothing, once its time has come and it is drained", async () => {
    for (const [standby, tasks] of [
      ["share", 3],
      ["cold", 0],
    ] as const) {
      const world = await promoted({ standby });
      world.clock.advance(HOUR);
      world.failing.metrics = "down";
      expect(await once(world)).toMatchObject({ exitCode: 0, finished: true });
      expect(world.config.slots.blue.minTasks).toBe(20);
      world.failing = {};
      expect((await once(world)).sentence).toContain(
        "pulumi config set --path blue.minTasks 20 && pulumi up",
      );
      expect(world.config.slots.blue.minTasks).toBe(tasks);
      expect(world.config.slots.green.minTasks).toBe(20);
      expect((await once(world)).sentence).toContain("nothing to do");
    }
  });

  test("that a person has given its tasks back is left alone", async () => {
    const world = await promoted({ standby: "share" });
    world.clock.advance(HOUR);
    await once(world);
    world.raw = {
      ...world.raw,
      blue: JSON.stringify({ ...JSON.parse(world.raw["blue"] ?? ""), minTasks: 20 }),
    };
    expect((await once(world)).sentence).toContain("nothing to do");
    expect(world.config.slots.blue.minTasks).toBe(20);
  });

  test("to which everyone goes back gets as many as served them, and its own number in the end", async () => {
    const world = await promoted({ standby: "share" });
    world.clock.advance(HOUR);
    await once(world);
    // Scaling takes what nobody needs, down to the minimum.
    world.scaled = { blue: 3, green: 25 };
    world.follow();
    const outcome = await revert(world.context(), REVERT);
    expect(outcome.sentence).toContain("blue has 3 tasks where green had 25");
    expect(world.config).toMatchObject({ activeSlot: "blue", slots: { blue: { minTasks: 25 } } });
    world.clock.advance(HOUR);
    await once(world);
    expect(world.config.slots.blue.minTasks).toBe(20);
  });

  test("has its own number again, too, where a person has made it the active slot without a verb", async () => {
    const world = await promoted({ standby: "share" });
    world.clock.advance(HOUR);
    await once(world);
    world.raw = { ...world.raw, activeSlot: "blue" };
    world.setLive(100);
    await once(world);
    expect(world.config.slots.blue.minTasks).toBe(20);
  });

  test("gets them by the next step where whoever reverted was killed before", async () => {
    const world = await promoted({ standby: "share" });
    world.clock.advance(HOUR);
    await once(world);
    world.scaled.blue = 3;
    world.follow();
    const context = world.context();
    const killed = {
      ...context,
      store: {
        ...context.store,
        apply: async (update: Parameters<typeof context.store.apply>[0]) => {
          if (update.scope === "everything") throw new Error("killed");
          return context.store.apply(update);
        },
      },
    };
    await revert(killed, REVERT);
    expect(world.config).toMatchObject({ activeSlot: "blue", slots: { blue: { minTasks: 3 } } });
    await once(world);
    expect(world.config.slots.blue.minTasks).toBe(20);
  });

  test("that rests has its own number again when few tasks serve everyone it gets back", async () => {
    const world = await promoted({ standby: "share" });
    world.clock.advance(HOUR);
    await once(world);
    world.desired = { blue: 3, green: 3 };
    world.onSleep = () => {};
    const context = world.context();
    await revert(
      {
        ...context,
        services: {
          read: async (...args: Parameters<typeof context.services.read>) => {
            const read = await context.services.read(...args);
            return new Map([...read].map(([name, one]) => [name, { ...one, desired: 3 }]));
          },
        },
      },
      REVERT,
    );
    expect(world.config.slots.blue.minTasks).toBe(3);
    world.clock.advance(HOUR);
    await once(world);
    expect(world.config.slots.blue.minTasks).toBe(20);
  });
});
