import { describe, expect, test } from "vitest";
import {
  GATES_TAG,
  readGatesMark,
  readRetreatMark,
  readRevertMark,
  REVERT_TAG,
} from "../../../contract/route/route-tags.ts";
import type { Context, Update } from "../../../validation/ports.ts";
import { restoreRoute, retreatRelease, rollBackRelease } from "../../../validation/rollback/reconcile.ts";
import { rollbackMark } from "../../../validation/rollback/rollback-mark.ts";
import { INTERNAL, worldWithCohort } from "../support/cohort-world.ts";
import { sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";
import { BACK, checked, compared, FAILING, IN_DOUBT, momentOf, releaseOf } from "../support/rolled-back.ts";

describe("a release that is rolled back", () => {
  test.each([
    ["failing", "too slow; too wrong"],
    ["deadline", undefined],
  ] as const)("refuses its digest when it is rolled back for %s: %s", async (cause, refused) => {
    const world = compared();
    const found = checked({ kind: "rollback", cause });
    const outcome = await rollBackRelease(momentOf(world), "blue", found, "sharing");
    expect(outcome).toMatchObject({
      exitCode: 20,
      finished: true,
      situation: "sharing",
      split: BACK,
      verdict: found.verdict,
      sentence: "green fails",
    });
    expect(releaseOf(world)).toMatchObject({ state: "rolledBack", reason: "too slow; too wrong" });
    expect(releaseOf(world).compared?.refused).toBe(refused);
    expect(world.live).toEqual(BACK);
    expect(world.emergencyWrites).toBe(1);
    // Pulumi knows, so nothing is left on the route that a refresh would find.
    expect([readGatesMark(world.tags), readRevertMark(world.tags)]).toEqual([undefined, undefined]);
  });

  test("tells in one sentence what tasks the users get, and whose cohort is back", async () => {
    const raw = sharing(90);
    const cohort = { name: "internal", bakeMinutes: 60, moved: true };
    const world = worldWithCohort({
      greenWeight: 90,
      release: { ...raw.release, cohort },
      cohorts: [{ ...INTERNAL, slot: "green" }],
    });
    world.desired = { blue: 1, green: 4 };
    const outcome = await rollBackRelease(momentOf(world), "blue", FAILING, "sharing");
    expect(outcome.sentence).toMatch(
      /^green fails; blue has 1 task where green had 4 for the same users, and gets as many: .*; cohort internal is back on blue$/,
    );
    // Everyone's tasks before a team's cohort: each is a whole update.
    expect(world.log.slice(-2)).toEqual([
      expect.stringContaining("gets 4 tasks for the users that are back"),
      expect.stringContaining("cohort internal goes back"),
    ]);
    expect(world.config.slots.blue.minTasks).toBe(4);
    expect(outcome.release).toEqual(releaseOf(world));
  });

  test.each([
    ["failing", GATES_TAG],
    ["deadline", REVERT_TAG],
  ] as const)("says on the route whose verdict it was before Pulumi knows: %s", async (cause, tag) => {
    const world = compared();
    world.failing.apply = "engine broke";
    await rollBackRelease(momentOf(world), "blue", checked({ kind: "rollback", cause }), "sharing");
    const marks = Object.keys(world.tags).filter((key) => key === GATES_TAG || key === REVERT_TAG);
    expect(marks).toEqual([tag]);
  });

  test("is remembered by the route while Pulumi cannot be told, and said to be pending", async () => {
    const world = compared();
    world.failing.apply = "engine broke";
    const outcome = await rollBackRelease(momentOf(world), "blue", FAILING, "sharing");
    expect(outcome.sentence).toBe("green fails; traffic is back, state pending: engine broke");
    expect(outcome).toMatchObject({ exitCode: 20, split: BACK });
    expect(readGatesMark(world.tags)).toMatchObject({ releaseId: "v2-g3", reason: "too slow too wrong" });
  });
});

describe("a release that gives its users back in doubt", () => {
  test("has none, goes on, and is told as the check tells it", async () => {
    const world = compared();
    const outcome = await retreatRelease(momentOf(world), releaseOf(world), IN_DOUBT);
    expect(outcome).toMatchObject({
      exitCode: 0,
      finished: false,
      situation: "sharing",
      split: BACK,
      verdict: IN_DOUBT.verdict,
      sentence: "green fails",
      release: { state: "running", weight: 0 },
    });
    expect(releaseOf(world).retreats).toMatchObject([{ from: 50, reason: "too slow; too wrong" }]);
    expect(world.emergencyWrites).toBe(1);
    // The mark is of before the retreat was written down, and says nothing more.
    expect(await rollbackMark(world.context(), world.deployed())).toBeUndefined();
  });

  test("writes to the load balancer nothing that it has already", async () => {
    const world = compared();
    world.setLive(100);
    await retreatRelease(momentOf(world), releaseOf(world), IN_DOUBT);
    expect(world.emergencyWrites).toBe(0);
    expect(releaseOf(world)).toMatchObject({ state: "running", weight: 0 });
  });

  test("is pending, on the route and in words, while Pulumi cannot be told", async () => {
    const world = compared();
    world.failing.apply = "engine broke";
    const outcome = await retreatRelease(momentOf(world), releaseOf(world), IN_DOUBT);
    expect(outcome).toMatchObject({
      exitCode: 0,
      finished: false,
      verdict: IN_DOUBT.verdict,
      split: BACK,
      sentence: "green fails; traffic is back, state pending: engine broke",
    });
    expect(readRetreatMark(world.tags)).toMatchObject({ releaseId: "v2-g3", reason: "too slow too wrong" });
  });

  test.each([
    ["has ended", { state: "rolledBack" }],
    ["is another one", { id: "v3-g4" }],
    ["has given its users back", { weight: 0 }],
  ])("is left as it is when by then the release %s", async (_title, now) => {
    const world = compared();
    const moment = momentOf(world);
    const asked = releaseOf(world);
    world.raw = { ...world.raw, release: JSON.stringify({ ...asked, ...now }) };
    const found = releaseOf(world);
    // Pulumi's state is in line: there is nothing to tell it.
    expect((await retreatRelease(moment, asked, IN_DOUBT)).sentence).toBe("green fails");
    expect(world.updates).toBe(0);
    expect(releaseOf(world)).toEqual(found);
    expect(world.live).toEqual(BACK);
  });
});

describe("a route that an update which was cut off has left ahead", () => {
  /** Deployed are 10 %, the route has 50 %. */
  const ahead = () => {
    const world = new World(sharing(10));
    world.setLive(50);
    return world;
  };

  test("goes back to what is deployed, in one update that looks at the cloud first", async () => {
    const world = ahead();
    const context = world.context();
    const updates: Update[] = [];
    const apply: Context["store"]["apply"] = (update) => {
      updates.push(update);
      return context.store.apply(update);
    };
    const moment = momentOf(world, { ...context, store: { ...context.store, apply } });
    const outcome = await restoreRoute(moment, releaseOf(world));
    expect(updates).toMatchObject([{ scope: "route", refresh: true }]);
    expect(world.log).toEqual([
      "route: bluegreen: release v2-g3: the route goes back to blue 90 % · green 10 %, as deployed",
    ]);
    expect(outcome).toMatchObject({
      exitCode: 0,
      finished: false,
      situation: "cutOff",
      split: { blue: 90, green: 10 },
      sentence: "an update was cut off; the route is back at blue 90 % · green 10 %, as deployed",
      agreed: { generation: 4, atMs: world.clock.now() },
    });
    expect(world.live).toEqual({ blue: 90, green: 10 });
  });

  test("is left alone when another update has ended meanwhile, although the route is still ahead", async () => {
    const world = ahead();
    const moment = momentOf(world);
    world.onSleep = () => {
      world.onSleep = () => {};
      const change = { generation: world.config.generation + 1 };
      world.apply({ change, scope: "route", refresh: false, message: "the other one" });
      world.setLive(50);
    };
    const outcome = await restoreRoute(moment, releaseOf(world));
    expect(outcome).toMatchObject({
      exitCode: 0,
      finished: false,
      sentence: "another process changed the split; looking again",
    });
    expect(world.log).toEqual(["route: the other one"]);
  });

  test("waits for whoever holds the stack", async () => {
    const world = ahead();
    world.locks = [{ who: "ann@ci (pid 7)", dead: false }];
    const outcome = await restoreRoute(momentOf(world), releaseOf(world));
    expect(outcome).toMatchObject({
      exitCode: 0,
      finished: false,
      situation: "cutOff",
      sentence: "waiting: the stack is held by ann@ci (pid 7)",
    });
    expect(world.live).toEqual({ blue: 50, green: 50 });
  });
});
