import { describe, expect, test } from "vitest";
import { step } from "../../../validation/rollout/step.ts";
import { candidateReady, counts, oneModel, promoted, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const MINUTE = 60_000;
const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;
const once = (world: World) => step(world.context(), ONCE);

describe("step", () => {
  test("does nothing on a stack at rest, and leaves a waiting candidate to rollout", async () => {
    for (const raw of [oneModel(), candidateReady()]) {
      const world = new World(raw);
      expect(await once(world)).toMatchObject({ exitCode: 0, finished: true });
      expect(world.log).toEqual([]);
    }
  });

  test("advances a running release by one step, in one update of the route", async () => {
    const world = new World(sharing(10));
    world.clock.advance(6 * MINUTE);
    const outcome = await once(world);
    expect(outcome).toMatchObject({
      exitCode: 0,
      verdict: { kind: "advance", to: 50 },
      split: { green: 50 },
    });
    expect(world.log).toEqual(["route: bluegreen: release v2-g3 advances to 50 %"]);
    expect(world.config.release).toMatchObject({ weight: 50, owner: "", state: "running" });
  });

  test("gives nobody more users when it only watches, and moves them back from a candidate that fails", async () => {
    const world = new World(sharing(10));
    world.clock.advance(6 * MINUTE);
    const watch = () => step(world.context(), { ...ONCE, watchOnly: true });
    // Nobody has to come: whoever may go on is asked elsewhere.
    expect(await watch()).toMatchObject({ exitCode: 0, verdict: { kind: "hold", why: "watched" } });
    expect(world.log).toEqual([]);
    world.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
    expect(await watch()).toMatchObject({ exitCode: 20, split: { blue: 100, green: 0 } });
  });

  test("blames nobody while no task of either slot is healthy, and rolls back where only the candidate's are not", async () => {
    const world = new World(sharing(10));
    world.clock.advance(6 * MINUTE);
    world.health.green = counts(0, { unhealthy: 2 });
    world.health.blue = counts(0, { unhealthy: 2 });
    expect(await once(world)).toMatchObject({ verdict: { kind: "hold", why: "unreadable" } });
    expect(world.log).toEqual([]);
    world.health.blue = counts(2);
    expect(await once(world)).toMatchObject({ exitCode: 20, split: { blue: 100, green: 0 } });
  });

  test("counts the bake from the end of the last update, also in a process of its own", async () => {
    const world = new World(sharing(10));
    world.clock.advance(6 * MINUTE);
    world.deployedMs = world.clock.now() - 4 * MINUTE;
    expect(await once(world)).toMatchObject({ verdict: { kind: "hold", why: "baking" } });
  });

  test("counts the bake from when this process first saw the split, if that was later", async () => {
    const world = new World(sharing(10));
    world.clock.advance(6 * MINUTE);
    const agreed = { generation: 3, atMs: world.clock.now() - 4 * MINUTE };
    const watched = await step(world.context(), { ...ONCE, agreed });
    expect(watched).toMatchObject({ verdict: { kind: "hold", why: "baking" }, agreed });
    const ofAnotherSplit = { ...agreed, generation: 2 };
    expect(await step(world.context(), { ...ONCE, agreed: ofAnotherSplit })).toMatchObject({
      verdict: { kind: "advance" },
    });
  });

  test("promotes a candidate that a person has made the active slot, and says that it was manually", async () => {
    const world = new World({ ...candidateReady(), activeSlot: "green" });
    world.clock.advance(6 * MINUTE);
    const promotion = await once(world);
    expect(promotion).toMatchObject({ exitCode: 0, release: { state: "promoted" } });
    // It said that the slot, which everybody is on, advances to the first share.
    expect(promotion.sentence).toMatch(/^release v2-g3 is promoted \(made the active slot manually\): /);
    expect(world.config.release?.reason).toBe("made the active slot manually");
  });

  test("says once how blind the step still is", async () => {
    const said = async (raw: Record<string, unknown>, minutes: number) => {
      const world = new World(raw);
      world.clock.advance(minutes * MINUTE);
      return (await once(world)).sentence;
    };
    const wanted = { ...sharing(10), rollout: { ...sharing(10).rollout, maxBlindSpots: [0.001] } };
    const blind = await said(wanted, 8);
    expect(blind).toContain("failing requests would have been seen by now");
    expect(blind).not.toContain("smallest detectable failure rate");
    const seeing = await said(sharing(10), 8);
    expect(seeing).toMatch(/nothing speaks against green: .* \(smallest detectable failure rate \d/);
    // While it only bakes no reason speaks of it.
    expect(await said(sharing(10), 4)).toMatch(/minutes watched.*\(smallest detectable failure rate \d/);
  });

  test("counts requests only in complete minutes after the share", async () => {
    const world = new World(sharing(10));
    world.deployedMs = world.clock.now() + MINUTE / 2;
    world.clock.advance(5.5 * MINUTE);
    const outcome = await once(world);
    const counted = outcome.verdict?.evidence.find(({ gate }) => gate === "minimum-requests");
    expect(counted?.answer.evidence).toEqual({ requests: 4 * 60, need: 100 });
  });

  test.each([
    ["alarms", { alarms: "throttled" }],
    ["metrics", { metrics: "throttled" }],
  ])("holds when the %s cannot be read", async (_what, failing) => {
    const world = new World(sharing(10));
    world.clock.advance(6 * MINUTE);
    world.failing = failing;
    expect(await once(world)).toMatchObject({ exitCode: 0, verdict: { kind: "hold", why: "unreadable" } });
    expect(world.log).toEqual([]);
    world.clock.advance(30 * MINUTE);
    expect(await once(world)).toMatchObject({ exitCode: 11, finished: true });
  });

  test("holds when the route cannot be read, and needs manual action after the deadline", async () => {
    const world = new World(sharing(10));
    world.failing.route = "timeout";
    expect(await once(world)).toMatchObject({ exitCode: 0, finished: false, situation: "unreadable" });
    world.clock.advance(31 * MINUTE);
    expect(await once(world)).toMatchObject({ exitCode: 11, finished: true });
  });

  test("fails when the route cannot be read and no deadline would ever tell", async () => {
    for (const raw of [oneModel(), promoted(), candidateReady()]) {
      const world = new World(raw);
      world.failing.route = "timeout";
      expect(await once(world)).toMatchObject({ exitCode: 70, finished: false, situation: "unreadable" });
    }
  });

  test("lets a failing active slot stop an advance and the candidate's own alarms, but not the comparison", async () => {
    const world = new World(sharing(10));
    world.clock.advance(12 * MINUTE);
    world.alarmStates.blue.cpu = { state: "ALARM" };
    expect(await once(world)).toMatchObject({ verdict: { kind: "hold", why: "baseline-failing" } });
    world.alarmStates.green["slow-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
    expect(await once(world)).toMatchObject({ verdict: { kind: "hold", why: "baseline-failing" } });
    world.failureRate.green = 0.3;
    expect(await once(world)).toMatchObject({ exitCode: 20, verdict: { kind: "rollback" } });
  });

  test("moves users back also when Pulumi cannot be told", async () => {
    const world = new World(sharing(10));
    world.clock.advance(4 * MINUTE);
    world.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
    world.failing.apply = "engine broke";
    const outcome = await once(world);
    expect(outcome.exitCode).toBe(20);
    expect(outcome.sentence).toContain("traffic is back, state pending: engine broke");
    expect(world.live).toEqual({ blue: 100, green: 0 });
  });

  test("watches a share that was shifted manually and never moves it", async () => {
    const world = new World({ ...candidateReady(), release: {}, greenWeight: 20 });
    world.clock.advance(30 * MINUTE);
    const fine = await once(world);
    expect(fine).toMatchObject({ exitCode: 0, situation: "manual" });
    world.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
    const failing = await once(world);
    expect(failing.exitCode).toBe(10);
    expect(failing.sentence).toContain("npx bluegreen revert");
    expect(world.log).toEqual([]);
    expect(world.live).toEqual({ blue: 80, green: 20 });
  });

  test("touches nothing when the share of a running release was changed manually", async () => {
    const world = new World({ ...sharing(10), greenWeight: 20 });
    expect(await once(world)).toMatchObject({ exitCode: 10, situation: "manual" });
    expect(world.log).toEqual([]);
  });

  test("names a drift that nothing explains, and touches nothing", async () => {
    const world = new World(oneModel());
    world.setLive(70);
    const outcome = await once(world);
    expect(outcome).toMatchObject({ exitCode: 10, situation: "drift" });
    expect(outcome.sentence).toContain("live is blue 70 % · green 30 %");
    expect(world.log).toEqual([]);
  });

  test("never puts users back after an emergency revert", async () => {
    const world = new World(sharing(50));
    world.setLive(100);
    expect(await once(world)).toMatchObject({ exitCode: 20, situation: "reverted" });
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config.release?.state).toBe("rolledBack");
  });

  test("leaves a route alone that another process is just changing", async () => {
    const world = new World(sharing(10));
    world.setLive(50);
    world.onSleep = () => {
      const { release, generation } = world.config;
      world.onSleep = () => {};
      const change = { greenWeight: 50, release: { ...release, weight: 50 }, generation: generation + 1 };
      world.apply({ change, scope: "route", refresh: false, message: "the other one" });
    };
    expect(await once(world)).toMatchObject({ situation: "cutOff", exitCode: 0, finished: false });
    expect(world.log).toEqual(["route: the other one"]);
    expect(world.live).toEqual({ blue: 50, green: 50 });
  });

  test("moves users back from a candidate that fails, although whose update was cut off still holds the stack", async () => {
    for (const [raw, blue] of [
      [candidateReady(), 90],
      [sharing(10), 50],
    ] as const) {
      const world = new World(raw);
      world.setLive(blue);
      world.clock.advance(4 * MINUTE);
      world.locks = [{ who: "ann@ci (pid 7)", dead: false }];
      world.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
      world.onSleep = () => {
        if (world.live.green === 0) world.locks = [];
      };
      expect(await once(world)).toMatchObject({ situation: "cutOff", exitCode: 20, split: { green: 0 } });
      expect(world.config.release?.state).toBe("rolledBack");
    }
  });

  test("restores nothing when the route is as deployed at the second check", async () => {
    const world = new World(sharing(10));
    world.setLive(50);
    world.onSleep = () => world.setLive(90);
    expect(await once(world)).toMatchObject({ situation: "cutOff", exitCode: 0, finished: false });
    expect(world.log).toEqual([]);
  });

  test("waits while another update holds the stack", async () => {
    const world = new World(sharing(10));
    world.clock.advance(6 * MINUTE);
    world.locks = [{ who: "ann@ci (pid 7)", dead: false }];
    const outcome = await once(world);
    expect(outcome).toMatchObject({ exitCode: 0, finished: false });
    expect(outcome.sentence).toContain("ann@ci (pid 7)");
    expect(world.live).toEqual({ blue: 90, green: 10 });
  });
});
