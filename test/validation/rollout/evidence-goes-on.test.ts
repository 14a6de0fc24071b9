import { describe, expect, test } from "vitest";
import { deploy } from "../../../validation/deploy/deploy.ts";
import { revert } from "../../../validation/rollback/revert.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { candidateReady, DIGEST } from "../support/samples.ts";
import { World } from "../support/world.ts";

const OPTIONS = {
  image: DIGEST("b"),
  modelVersion: "2",
  minTasks: undefined,
  maxTasks: undefined,
  overrides: {},
};
const ROLLOUT = { pollMs: 30_000, skipTests: true };
const MINUTE = 60_000;

/** A release that has users for a while and ends as `end` has it. */
async function released(failing: number, end: (world: World) => Promise<unknown>): Promise<World> {
  const world = new World(candidateReady());
  world.failureRate.green = failing;
  await end(world);
  return world;
}

const manual = async (world: World) => {
  let looks = 0;
  world.onSleep = () => {
    looks += 1;
    if (looks === 6) throw new Error("stop");
  };
  await expect(rollout(world.context(), ROLLOUT)).rejects.toThrow("stop");
  world.onSleep = () => {};
  const options = { routeArn: undefined, to: undefined, reason: "manually", wait: false, startedWallMs: 0 };
  await revert(world.context(), options);
};
const byGates = (world: World) => rollout(world.context(), ROLLOUT);

describe("the evidence about a digest", () => {
  test("is counted from the first share on, and closed when users are rolled back", async () => {
    const world = await released(0, manual);
    const [window, ...others] = world.config.release?.compared?.windows ?? [];
    expect(others).toEqual([]);
    expect(Date.parse(window?.to ?? "") - Date.parse(window?.from ?? "")).toBeGreaterThan(2 * MINUTE);
    expect(world.config.release?.compared).toMatchObject({ active: DIGEST("a"), attempt: 1 });
  });

  test("goes on when the same digest is deployed again beside the same model", async () => {
    const world = await released(0, manual);
    const before = world.config.release?.compared;
    await deploy(world.context(), OPTIONS);
    expect(world.config.release).toMatchObject({ state: "deployed", compared: before });
  });

  test("refuses a digest that the gates rolled back, until a deliberate fresh start", async () => {
    const world = await released(0.3, byGates);
    expect(world.config.release).toMatchObject({
      state: "rolledBack",
      compared: { refused: expect.any(String) },
    });
    world.failureRate.green = 0;
    await deploy(world.context(), OPTIONS);
    const beganMs = world.clock.now();
    const again = await rollout(world.context(), ROLLOUT);
    expect(again).toMatchObject({ exitCode: 10, result: "waits" });
    expect(again.sentence).toContain("refused, because of what it has shown before: the gates rolled");
    // It does not wait for a deadline: no time changes what was.
    expect(world.clock.now() - beganMs).toBeLessThan(MINUTE);
    expect(world.live).toEqual({ blue: 100, green: 0 });

    const fresh = { ...OPTIONS, resetAnalysis: true };
    for (const _again of [1, 2]) {
      await deploy(world.context(), fresh);
      const { schedule, ...anew } = world.config.release?.compared ?? {};
      expect(anew).toEqual({ active: DIGEST("a"), attempt: 2, windows: [] });
      // What a step must show is not chosen again by what was seen.
      expect(schedule).toBeDefined();
    }
    expect(await rollout(world.context(), ROLLOUT)).toMatchObject({ result: "promoted" });
  });

  test("is none for another digest", async () => {
    const world = await released(0.3, byGates);
    await deploy(world.context(), { ...OPTIONS, image: DIGEST("c") });
    expect(world.config.release?.compared).toBeUndefined();
  });

  test("stops a deploy when the history cannot be read: that must not become a fresh start", async () => {
    const world = new World(candidateReady());
    const context = world.context();
    const store = { ...context.store, updates: async () => Promise.reject(new Error("the backend is away")) };
    const deployed = deploy({ ...context, store }, { ...OPTIONS, image: DIGEST("c") });
    await expect(deployed).rejects.toMatchObject({ code: "BG183" });
  });
});
