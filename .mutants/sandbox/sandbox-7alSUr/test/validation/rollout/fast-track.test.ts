import { describe, expect, test } from "vitest";
import { history } from "../../../validation/insight/history.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { candidateReady, DIGEST } from "../support/samples.ts";
import { World } from "../support/world.ts";

const OPTIONS = { pollMs: 10_000, skipTests: true };

/** v2 was promoted as `v2-g1` before, as far as the history tells, and waits on green again. */
function world(policy: object, digest = DIGEST("b")): World {
  const made = new World({
    ...candidateReady(),
    rollout: { ...candidateReady().rollout, bakeMinutes: 20, ...policy },
  });
  const { release } = made.config;
  if (release === undefined) throw new Error("the sample has a release");
  const before = { ...release, id: "v2-g1", digest, state: "promoted" as const, weight: 100 };
  made.history = [{ succeeded: true, message: "", release: before, modelVersion: "2" }];
  return made;
}

async function minutes(one: World): Promise<number> {
  const startMs = one.clock.now();
  expect(await rollout(one.context(), OPTIONS)).toMatchObject({ exitCode: 0, result: "promoted" });
  return (one.clock.now() - startMs) / 60_000;
}

describe("the fast track", () => {
  test("spares a digest that was promoted lately the bakes, and says so in the audit log", async () => {
    const one = world({ fastTrackReleases: 1 });
    // Three steps, each with the minutes that the alarms need.
    expect(await minutes(one)).toBeLessThan(20);
    expect(one.log[0]).toBe(
      "route: bluegreen: release v2-g3 starts at 10 %, without bakes: promoted before as v2-g1",
    );
    expect(one.config.release?.fastTrack).toBe("v2-g1");
  });

  test.each([
    ["is off unless the policy allows it", world({})],
    ["is not for another digest", world({ fastTrackReleases: 5 }, DIGEST("c"))],
  ])("%s", async (_title, one) => {
    expect(await minutes(one)).toBeGreaterThan(60);
    expect(one.config.release?.fastTrack).toBe("");
  });

  test("is not for a history that cannot be read", async () => {
    const one = world({ fastTrackReleases: 1 });
    const context = one.context();
    const updates = () => Promise.reject(new Error("ECONNRESET"));
    await rollout({ ...context, store: { ...context.store, updates } }, OPTIONS);
    expect(one.config.release?.fastTrack).toBe("");
    expect(one.events).toContainEqual({
      kind: "note",
      message: "no fast track, because the history could not be read (ECONNRESET)",
    });
  });

  test("spares no gate: what fails is rolled back, what has no evidence waits", async () => {
    const failing = world({ fastTrackReleases: 1 });
    failing.clock.after(150_000, () => {
      failing.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: failing.clock.now() };
    });
    expect(await rollout(failing.context(), OPTIONS)).toMatchObject({ exitCode: 20 });
    const silent = world({ fastTrackReleases: 1 });
    silent.requestsPerMinute = 1;
    expect(await rollout(silent.context(), OPTIONS)).toMatchObject({ exitCode: 11 });
    expect(silent.live.green).toBe(10);
  });
});

describe("history", () => {
  test("tells the releases of the update history, at most as many as asked for", async () => {
    const one = world({});
    await rollout(one.context(), OPTIONS);
    const told = await history(one.context(), 10);
    expect(told).toMatchObject({ exitCode: 0, sentence: "2 releases" });
    expect(told.releases).toMatchObject([
      { id: "v2-g3", outcome: "promoted", shares: [10, 50, 100] },
      { id: "v2-g1", outcome: "promoted" },
    ]);
    expect(await history(one.context(), 1)).toMatchObject({
      sentence: "the last 1 of 2 releases",
      releases: [{ id: "v2-g3" }],
    });
  });

  test("says when there is none", async () => {
    const one = world({});
    one.history = [];
    expect(await history(one.context(), 10)).toMatchObject({
      exitCode: 0,
      sentence: "no release yet",
      releases: [],
    });
  });
});
