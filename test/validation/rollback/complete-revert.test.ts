import { describe, expect, test } from "vitest";
import { readRevertMark, RETREAT_TAG, WATCHDOG_TAG, writeMark } from "../../../contract/route/route-tags.ts";
import { completeRevert, rollBackRelease } from "../../../validation/rollback/reconcile.ts";
import { revert } from "../../../validation/rollback/revert.ts";
import { promoted, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";
import { BACK, compared, FAILING, momentOf, releaseOf } from "../support/rolled-back.ts";

describe("a rollback of which Pulumi does not know yet", () => {
  /** Everyone is on blue, and the deployed configuration says otherwise. */
  const reverted = (world: World, tag?: typeof WATCHDOG_TAG | typeof RETREAT_TAG) => {
    world.setLive(100);
    world.clock.advance(60_000);
    const mark = { releaseId: releaseOf(world).id, atMs: world.clock.now(), reason: "bad" };
    if (tag !== undefined) world.tags = { ...world.tags, [tag]: writeMark(mark) };
    return world;
  };

  test.each([
    ["by the watchdog, whose mark is there", sharing(50), WATCHDOG_TAG, undefined],
    ["by somebody who left none", sharing(50), undefined, "v2-g3"],
    ["after a promotion", promoted(), undefined, undefined],
  ] as const)(
    "leaves a mark, where Pulumi cannot be told again, only of an open release that has none: %s",
    async (_title, raw, tag, marked) => {
      const world = reverted(new World(raw), tag);
      world.failing.apply = "engine broke";
      const outcome = await completeRevert(momentOf(world), "blue");
      expect(outcome).toMatchObject({ exitCode: 20, finished: true, situation: "reverted", split: BACK });
      expect(outcome.sentence).toContain("; traffic is back, state pending: engine broke");
      expect(readRevertMark(world.tags)?.releaseId).toBe(marked);
    },
  );

  test("is no end of the release where the mark says that it gave its users back in doubt", async () => {
    const world = reverted(new World(sharing(50)), RETREAT_TAG);
    const outcome = await completeRevert(momentOf(world), "blue");
    expect(outcome).toMatchObject({
      exitCode: 0,
      finished: false,
      situation: "reverted",
      split: BACK,
      sentence: "users went back in doubt at 2026-01-01T00:01:00.000Z: bad",
      release: { state: "running", weight: 0, retreats: [{ from: 50, reason: "bad" }] },
    });
    expect(world.emergencyWrites).toBe(0);
  });

  test("waits for a second look where nobody says what was done: the mark comes a moment after the users", async () => {
    const world = reverted(new World(sharing(50)));
    world.onSleep = () => {
      const mark = { releaseId: releaseOf(world).id, atMs: world.clock.now(), reason: "in doubt" };
      world.tags = { ...world.tags, [RETREAT_TAG]: writeMark(mark) };
    };
    const outcome = await completeRevert(momentOf(world), "blue");
    expect(outcome).toMatchObject({ exitCode: 0, finished: false });
    expect(releaseOf(world)).toMatchObject({
      state: "running",
      retreats: [{ from: 50, reason: "in doubt" }],
    });
  });

  test("waits a minute for whoever moved the users to say why, and takes it for a person's after that", async () => {
    for (const sleeps of [8, 16]) {
      const world = reverted(new World(sharing(50)));
      let left = sleeps;
      world.onSleep = () => {
        left -= 1;
        if (left !== 0) return;
        const mark = { releaseId: releaseOf(world).id, atMs: world.clock.now(), reason: "in doubt" };
        world.tags = { ...world.tags, [RETREAT_TAG]: writeMark(mark) };
      };
      const outcome = await completeRevert(momentOf(world), "blue");
      expect(outcome.finished, `after ${5 * sleeps} s`).toBe(sleeps === 16);
    }
  });

  test("is none where whoever moved the users has told Pulumi by the second look", async () => {
    const world = reverted(new World(sharing(50)));
    world.onSleep = () => {
      world.onSleep = () => {};
      const release = { ...releaseOf(world), weight: 0 };
      const change = { greenWeight: 0, release, generation: world.config.generation + 1 };
      world.apply({ change, scope: "route", refresh: false, message: "the other one" });
    };
    const outcome = await completeRevert(momentOf(world), "blue");
    expect(outcome).toMatchObject({ exitCode: 0, finished: false, situation: "reverted" });
    expect(outcome.sentence).toBe("another process changed the split; looking again");
    expect(world.updates).toBe(1);
    expect(releaseOf(world).state).toBe("running");
  });

  test("stays pending, and the release as it was, where that still cannot be written down", async () => {
    const world = reverted(new World(sharing(50)), RETREAT_TAG);
    world.failing.apply = "engine broke";
    const outcome = await completeRevert(momentOf(world), "blue");
    expect(outcome).toMatchObject({ exitCode: 0, finished: false, release: { weight: 50 } });
    expect(outcome.sentence).toBe(
      "users went back in doubt at 2026-01-01T00:01:00.000Z: bad; state pending: engine broke",
    );
  });

  test("is refused all the same when a person reverts before Pulumi is told", async () => {
    const world = compared();
    world.failing.apply = "engine broke";
    await rollBackRelease(momentOf(world), "blue", FAILING, "sharing");
    world.failing = {};
    const args = { routeArn: undefined, to: undefined, reason: "by ann", startedWallMs: 0, wait: false };
    expect(await revert(world.context(), args)).toMatchObject({ exitCode: 0, pulumi: "inLine" });
    expect(releaseOf(world)).toMatchObject({
      state: "rolledBack",
      compared: { refused: "too slow too wrong" },
    });
  });

  test("is refused all the same when another process took it for a person's revert meanwhile", async () => {
    const world = compared();
    const before = momentOf(world);
    world.setLive(100);
    await completeRevert(momentOf(world), "blue");
    expect(releaseOf(world)).not.toHaveProperty("compared.refused");
    await rollBackRelease(before, "blue", FAILING, "sharing");
    expect(releaseOf(world)).toMatchObject({
      state: "rolledBack",
      compared: { refused: "too slow; too wrong" },
    });
  });

  test("is refused all the same when another process tells Pulumi of it", async () => {
    const world = compared();
    world.failing.apply = "engine broke";
    await rollBackRelease(momentOf(world), "blue", FAILING, "sharing");
    world.failing = {};
    const outcome = await completeRevert(momentOf(world), "blue");
    expect(outcome).toMatchObject({ exitCode: 20, finished: true });
    expect(outcome.sentence).toMatch(
      /^the gates rolled users back at \S+: too slow too wrong; all traffic is on blue/,
    );
    expect(releaseOf(world)).toMatchObject({
      state: "rolledBack",
      reason: "too slow too wrong",
      compared: { refused: "too slow too wrong" },
    });
  });
});
