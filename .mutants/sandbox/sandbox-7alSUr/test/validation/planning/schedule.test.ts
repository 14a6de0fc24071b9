import { describe, expect, test } from "vitest";
import { deploy } from "../../../validation/deploy/deploy.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { candidateReady, DIGEST, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

/** As shipped, but for the sample's three steps and their short bakes. */
const asShipped = (own: object = {}) => ({
  ...candidateReady(),
  rollout: { steps: [10, 50, 100], bakeMinutes: 5, ...own },
});
const notes = (world: World) =>
  world.events.flatMap((event) => (event.kind === "note" ? [event.message] : []));
const schedule = (world: World) => world.config.release?.compared?.schedule;
const run = (world: World, own = {}) => rollout(world.context(), { pollMs: 60_000, ...own });

function worldWith(raw: Record<string, unknown>, { requestsPerMinute = 600, failed = 0.005 } = {}): World {
  const world = new World(raw);
  world.requestsPerMinute = requestsPerMinute;
  world.failureRate = { blue: failed, green: failed };
  return world;
}

describe("what a rollout plans", () => {
  test("is its first line, with its own odds, and is kept with the pair of models", async () => {
    const world = worldWith(asShipped());
    expect(await run(world)).toMatchObject({ exitCode: 0, result: "promoted" });
    expect(notes(world)[0]).toMatch(
      /^10 → 50 → 100 % promotes a good model after about \d+ minutes at 600 requests a minute\. .* proven to fail less than 10, 5 times .* promoted in \d+ of 100 such releases/,
    );
    expect(schedule(world)).toMatchObject({
      provenRatios: [10, 5, 2],
      odds: [{ fault: "twice as often" }, {}],
    });
  });

  test("does not change when the traffic does: a later run and a new deploy of the pair go by it, too", async () => {
    const world = worldWith(asShipped());
    await run(world, { oneStep: true });
    const planned = schedule(world);
    expect(planned).toBeDefined();
    world.requestsPerMinute = 100;
    await run(world, { oneStep: true });
    expect(schedule(world)).toEqual(planned);
    expect(notes(world).at(-1)).toContain("as planned before this pair of models first shared users");
    await deploy(world.context(), {
      image: DIGEST("b"),
      modelVersion: "2",
      overrides: {},
      minTasks: undefined,
      maxTasks: undefined,
      resetAnalysis: false,
    }).catch(() => {});
    expect(schedule(world)).toEqual(planned);
  });

  test("gives a step four times its planned minutes, and never less than an hour", async () => {
    const world = worldWith(asShipped(), { requestsPerMinute: 100 });
    await run(world, { oneStep: true });
    const { stepSince = "", deadline = "" } = world.config.release ?? {};
    const minutes = (Date.parse(deadline) - Date.parse(stepSince)) / 60_000;
    expect(minutes).toBe(Math.max(60, 4 * (schedule(world)?.minutes[0] ?? 0)));
  });

  test("is not chosen for users that are already there: by what was seen, it would be", async () => {
    const world = worldWith({ ...sharing(10), rollout: asShipped().rollout });
    await run(world, { oneStep: true });
    expect(notes(world)[0]).toContain(
      "of which nothing was planned before this pair of models first shared users",
    );
    expect(schedule(world)).toBeUndefined();
  });

  test("says before the first user what would help where too little comes", async () => {
    const world = worldWith(asShipped(), { requestsPerMinute: 6 });
    await run(world, { oneStep: true });
    expect(notes(world)[1]).toMatch(
      /^That is more than rollout\.targetMinutes, 180\. What would help:\n {2}- a larger first step, about \d+ min.*\n {2}- synthetic load of \d+ requests a minute/,
    );
  });

  test("asks for the least where nobody came, and says so", async () => {
    const world = worldWith(asShipped({ deadlineMinutes: 6 }), { requestsPerMinute: 0 });
    await run(world);
    expect(notes(world)[0]).toContain("in the last 24 hours nobody came");
    expect(schedule(world)).toMatchObject({ provenRatios: [10, 5, 5], provenRate: 0.01 });
  });

  test("is told to be unknown while CloudWatch cannot be read, and nobody gets users by it", async () => {
    const world = worldWith(asShipped());
    const context = world.context();
    let reads = 0;
    const metrics = {
      read: (...args: Parameters<typeof context.metrics.read>) => {
        reads += 1;
        return reads <= 2 ? Promise.reject(new Error("throttled")) : context.metrics.read(...args);
      },
    };
    await rollout({ ...context, metrics }, { pollMs: 60_000, oneStep: true });
    expect(notes(world)[0]).toBe("the schedule could not be planned yet: throttled");
    expect(schedule(world)).toMatchObject({ provenRatios: [10, 5, 2] });
  });
});

describe("a schedule that is not gone through", () => {
  test("holds a candidate that is not proven, with how long it still takes", async () => {
    const world = worldWith(asShipped({ deadlineMinutes: 12, provenRatios: [1.2] }));
    expect(await run(world)).toMatchObject({ exitCode: 11, result: "waits" });
    expect(world.live.green).toBe(10);
  });
});

describe("steps with settings of their own", () => {
  test("bake as long as each says, and ask for approval where they say so", async () => {
    const steps = [{ percent: 10, bakeMinutes: 20 }, { percent: 50, approval: true }, 100];
    const world = worldWith({
      ...candidateReady(),
      rollout: { ...candidateReady().rollout, steps, deadlineMinutes: "auto" },
    });
    const begun = world.clock.now();
    expect(await run(world, { noWait: true })).toMatchObject({
      exitCode: 10,
      last: { verdict: { kind: "hold", why: "approval" } },
    });
    expect(world.clock.now() - begun).toBeGreaterThanOrEqual(20 * 60_000);
    expect(world.live.green).toBe(10);
  });

  test("end with a holdback: the last users stay on the old model until that step is through, and then it is promoted", async () => {
    const steps = [10, { percent: 95, bakeMinutes: 120 }];
    const world = worldWith(
      {
        ...candidateReady(),
        rollout: { ...candidateReady().rollout, steps, deadlineMinutes: "auto" },
      },
      { failed: 0 },
    );
    const begun = world.clock.now();
    expect(await run(world)).toMatchObject({ exitCode: 0, result: "promoted" });
    expect(world.clock.now() - begun).toBeGreaterThanOrEqual(125 * 60_000);
    expect(world.log).toEqual([
      "route: bluegreen: release v2-g3 starts at 10 %",
      "route: bluegreen: release v2-g3 advances to 95 %",
      "route: bluegreen: release v2-g3 is promoted",
    ]);
  });
});
