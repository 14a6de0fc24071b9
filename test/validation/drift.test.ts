import { describe, expect, test } from "vitest";
import { restore } from "../../validation/drift.ts";
import { rollout } from "../../validation/rollout.ts";
import { status } from "../../validation/status.ts";
import { step } from "../../validation/step.ts";
import { candidateReady, oneModel, promoted, sharing } from "./support/samples.ts";
import { World } from "./support/world.ts";

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
    expect(held.sentence).toContain("holding, because the route is not as deployed");
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

  test("step tells a candidate that fails with the users that it got", async () => {
    const world = changed(sharing(10), 63);
    world.clock.advance(5 * 60_000);
    world.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
    const held = await step(world.context(), ONCE);
    expect(held.exitCode).toBe(10);
    expect(held.sentence).toMatch(/the candidate fails \(error-rate .*\): npx bluegreen revert/);
    expect(world.emergencyWrites).toBe(0);
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
