import { describe, expect, test } from "vitest";
import { WATCHDOG_TAG, writeMark } from "../../../contract/route/route-tags.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { status } from "../../../validation/insight/status.ts";
import { step } from "../../../validation/rollout/step.ts";
import { sync } from "../../../validation/stack/sync.ts";
import { candidateReady, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;
const REASON = "green-error-rate: 0.2 was greater than the threshold 0.05";

/** What the watchdog leaves behind: the route, and its mark; Pulumi knows nothing of it. */
function rolledBack(raw: Record<string, unknown> = sharing(50), releaseId?: string): World {
  const world = new World(raw);
  world.setLive(100);
  const id = releaseId ?? world.config.release?.id ?? "";
  world.clock.advance(60_000);
  const mark = { releaseId: id, atMs: world.clock.now(), reason: REASON };
  world.tags = { ...world.tags, [WATCHDOG_TAG]: writeMark(mark) };
  return world;
}

describe("after the watchdog moved users back", () => {
  test("status says so, with its reason, and what to do", async () => {
    const outcome = await status(rolledBack().context());
    expect(outcome.drift[0]).toContain("the watchdog moved users back at 2026-01-01T00:01:00.000Z");
    expect(outcome.drift[0]).toContain(REASON);
    expect(outcome.next).toBe("npx bluegreen step");
  });

  test("step ends the release as rolled back with the watchdog's reason, and moves nobody", async () => {
    const world = rolledBack();
    expect(await step(world.context(), ONCE)).toMatchObject({ exitCode: 20, situation: "reverted" });
    expect(world.config.release).toMatchObject({ state: "rolledBack" });
    expect(world.config.release?.reason).toContain(REASON);
    expect(world.config.weights).toEqual({ blue: 0, green: 0 });
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.emergencyWrites).toBe(0);
  });

  test("a rollout that lives after all says so and leaves", async () => {
    const world = rolledBack();
    const outcome = await rollout(world.context(), { pollMs: 5_000 });
    expect(outcome).toMatchObject({ exitCode: 20, result: "rolledBack" });
    expect(outcome.sentence).toContain(REASON);
    expect(world.live).toEqual({ blue: 100, green: 0 });
  });

  test("sync brings Pulumi in line first, so that the file puts nobody back", async () => {
    const world = rolledBack();
    await sync(world.context());
    expect(world.config.weights).toEqual({ blue: 0, green: 0 });
    expect(world.config.release?.state).toBe("rolledBack");
    expect(world.live).toEqual({ blue: 100, green: 0 });
  });

  test("a rollout that was killed in its first update does not begin again", async () => {
    const world = rolledBack(candidateReady());
    expect((await status(world.context())).next).toBe("npx bluegreen step");
    const outcome = await rollout(world.context(), { pollMs: 5_000 });
    expect(outcome).toMatchObject({ exitCode: 20, result: "rolledBack" });
    expect(outcome.sentence).toContain(REASON);
    expect(world.config.release?.state).toBe("rolledBack");
    expect(world.live).toEqual({ blue: 100, green: 0 });
  });

  test("a candidate does not begin while nobody can tell whether it was rolled back", async () => {
    const world = new World(candidateReady());
    const context = world.context();
    const route = { ...context.route, tags: () => Promise.reject(new Error("no tags")) };
    const options = { start: true, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined };
    const outcome = await step({ ...context, route }, options);
    expect(outcome.sentence).toContain("no tags");
    expect(world.live).toEqual({ blue: 100, green: 0 });
  });

  test("a traffic share shifted manually that it rolled back is told with its reason, too", async () => {
    const { release: _, ...manual } = sharing(50);
    const outcome = await step(rolledBack(manual, "manual").context(), ONCE);
    expect(outcome.sentence).toContain(REASON);
  });

  test("what it did to an earlier release explains nothing of this one", async () => {
    const world = rolledBack(sharing(50), "v1-g1");
    const outcome = await step(world.context(), ONCE);
    expect(outcome.sentence).toContain("rolled back by an emergency revert");
    const later = rolledBack(sharing(50), "v1-g1");
    expect((await status(later.context())).drift.join()).not.toContain("watchdog");
  });

  test("tags that cannot be read do not keep the state from following", async () => {
    const world = rolledBack();
    const context = world.context();
    const route = { ...context.route, tags: () => Promise.reject(new Error("no tags")) };
    expect(await step({ ...context, route }, ONCE)).toMatchObject({ exitCode: 20 });
    expect(world.config.release?.state).toBe("rolledBack");
  });
});
