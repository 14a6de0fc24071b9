import { describe, expect, test } from "vitest";
import { UserError } from "../../../validation/errors.ts";
import { rollout as start } from "../../../validation/rollout/rollout.ts";
import { killedAt } from "../support/killed-at.ts";
import { candidateReady, oneModel, promoted, sharing, untested, counts } from "../support/samples.ts";
import { World } from "../support/world.ts";

const POLL = { pollMs: 10_000 };
/** Few looks, so that every call of a whole rollout can be a kill point. */
const SLOW_POLL = { pollMs: 150_000 };
const run = (world: World) => start(world.context(), POLL);

describe("rollout", () => {
  test("gives a good candidate every step of the policy, promotes it, and keeps the old slot as standby", async () => {
    const world = new World(candidateReady());
    const outcome = await run(world);
    expect(outcome).toMatchObject({ exitCode: 0, result: "promoted" });
    expect(world.config).toMatchObject({ activeSlot: "green", split: { blue: 0, green: 100 } });
    expect(world.config.weights).toEqual({ blue: 0, green: 0 });
    expect(world.config.release).toMatchObject({ state: "promoted", id: "v2-g3" });
    expect(world.log).toEqual([
      "route: bluegreen: release v2-g3 starts at 10 %",
      "route: bluegreen: release v2-g3 advances to 50 %",
      "route: bluegreen: release v2-g3 advances to 100 %",
      "route: bluegreen: release v2-g3 is promoted",
    ]);
    expect(world.config.generation).toBe(7);
  });

  test.each([
    ["an approval", { ...sharing(10), rollout: { ...sharing(10).rollout, approvals: [50] } }, "approval"],
    [
      "the end of a pause",
      { ...sharing(10), release: { ...sharing(10).release, state: "paused", reason: "by ann" } },
      "paused",
    ],
  ])("ends at once where it waits for %s, when it is not to wait for people", async (_what, raw, why) => {
    const world = new World(raw);
    world.clock.advance(12 * 60_000);
    const outcome = await start(world.context(), { ...POLL, noWait: true });
    expect(outcome).toMatchObject({
      exitCode: 10,
      result: "waits",
      last: { verdict: { kind: "hold", why } },
    });
    expect(world.live.green).toBe(10);
    // It goes on from there, whoever says yes.
    expect(world.config.release?.state).toBe(raw.release.state);
  });

  test("watches every step for the whole bake", async () => {
    const world = new World(candidateReady());
    const startMs = world.clock.now();
    await run(world);
    expect(world.clock.now() - startMs).toBeGreaterThanOrEqual(3 * 5 * 60_000);
  });

  test("looks again when the program refuses a share, because somebody may just have moved users back", async () => {
    const world = new World(sharing(10));
    world.clock.advance(12 * 60_000);
    world.failing.apply =
      "1 problem in the stack configuration:\n  - greenWeight is 50; allowed: 0. Fix it: sync";
    world.onSleep = () => {
      world.failing = {};
      world.setLive(100);
    };
    expect(await run(world)).toMatchObject({ exitCode: 20, result: "rolledBack" });
    expect(world.config.activeSlot).toBe("blue");
  });

  test.each([[], ["urn:pulumi:prod::fraud-model::aws:ecs/service:Service::green"]])(
    "goes on when an update fails once, with %s left in the dark by an earlier one",
    async (...unknown) => {
      const world = new World(candidateReady());
      world.unknown = unknown;
      world.failing.apply = "the engine broke";
      world.onSleep = () => {
        world.failing = {};
      };
      expect(await run(world)).toMatchObject({ exitCode: 0, result: "promoted" });
    },
  );

  test("rolls a candidate back at once when an alarm of it goes off, and says both numbers", async () => {
    const world = new World(candidateReady());
    world.clock.after(150_000, () => {
      world.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
    });
    const startMs = world.clock.now();
    const outcome = await run(world);
    expect(outcome).toMatchObject({ exitCode: 20, result: "rolledBack" });
    expect(outcome.sentence).toContain("error-rate is 0.3, allowed is at most 0.05");
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config.release?.state).toBe("rolledBack");
    expect(world.config.activeSlot).toBe("blue");
    // Two whole minutes of the share tell that the alarm is about it.
    expect(world.clock.now() - startMs).toBeLessThan(190_000);
    expect(world.log.at(-2)).toBe("route: 100/0");
  });

  test("goes on when the stack is held by another update for a while", async () => {
    const world = new World(candidateReady());
    world.locks = [{ who: "ann@ci (pid 7)", dead: false }];
    let sleeps = 0;
    world.onSleep = () => {
      sleeps += 1;
      if (sleeps === 5) world.locks = [];
    };
    expect(await run(world)).toMatchObject({ result: "promoted" });
    expect(world.events).toContainEqual({ kind: "locked", who: "ann@ci (pid 7)" });
  });

  test("cancels the lock of a process that is gone", async () => {
    const world = new World(candidateReady());
    world.locks = [{ who: "me@here (pid 7)", dead: true }];
    expect(await run(world)).toMatchObject({ result: "promoted" });
    expect(world.log[0]).toBe("lock broken");
  });

  test("ends with evidence missing when nobody uses the candidate until the deadline", async () => {
    const world = new World(candidateReady());
    world.requestsPerMinute = 10;
    const outcome = await run(world);
    expect(outcome).toMatchObject({ exitCode: 11, result: "waits" });
    expect(outcome.sentence).toContain("of 100 requests on green");
    expect(world.live).toEqual({ blue: 90, green: 10 });
  });

  test.each([
    [
      "on the local cloud",
      { localCloud: "http://127.0.0.1:4777" },
      "Nobody asks: npx bluegreen local --traffic 600",
    ],
    ["on AWS", {}, "Nobody asks: pulumi config set --path rollout.syntheticLoad.requestsPerMinute 600"],
  ])("says what brings requests when there are none %s", async (_where, own, words) => {
    const world = new World({ ...candidateReady(), ...own });
    world.requestsPerMinute = 0;
    const { sentence } = await run(world);
    expect(sentence).toContain("0 of 100 requests on green");
    expect(sentence).toContain(words);
  });

  test("rolls the share back at the deadline when the policy says so", async () => {
    const world = new World({
      ...candidateReady(),
      rollout: { ...candidateReady().rollout, atDeadline: "revert" },
    });
    world.requestsPerMinute = 10;
    expect(await run(world)).toMatchObject({ exitCode: 20, result: "rolledBack" });
    expect(world.live).toEqual({ blue: 100, green: 0 });
  });

  test("gives no first user to a candidate that is not healthy, and then needs manual action", async () => {
    const world = new World(candidateReady());
    world.health.green = counts(0, { unhealthy: 2 });
    expect(await run(world)).toMatchObject({ exitCode: 10, result: "waits" });
    expect(world.updates).toBe(0);
    expect(world.config.release?.state).toBe("deployed");
  });

  test.each([
    ["failed", { state: "FAILED" }],
    ["went back to the former model", { state: "COMPLETED", task: "arn:task/green:old" }],
  ])(
    "says at once that ECS gave a candidate up whose deployment %s, tested or not",
    async (_how, rollout) => {
      for (const raw of [candidateReady(), untested()]) {
        for (const untestedAnyway of [false, true]) {
          const world = new World(raw);
          world.health.green = counts(0);
          world.rollout.green = rollout;
          const startMs = world.clock.now();
          const ran = start(world.context(), { ...POLL, skipTests: untestedAnyway });
          await expect(ran).rejects.toMatchObject({ code: "BG140", exitCode: 10 });
          await expect(ran).rejects.toThrow("ECS: said\n  Its log: the log of green.");
          expect([world.clock.now() - startMs, world.updates]).toEqual([0, 0]);
        }
      }
    },
  );

  test("waits for a deployment that ECS is still at, also when ECS cannot be read for a moment", async () => {
    const world = new World(candidateReady());
    world.rollout.green.state = "IN_PROGRESS";
    let sleeps = 0;
    world.onSleep = () => {
      sleeps += 1;
      world.failing = sleeps === 2 ? { services: "ECONNRESET" } : {};
      if (sleeps === 4) world.rollout.green.state = "COMPLETED";
    };
    expect(await run(world)).toMatchObject({ result: "promoted" });
  });

  test.each([
    ["network", "ECONNRESET"],
    ["server of Pulumi, or a bucket of its states,", new UserError("BG316", "It says: 503 SlowDown")],
  ])("survives a %s that fails for a moment", async (_what, store) => {
    const world = new World(candidateReady());
    let sleeps = 0;
    world.onSleep = () => {
      sleeps += 1;
      world.failing = sleeps > 3 && sleeps < 8 ? { store } : {};
    };
    expect(await run(world)).toMatchObject({ result: "promoted" });
  });

  test("gives up with the error when it cannot look at all", async () => {
    const world = new World(candidateReady());
    world.onSleep = () => {
      world.failing = { store: "ECONNREFUSED" };
    };
    await expect(run(world)).rejects.toThrow("ECONNREFUSED");
  });

  test("has nothing to do without a release", async () => {
    await expect(run(new World(oneModel()))).rejects.toMatchObject({ code: "BG113", exitCode: 64 });
  });

  test("says again how the last release ended", async () => {
    expect(await run(new World(promoted()))).toMatchObject({ exitCode: 0, result: "promoted" });
    const back = {
      ...sharing(0),
      release: { ...sharing(0).release, state: "rolledBack", reason: "too slow" },
    };
    const outcome = await run(new World(back));
    expect(outcome).toMatchObject({ exitCode: 20, result: "rolledBack" });
    expect(outcome.sentence).toContain("too slow");
  });

  test("calls a promoted release no success when a person is needed, or users were rolled back since", async () => {
    const drifted = new World(promoted());
    drifted.setLive(30);
    const needsPerson = await run(drifted);
    expect(needsPerson).toMatchObject({ exitCode: 10, result: "waits" });
    expect(needsPerson.sentence).toContain("the route is not as deployed");

    const reverted = new World(promoted());
    reverted.setLive(100);
    reverted.failing.apply = "no engine";
    expect(await run(reverted)).toMatchObject({ exitCode: 20, result: "rolledBack" });
  });
});

describe("rollout, killed at any of its calls and started again,", () => {
  const bad = (world: World) =>
    world.clock.after(7 * 60_000, () => {
      world.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
    });
  const scenarios: readonly (readonly [string, (world: World) => unknown])[] = [
    ["promotes the good candidate", () => {}],
    ["rolls the bad candidate back", bad],
  ];

  test.each(scenarios)("%s with the same slots, weights and verdict", async (_title, prepare) => {
    const reference = new World(candidateReady());
    prepare(reference);
    const counted = killedAt(reference.context(), Number.POSITIVE_INFINITY, "before");
    const wanted = await start(counted.context, SLOW_POLL);
    const end = (world: World) => ({
      active: world.config.activeSlot,
      weights: world.config.weights,
      live: world.live,
      state: world.config.release?.state,
    });
    expect(counted.calls()).toBeGreaterThan(20);

    for (const when of ["before", "after"] as const) {
      for (let n = 1; n <= counted.calls(); n += 1) {
        const world = new World(candidateReady());
        prepare(world);
        const first = killedAt(world.context(), n, when);
        await Promise.race([start(first.context, SLOW_POLL), first.killed]);
        const again = await start(world.context(), SLOW_POLL);
        expect({ n, when, ...end(world), result: again.result }).toEqual({
          n,
          when,
          ...end(reference),
          result: wanted.result,
        });
      }
    }
  });

  test("restores the deployed split when it died between the route and the history", async () => {
    const world = new World(sharing(10));
    world.setLive(50);
    const outcome = await run(world);
    expect(outcome.result).toBe("promoted");
    expect(world.log[0]).toBe(
      "route: bluegreen: release v2-g3: the route goes back to blue 90 % · green 10 %, as deployed",
    );
  });
});
