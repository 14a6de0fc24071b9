import { describe, expect, test } from "vitest";
import { revert, type RevertOptions } from "../../../validation/rollback/revert.ts";
import { step } from "../../../validation/rollout/step.ts";
import { candidateReady, oneModel, promoted, sharing, counts } from "../support/samples.ts";
import { ROUTE_ARN, World } from "../support/world.ts";

const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;
const run = (world: World, own: Partial<RevertOptions> = {}) =>
  revert(world.context(), {
    routeArn: undefined,
    to: undefined,
    reason: "manually",
    startedWallMs: world.clock.now(),
    wait: false,
    ...own,
  });

describe("revert", () => {
  test("before promotion rolls the share back, keeps the active slot, and ends the release", async () => {
    const world = new World(sharing(50));
    const outcome = await run(world);
    expect(outcome).toMatchObject({ exitCode: 0, to: "blue", pulumi: "inLine", seconds: 0 });
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config).toMatchObject({ activeSlot: "blue", weights: { blue: 0, green: 0 } });
    expect(world.config.release).toMatchObject({ state: "rolledBack", reason: "manually", weight: 0 });
    expect(world.log).toEqual(["route: 100/0", "route: bluegreen: everyone to blue: manually"]);
  });

  test("after promotion gives everyone and the role to the standby", async () => {
    const world = new World(promoted());
    expect(await run(world)).toMatchObject({ exitCode: 0, to: "blue" });
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config.activeSlot).toBe("blue");
    expect(world.config.release?.state).toBe("rolledBack");
  });

  test("brings Pulumi in line also when the first look at the new weights fails", async () => {
    const world = new World(sharing(50));
    const context = world.context();
    let failures = 1;
    const route = {
      ...context.route,
      read: async (routeArn: string) => {
        if (world.emergencyWrites > 0 && failures-- > 0) throw new Error("ECONNRESET");
        return context.route.read(routeArn);
      },
    };
    const options = { routeArn: undefined, to: undefined, reason: "manually", startedWallMs: 0, wait: false };
    expect(await revert({ ...context, route }, options)).toMatchObject({ exitCode: 0, pulumi: "inLine" });
    expect(world.config.release?.state).toBe("rolledBack");
  });

  test("says what the load balancer answered when it never shows the new weights", async () => {
    const world = new World(sharing(50));
    const context = world.context();
    const read = async (routeArn: string) => {
      if (world.emergencyWrites > 0) throw new Error("ECONNRESET");
      return context.route.read(routeArn);
    };
    const options = { routeArn: undefined, to: undefined, reason: "manually", startedWallMs: 0, wait: false };
    const reverting = revert({ ...context, route: { ...context.route, read } }, options);
    await expect(reverting).rejects.toThrow("ECONNRESET");
  });

  test("turns stickiness off in the same write", async () => {
    const world = new World({ ...sharing(50), service: { stickinessSeconds: 600 } });
    expect(world.forward.stickiness.enabled).toBe(true);
    world.failing.apply = "no Pulumi";
    await run(world);
    expect(world.forward.stickiness).toEqual({ enabled: false, durationSeconds: 600 });
  });

  test("asked twice moves nobody the second time", async () => {
    for (const raw of [sharing(50), promoted()]) {
      const world = new World(raw);
      await run(world);
      const writes = world.emergencyWrites;
      expect(await run(world)).toMatchObject({ exitCode: 10, seconds: undefined });
      expect(world.emergencyWrites).toBe(writes);
      expect(world.live).toEqual({ blue: 100, green: 0 });
    }
  });

  test("says that there is nothing to roll back while the candidate has no users", async () => {
    const outcome = await run(new World(candidateReady()));
    expect(outcome.exitCode).toBe(10);
    expect(outcome.sentence).toContain("no traffic is shifted");
  });

  test("ends a release that gave its users back in doubt, which would give them away again", async () => {
    const retreat = { at: "2026-01-01T00:10:00.000Z", from: 10, reason: "in doubt" };
    const { release, ...raw } = sharing(0);
    const world = new World({ ...raw, release: { ...release, retreats: [retreat] } });
    const outcome = await run(world);
    expect(outcome).toMatchObject({ exitCode: 0, to: "blue", pulumi: "inLine", seconds: undefined });
    expect(outcome.sentence).toContain("all users were back already on blue");
    expect(world.config.release).toMatchObject({ state: "rolledBack", reason: "manually" });
    expect(world.emergencyWrites).toBe(0);
  });

  test("refuses to send everyone to a slot without a registered task", async () => {
    const world = new World(promoted());
    world.health.blue = counts(0, { draining: 2 });
    await expect(run(world)).rejects.toMatchObject({ code: "BG123", exitCode: 10 });
    expect(world.live).toEqual({ blue: 0, green: 100 });
  });

  test("sends them to unhealthy tasks rather than leave them where they are", async () => {
    const world = new World(sharing(50));
    world.health.blue = counts(0, { unhealthy: 2 });
    expect(await run(world)).toMatchObject({ exitCode: 0 });
  });

  test("works without Pulumi and CloudWatch, says state pending, and the next step completes it", async () => {
    for (const raw of [sharing(50), promoted()]) {
      const world = new World(raw);
      world.failing = { store: "no backend", metrics: "down", alarms: "down" };
      const outcome = await run(world);
      expect(outcome).toMatchObject({ exitCode: 20, pulumi: "pending" });
      expect(outcome.sentence).toContain("state pending: no backend");
      expect(world.live).toEqual({ blue: 100, green: 0 });

      world.failing = {};
      const completed = await step(world.context(), ONCE);
      expect(completed).toMatchObject({ exitCode: 20, situation: "reverted" });
      expect(world.config).toMatchObject({ activeSlot: "blue", weights: { blue: 0, green: 0 } });
      expect(world.config.release?.state).toBe("rolledBack");
      expect(await step(world.context(), ONCE)).toMatchObject({ exitCode: 0, situation: "settled" });
    }
  });

  test("completes a pending state when it is run again", async () => {
    const world = new World(promoted());
    world.failing.apply = "engine broke";
    await run(world);
    world.failing = {};
    const outcome = await run(world);
    expect(outcome).toMatchObject({ exitCode: 0, pulumi: "inLine", seconds: undefined });
    expect(world.config.activeSlot).toBe("blue");
  });

  test("asserts the route again while another update that holds the stack writes its own weights", async () => {
    const world = new World(sharing(10));
    world.locks = [{ who: "ann@ci (pid 7)", dead: false }];
    let sleeps = 0;
    world.onSleep = () => {
      sleeps += 1;
      if (sleeps === 2) world.setLive(50);
      if (sleeps === 4) {
        world.locks = [];
      }
    };
    expect(await run(world)).toMatchObject({ exitCode: 0, pulumi: "inLine" });
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.log.filter((line) => line === "route: 100/0")).toHaveLength(2);
  });

  test("wins over an advance that ends while it waits for the stack", async () => {
    const world = new World(sharing(10));
    world.locks = [{ who: "ann@ci (pid 7)", dead: false }];
    let sleeps = 0;
    world.onSleep = () => {
      sleeps += 1;
      if (sleeps !== 3) return;
      world.locks = [];
      const { release, generation } = world.config;
      const change = { greenWeight: 50, release: { ...release, weight: 50 }, generation: generation + 1 };
      world.apply({ change, scope: "route", refresh: false, message: "the other one" });
    };
    await run(world);
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config.release?.state).toBe("rolledBack");
    expect(world.config.split).toEqual({ blue: 100, green: 0 });
  });

  test("cancels the update of a process that is gone, once, and says so", async () => {
    const world = new World(sharing(10));
    world.locks = [{ who: "me@here (pid 7)", dead: true }];
    await run(world);
    expect(world.log).toContain("lock broken");
    expect(world.events).toContainEqual({
      kind: "note",
      message: "cancelling the update of me@here (pid 7): its process is gone",
    });
  });

  test("gives up on the stack, not on the route, when the lock outlasts every update", async () => {
    const world = new World(sharing(10));
    world.locks = [{ who: "ann@ci (pid 7)", dead: false }];
    expect(await run(world)).toMatchObject({ exitCode: 20, pulumi: "pending" });
    expect(world.live).toEqual({ blue: 100, green: 0 });
  });

  test("finds the route by a flag, by the memo, and by its tags", async () => {
    const read: string[] = [];
    const asked = async (world: World, own: Partial<RevertOptions>) => {
      const context = world.context();
      const route = {
        ...context.route,
        read: (arn: string) => {
          read.push(arn);
          return arn === "gone" ? Promise.reject(new Error("RuleNotFound")) : context.route.read(arn);
        },
      };
      const options = { to: undefined, reason: "r", startedWallMs: 0, wait: false, routeArn: undefined };
      await revert({ ...context, route }, { ...options, ...own });
      return read.splice(0)[0];
    };
    expect(await asked(new World(sharing(10)), { routeArn: "flag" })).toBe("flag");
    const remembered = new World(sharing(10));
    remembered.memo = "memo";
    expect(await asked(remembered, {})).toBe("memo");
    expect(await asked(new World(sharing(10)), {})).toBe(ROUTE_ARN);
    const stale = new World(sharing(10));
    stale.memo = "gone";
    expect(await asked(stale, {})).toBe("gone");
    expect(stale.live).toEqual({ blue: 100, green: 0 });
  });

  test("refuses a rule that is no route of ours, and a stack that has none or several", async () => {
    const world = new World(sharing(10));
    world.tags = {};
    await expect(run(world)).rejects.toMatchObject({ code: "BG122" });
    const context = new World(sharing(10)).context();
    const options = { routeArn: undefined, to: undefined, reason: "", startedWallMs: 0, wait: false };
    const found = (arns: string[]) => ({ ...context, route: { ...context.route, find: async () => arns } });
    await expect(revert(found([]), options)).rejects.toMatchObject({ code: "BG120" });
    await expect(revert(found(["a", "b"]), options)).rejects.toMatchObject({ code: "BG121" });
  });

  test("with --wait tells when the last user request was answered", async () => {
    const world = new World(sharing(50));
    expect(await run(world, { wait: true })).toMatchObject({ drained: true });
    const first = new World(oneModel());
    expect(await run(first, { to: "blue" })).toMatchObject({ exitCode: 10 });
  });
});
