import { describe, expect, test } from "vitest";
import { restore } from "../../../validation/rollout/drift.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { status } from "../../../validation/insight/status.ts";
import { step } from "../../../validation/rollout/step.ts";
import { candidateReady, oneModel, promoted, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;

/** The samples, and the percent on blue that somebody else has written. */
const CHANGED: readonly (readonly [string, Record<string, unknown>, number])[] = [
  ["raised under a running release", sharing(10), 63],
  ["lowered under a running release", sharing(50), 80],
  ["given to a candidate that waits", candidateReady(), 63],
  ["split after a promotion", promoted(), 30],
  ["no whole percents at all", sharing(10), Number.NaN],
];

function changed(raw: Record<string, unknown>, blue: number): World {
  const world = new World(raw);
  if (Number.isNaN(blue)) {
    const [first, second] = world.forward.groups;
    if (first === undefined || second === undefined) throw new Error("a route has two groups");
    const groups = [
      { ...first, weight: 1 },
      { ...second, weight: 2 },
    ];
    world.forward = { ...world.forward, groups };
  } else world.setLive(blue);
  return world;
}

describe("weights that were changed behind our back:", () => {
  test.each(CHANGED)("%s; status names it, step holds, restore puts it right", async (_title, raw, blue) => {
    const world = changed(raw, blue);
    const before = world.forward;
    const seen = await status(world.context());
    expect(seen.drift[0]).toMatch(/^route: configured is blue \d+ % · green \d+ %, live is /);
    expect(seen.next).toBe("npx bluegreen restore");

    const held = await step(world.context(), ONCE);
    expect(held).toMatchObject({ exitCode: 10, finished: true, situation: "drift" });
    expect(held.sentence).toMatch(/holding, because the route is not as (deployed|the release has it)/);
    expect(held.sentence).toContain("npx bluegreen restore");
    expect({ forward: world.forward, updates: world.updates }).toEqual({ forward: before, updates: 0 });

    const done = await restore(world.context());
    expect(done).toMatchObject({ exitCode: 0, restored: true, after: world.config.split });
    expect(world.live).toEqual(world.config.split);
    expect((await status(world.context())).drift).toEqual([]);
  });

  test("restore writes one update of the route, refreshed, with both splits in the audit log", async () => {
    const world = changed(sharing(10), 63);
    await restore(world.context());
    expect(world.log).toEqual([
      "route: bluegreen: the route goes back to blue 90 % · green 10 %, as deployed; it had blue 63 % · green 37 %",
    ]);
    expect(world.config.release).toMatchObject({ state: "running", weight: 10 });
  });

  test("a rollout ends with exit 10, and after restore it goes on and watches the share anew", async () => {
    const world = changed(
      { ...sharing(10), release: { ...sharing(10).release, liveSince: "2026-01-01T00:00:00Z" } },
      63,
    );
    world.clock.advance(20 * 60_000);
    expect(await rollout(world.context(), { pollMs: 10_000 })).toMatchObject({
      exitCode: 10,
      result: "waits",
    });
    await restore(world.context());
    expect(await step(world.context(), ONCE)).toMatchObject({ verdict: { kind: "hold", why: "baking" } });
  });

  test("step rolls a candidate back that fails with the users that it got, and tells both", async () => {
    const world = changed(sharing(10), 63);
    world.clock.advance(5 * 60_000);
    world.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
    const done = await step(world.context(), ONCE);
    expect(done).toMatchObject({ exitCode: 20, situation: "drift", split: { blue: 100, green: 0 } });
    expect(done.sentence).toMatch(/green is rolled back from 37 %: error-rate /);
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config.release?.state).toBe("rolledBack");
  });
});

describe("while the route is not as deployed, a rollout", () => {
  /** Something goes wrong with the candidate after a few checks. */
  const failsLater = (world: World) =>
    world.clock.after(5 * 60_000, () => {
      world.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
    });

  test.each([
    ["raised", changed(sharing(10), 63)],
    ["given to a candidate that waits", changed(candidateReady(), 63)],
    ["of weights that are no whole percents", changed(sharing(10), Number.NaN)],
  ])("watches the users of a share that was %s, and moves them back when it fails", async (_title, world) => {
    failsLater(world);
    const startMs = world.clock.now();
    expect(await rollout(world.context(), { pollMs: 10_000 })).toMatchObject({
      exitCode: 20,
      result: "rolledBack",
    });
    expect(world.clock.now() - startMs).toBeLessThan(6 * 60_000);
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config).toMatchObject({ activeSlot: "blue", release: { state: "rolledBack" } });
  });

  test("moves nobody while the gates pass, and needs manual action at the deadline, not before", async () => {
    const world = changed(sharing(10), 63);
    const before = world.forward;
    const deadlineMs = Date.parse(world.config.release?.deadline ?? "");
    const ended = await rollout(world.context(), { pollMs: 10_000 });
    expect(ended).toMatchObject({ exitCode: 10, result: "waits" });
    expect(ended.sentence).toContain("the deadline has passed");
    expect(ended.sentence).toContain("npx bluegreen restore");
    expect(world.clock.now()).toBeGreaterThanOrEqual(deadlineMs);
    expect({ forward: world.forward, updates: world.updates }).toEqual({ forward: before, updates: 0 });
  });

  test("moves all traffic back at the deadline when the policy says so", async () => {
    const world = changed({ ...sharing(10), rollout: { ...sharing(10).rollout, atDeadline: "revert" } }, 63);
    expect(await rollout(world.context(), { pollMs: 10_000 })).toMatchObject({ exitCode: 20 });
    expect(world.live.green).toBe(0);
  });

  test("goes on by itself once a person has restored it", async () => {
    const world = changed(sharing(10), 63);
    let sleeps = 0;
    world.onSleep = () => {
      sleeps += 1;
      if (sleeps === 3) world.setLive(90);
    };
    expect(await rollout(world.context(), { pollMs: 10_000 })).toMatchObject({
      exitCode: 0,
      result: "promoted",
    });
  });

  test("leaves it to the rollout that owns the release", async () => {
    const raw = sharing(10);
    const world = changed({ ...raw, release: { ...raw.release, owner: "ann@elsewhere:7 since x" } }, 63);
    const ownership = { takeOver: false, fateOfRun: () => "runs" as const };
    const left = await rollout(world.context(), { pollMs: 10_000, ownership });
    expect(left).toMatchObject({ exitCode: 10, result: "waits", last: { situation: "drift" } });
    expect(left.sentence).toContain("belongs to the rollout of");
  });

  test("has nothing to watch when no release is open", async () => {
    const ended = await rollout(changed(promoted(), 30).context(), { pollMs: 10_000 });
    expect(ended).toMatchObject({ last: { situation: "drift", finished: true, exitCode: 10 } });
  });
});

describe("restore", () => {
  test("has nothing to do on a route as deployed", async () => {
    for (const raw of [oneModel(), sharing(10), promoted()]) {
      const world = new World(raw);
      expect(await restore(world.context())).toMatchObject({ exitCode: 0, restored: false });
      expect(world.updates).toBe(0);
    }
  });

  test("does not undo a revert", async () => {
    const world = changed(sharing(10), 100);
    await expect(restore(world.context())).rejects.toMatchObject({ code: "BG166", exitCode: 64 });
    expect(world.live.green).toBe(0);
  });

  test("says so when the route cannot be read, and when somebody holds the stack", async () => {
    const silent = changed(sharing(10), 63);
    silent.failing = { route: "ECONNREFUSED" };
    await expect(restore(silent.context())).rejects.toMatchObject({ code: "BG167", exitCode: 70 });
    const busy = changed(sharing(10), 63);
    busy.locks = [{ who: "ann@box (pid 7)", dead: false }];
    await expect(restore(busy.context())).rejects.toMatchObject({ code: "BG131", exitCode: 10 });
  });
});
