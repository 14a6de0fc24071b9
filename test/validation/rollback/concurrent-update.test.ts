import { describe, expect, test } from "vitest";
import { revert, type RevertOptions } from "../../../validation/rollback/revert.ts";
import { step } from "../../../validation/rollout/step.ts";
import { candidateReady, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;
const run = (world: World, own: Partial<RevertOptions> = {}, context = world.context()) =>
  revert(context, {
    routeArn: undefined,
    to: undefined,
    reason: "manually",
    startedWallMs: world.clock.now(),
    wait: false,
    ...own,
  });

describe("revert beside a rollout that is giving the candidate its first users", () => {
  test("outlasts an update that is under way, and rolls back whom it gives away", async () => {
    const world = new World(candidateReady());
    world.locks = [{ who: "ann@ci (pid 7)", dead: false }];
    let sleeps = 0;
    world.onSleep = () => {
      sleeps += 1;
      if (sleeps === 2) world.setLive(90);
      if (sleeps !== 3) return;
      expect(world.live).toEqual({ blue: 100, green: 0 });
      world.locks = [];
      const { release, generation } = world.config;
      const change = {
        greenWeight: 10,
        release: { ...release, state: "running", weight: 10 },
        generation: generation + 1,
      };
      world.apply({ change, scope: "route", refresh: false, message: "the rollout" });
    };
    expect(await run(world)).toMatchObject({ exitCode: 0, to: "blue", pulumi: "inLine" });
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config.split).toEqual({ blue: 100, green: 0 });
    expect(world.config.release?.state).toBe("rolledBack");
  });

  test("moves them back again when that update writes its weights after the revert's, before they can be seen", async () => {
    const world = new World(sharing(10));
    world.locks = [{ who: "ann@ci (pid 7)", dead: false }];
    const context = world.context();
    const write: typeof context.route.write = async (...written) => {
      await context.route.write(...written);
      if (world.emergencyWrites === 1) world.setLive(50);
    };
    world.onSleep = () => {
      if (world.live.green === 0) world.locks = [];
    };
    const beside = { ...context, route: { ...context.route, write } };
    expect(await run(world, {}, beside)).toMatchObject({ exitCode: 0, to: "blue", pulumi: "inLine" });
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config.release?.state).toBe("rolledBack");
  });

  test("says whose update has ended and gave nobody away", async () => {
    const world = new World(candidateReady());
    world.locks = [{ who: "ann@ci (pid 7)", dead: false }];
    world.onSleep = () => {
      world.locks = [];
    };
    const { exitCode, sentence } = await run(world);
    expect(exitCode).toBe(10);
    expect(sentence).toContain("the update of ann@ci (pid 7) has ended, and gave green nobody");
    expect(world.config.release?.state).toBe("deployed");
  });

  test("cancels an update that is under way when a person says so", async () => {
    const world = new World(candidateReady());
    world.locks = [{ who: "ann@ci (pid 7)", dead: false }];
    const options = { routeArn: undefined, to: undefined, reason: "manually", startedWallMs: 0, wait: false };
    const outcome = await revert({ ...world.context(), takeForce: () => true }, options);
    expect(outcome).toMatchObject({ exitCode: 10, pulumi: "inLine" });
    expect(world.log).toContain("lock broken");
  });

  test("calls a person when the stack is held for longer than an update lasts", async () => {
    const world = new World(candidateReady());
    world.locks = [{ who: "ann@ci (pid 7)", dead: false }];
    const { exitCode, sentence } = await run(world);
    expect(exitCode).toBe(10);
    expect(sentence).toContain("npx bluegreen revert --force-ownership");
  });

  test("is remembered by the route where the update that gave users away has failed, so that nobody repeats it", async () => {
    const world = new World(candidateReady());
    // It had written the route before it failed.
    world.setLive(50);
    world.failing.apply = "ENOSPC";
    expect(await run(world)).toMatchObject({ exitCode: 20, pulumi: "pending" });
    expect(world.live).toEqual({ blue: 100, green: 0 });
    world.failing = {};
    const repeated = await step(world.context(), { ...ONCE, start: true });
    expect(repeated).toMatchObject({ exitCode: 20, situation: "reverted" });
    expect(repeated.sentence).toMatch(/users were rolled back by a revert at \S+: manually/);
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config.release?.state).toBe("rolledBack");
  });

  test("says so when the route cannot remember it", async () => {
    const world = new World(sharing(50));
    world.failing.apply = "ENOSPC";
    const context = world.context();
    const tag = async () => {
      throw new Error("AccessDenied");
    };
    const options = { routeArn: undefined, to: undefined, reason: "manually", startedWallMs: 0, wait: false };
    expect(await revert({ ...context, route: { ...context.route, tag } }, options)).toMatchObject({
      exitCode: 20,
    });
    expect(JSON.stringify(world.events)).toContain(
      "could not say that users were rolled back (AccessDenied)",
    );
  });
});
