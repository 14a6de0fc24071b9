import { describe, expect, test } from "vitest";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { step } from "../../../validation/rollout/step.ts";
import { candidateReady, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;
const MINUTE = 60_000;

/** What `pulumi config set greenWeight <percent> && pulumi up` does: configuration and route agree, the release does not. */
function configure(world: World, greenWeight: number): void {
  world.apply({ change: { greenWeight }, scope: "route", refresh: false, message: "by a person" });
}

/** A rollout at 10 %, in the middle of which a person gives the candidate 77 %. */
function raised(raw: Record<string, unknown> = sharing(10)): World {
  const world = new World(raw);
  world.clock.after(MINUTE, () => configure(world, 77));
  return world;
}

const failsAt = (world: World, ms: number) =>
  world.clock.after(ms, () => {
    world.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
  });

describe("a share that a person configures while a rollout runs", () => {
  test("is watched on, and everyone is rolled back when a gate fails", async () => {
    const world = raised();
    failsAt(world, 7 * MINUTE);
    const startMs = world.clock.now();
    const ended = await rollout(world.context(), { pollMs: 10_000 });
    expect(ended).toMatchObject({ exitCode: 20, result: "rolledBack", last: { situation: "manual" } });
    expect(ended.sentence).toMatch(/^green is rolled back from 77 %: error-rate /);
    expect(world.clock.now() - startMs).toBeLessThan(8 * MINUTE);
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config).toMatchObject({ activeSlot: "blue", release: { state: "rolledBack" } });
  });

  test.each([
    ["running", sharing(10)],
    ["paused", { ...sharing(10), release: { ...sharing(10).release, state: "paused" } }],
    ["waiting without users", candidateReady()],
  ])(
    "of a release that is %s is never moved forward, and needs manual action at the deadline",
    async (_title, raw) => {
      const world = new World(raw);
      configure(world, 77);
      const { updates } = world;
      const ended = await rollout(world.context(), { pollMs: 10_000, skipTests: true });
      expect(ended).toMatchObject({ exitCode: 10, result: "waits", last: { situation: "manual" } });
      expect(ended.sentence).toContain("the deadline has passed");
      expect(ended.sentence).toMatch(/the release asked for \d+ %, but 77 % is configured/);
      expect(ended.sentence).toMatch(/pulumi config set greenWeight \d+ && pulumi up/);
      expect(ended.sentence).toContain("npx bluegreen revert");
      expect(world.clock.now()).toBeGreaterThan(world.bornMs + 20 * MINUTE);
      expect({ live: world.live.green, updates: world.updates }).toEqual({ live: 77, updates });
    },
  );

  test("goes back at the deadline when the policy says so", async () => {
    const world = raised({ ...sharing(10), rollout: { ...sharing(10).rollout, atDeadline: "revert" } });
    expect(await rollout(world.context(), { pollMs: 10_000 })).toMatchObject({ exitCode: 20 });
    expect(world.live.green).toBe(0);
  });

  test.each([
    ["needs manual action", "hold", 10, 77],
    ["goes back", "revert", 20, 0],
  ] as const)(
    "%s at the deadline also where its candidate is in doubt and had no users to give back",
    async (_title, atDeadline, exitCode, green) => {
      const raw = candidateReady();
      const world = new World({ ...raw, rollout: { ...raw.rollout, atDeadline } });
      configure(world, 77);
      const inAlarm = { state: "ALARM", sinceMs: world.clock.now() };
      for (const slot of ["blue", "green"] as const) world.alarmStates[slot]["error-rate"] = inAlarm;
      const ended = await rollout(world.context(), { pollMs: 60_000, skipTests: true });
      expect({ exitCode: ended.exitCode, green: world.live.green }).toEqual({ exitCode, green });
      expect(ended.sentence).not.toContain("gives its");
    },
  );

  test("lets the release go on when the person puts its share back", async () => {
    const world = raised();
    world.clock.after(3 * MINUTE, () => configure(world, 10));
    expect(await rollout(world.context(), { pollMs: 10_000 })).toMatchObject({
      exitCode: 0,
      result: "promoted",
    });
  });

  test("is one look for a scheduled step, which says what a person can do, and rolls a failing one back", async () => {
    const world = new World(sharing(10));
    configure(world, 77);
    expect(await step(world.context(), ONCE)).toMatchObject({
      exitCode: 10,
      finished: true,
      situation: "manual",
      verdict: { kind: "hold" },
      split: { blue: 23, green: 77 },
    });
    world.clock.advance(5 * MINUTE);
    world.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
    expect(await step(world.context(), ONCE)).toMatchObject({ exitCode: 20, situation: "manual" });
    expect(world.live.green).toBe(0);
  });
});
