import { describe, expect, it } from "vitest";
import { readRetreatMark } from "../../../contract/route/route-tags.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { resume } from "../../../validation/steering/steering.ts";
import { step } from "../../../validation/rollout/step.ts";
import { candidateReady } from "../support/samples.ts";
import { World } from "../support/world.ts";

const ROLLOUT = { pollMs: 30_000, skipTests: true };
const MINUTE = 60_000;

/** A candidate that fails for some minutes of its first share, as often as doubt needs and proof does not. */
function stumbling(own: Readonly<Record<string, unknown>> = {}): World {
  const raw = candidateReady();
  const world = new World({ ...raw, rollout: { ...raw.rollout, bakeMinutes: 20, ...own } });
  world.failureRate.green = 0.04;
  return world;
}

/** Lives until the route has what is wanted. */
async function until(world: World, green: number): Promise<void> {
  const context = world.context();
  for (let turn = 0; turn < 200 && world.live.green !== green; turn++) {
    await step(context, { start: true, startDeadlineMs: Infinity, agreed: undefined, skipTests: true });
    await context.clock.sleep(30_000);
  }
  expect(world.live.green).toBe(green);
}

describe("a release whose candidate is in doubt", () => {
  it("gives all its users back at once, stays open, and refuses no digest", async () => {
    const world = stumbling();
    await until(world, 10);
    await until(world, 0);
    expect(world.emergencyWrites).toBe(1);
    const { release } = world.config;
    expect(release).toMatchObject({ state: "running", weight: 0 });
    expect(release?.retreats).toEqual([
      { at: expect.any(String), from: 10, reason: expect.stringMatching(/^failed: .*in doubt: e-value/) },
    ]);
    expect(release?.compared?.refused).toBeUndefined();
    expect(release?.compared?.windows.at(-1)).toMatchObject({ to: expect.any(String) });
  });

  it("is tried again one step lower after its time, with evidence for doubt that begins anew", async () => {
    const world = stumbling({ retreatMinutes: 10 });
    await until(world, 10);
    await until(world, 0);
    const backMs = world.clock.now();
    world.failureRate.green = 0;
    await until(world, 5);
    expect(world.clock.now() - backMs).toBeGreaterThanOrEqual(9.5 * MINUTE);
    expect(world.config.release?.compared?.windows).toHaveLength(2);
    await until(world, 10);
    expect(world.config.release?.retreats).toHaveLength(1);
  });

  it("ends in a rollback when what it does is proven in the end", async () => {
    const world = stumbling();
    const done = await rollout(world.context(), ROLLOUT);
    expect(done).toMatchObject({ exitCode: 20, result: "rolledBack" });
    expect(world.config.release?.retreats.length).toBeGreaterThanOrEqual(1);
    expect(world.config.release?.compared?.refused).toEqual(expect.stringContaining("failed:"));
    expect(world.live).toEqual({ blue: 100, green: 0 });
  });

  it("waits without users for a person after as many tries as the policy allows", async () => {
    const world = stumbling({ maxRetreats: 0 });
    const done = await rollout(world.context(), ROLLOUT);
    expect(done).toMatchObject({ exitCode: 10, result: "waits" });
    expect(done.sentence).toContain("it gave its users back once, 0 allowed (rollout.maxRetreats)");
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config.release).toMatchObject({ state: "running" });
    expect(world.config.release?.compared?.refused).toBeUndefined();
  });

  it("goes on when a person has looked at it", async () => {
    const world = stumbling({ maxRetreats: 0 });
    await rollout(world.context(), ROLLOUT);
    world.failureRate.green = 0;
    const resumed = await resume(world.context(), "the network was it");
    expect(resumed.sentence).toContain("is tried again at 5 %");
    await until(world, 5);
    expect(await rollout(world.context(), ROLLOUT)).toMatchObject({ exitCode: 0, result: "promoted" });
  });

  it("stays open when Pulumi could not be told: the next step writes down that it is to go on", async () => {
    const world = stumbling();
    await until(world, 10);
    world.failing.apply = "the backend is down";
    await until(world, 0);
    expect(world.config.release).toMatchObject({ weight: 10 });
    expect(readRetreatMark(world.tags)?.reason).toContain("failed");
    delete world.failing.apply;
    const context = world.context();
    const done = await step(context, { start: true, startDeadlineMs: Infinity, agreed: undefined });
    expect(done.sentence).toContain("users went back in doubt");
    expect(world.config.release).toMatchObject({ state: "running", weight: 0, retreats: [{ from: 10 }] });
    world.failureRate.green = 0;
    await until(world, 5);
  });
});

describe("a release in an outage of both slots", () => {
  it("gives its users back at the step's deadline, and goes on after it", async () => {
    const world = new World(candidateReady());
    await until(world, 10);
    world.alarmStates.blue["error-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
    await until(world, 0);
    expect(world.config.release?.retreats[0]?.reason).toContain("both slots fail");
    delete world.alarmStates.blue["error-rate"];
    await until(world, 5);
  });
});
