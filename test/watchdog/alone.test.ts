import { describe, expect, it } from "vitest";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import { readWatchdogMark } from "../../contract/route/route-tags.ts";
import { sampled } from "../support/sampled.ts";
import type { WrittenConfig } from "../support/written-config.ts";
import { IMAGE, OTHER_IMAGE } from "../infra/configs.ts";
import { MINUTE_MS, stackByTheMinute, type Quality } from "./support/minutes.ts";
import { seeded } from "./support/seeded.ts";

type World = ReturnType<typeof stackByTheMinute>;
const RELEASES = sampled(100, 10);
const GOOD: Quality = { failed: 0.005, slow: 0.02 };
const BAD: Quality = { failed: 0.2, slow: 0.02 };
const both = (blue: Quality, green: Quality) => ({ blue, green });
const iso = (ms: number) => new Date(ms).toISOString();

/** A release that shifts `share` to the slot that is not active, with an hour to decide the step. */
function shifting(
  world: World,
  activeSlot: Slot,
  id: string,
  share: number,
  own: WrittenConfig = {},
): WrittenConfig {
  const slot = otherSlot(activeSlot);
  const nowMs = world.clock.now();
  const release = {
    id,
    slot,
    state: "running",
    weight: share,
    stepSince: iso(nowMs),
    deadline: iso(nowMs + 60 * MINUTE_MS),
  };
  return {
    activeSlot,
    blue: { image: IMAGE, modelVersion: "7" },
    green: { image: OTHER_IMAGE, modelVersion: "8" },
    [`${slot}Weight`]: share,
    release,
    ...own,
  };
}

/** A stack with a candidate that has no users yet, and alarms that have seen their tasks. */
async function idle(seed: number): Promise<World> {
  const world = stackByTheMinute(seeded(seed));
  world.deploy(shifting(world, "blue", "", 0, { release: {} }));
  for (let minute = 0; minute < 6; minute++) await world.minute(600, both(GOOD, GOOD));
  return world;
}

describe("given a rollout that is dead, and nobody left but the watchdog", () => {
  it("a candidate that fails one request in five is at 0 within two alarm periods after its alarm, 20 of 20", async () => {
    const seconds: number[] = [];
    for (let seed = 1; seed <= 20; seed++) {
      const world = await idle(seed);
      // The release begins anywhere within a minute.
      world.clock.advance(seed * 2_900);
      const sinceMs = world.clock.now();
      world.deploy(shifting(world, "blue", `v8-g${seed}`, 10));
      for (let minute = 0; minute < 12; minute++) await world.minute(600, both(GOOD, BAD));
      expect(world.share("green")).toBe(0);
      const [alarm] = world.alarmAtMs.filter(
        ({ name, atMs }) => name === world.alarmNames.green && atMs > sinceMs,
      );
      const [written, ...more] = world.state.writtenAtMs;
      expect(more).toEqual([]);
      seconds.push(((written ?? Number.NaN) - (alarm?.atMs ?? Number.NaN)) / 1000);
      expect(readWatchdogMark(world.state.tags)).toMatchObject({ releaseId: `v8-g${seed}` });
    }
    expect(seconds.length).toBe(20);
    expect(Math.max(...seconds)).toBeLessThanOrEqual(120);
  });

  it.each([
    ["revert", 0],
    ["hold", 25],
  ] as const)(
    "a healthy one past its deadline is where the policy says: %s is %i percent",
    async (atDeadline, share) => {
      const world = await idle(7);
      world.deploy(shifting(world, "blue", "v8-g1", 25, { rollout: { atDeadline } }));
      for (let minute = 0; minute < 59; minute++) await world.minute(600, both(GOOD, GOOD));
      expect(world.share("green")).toBe(25);
      for (let minute = 0; minute < 10; minute++) await world.minute(600, both(GOOD, GOOD));
      expect(world.share("green")).toBe(share);
    },
  );

  it("an update that was under way and gives the candidate its share again is rolled back within a minute", async () => {
    const world = await idle(9);
    const late = shifting(world, "blue", "v8-g1", 50);
    world.deploy(shifting(world, "blue", "v8-g1", 25));
    while (world.share("green") > 0) await world.minute(600, both(GOOD, BAD));
    world.deploy(late);
    expect(world.share("green")).toBe(50);
    await world.minute(600, both(GOOD, BAD));
    expect(world.share("green")).toBe(0);
  });

  it("a traffic share shifted manually that fails stays where it is, unless it may be rolled back", async () => {
    for (const watchdogManual of [false, true]) {
      const world = await idle(11);
      world.deploy(shifting(world, "blue", "", 10, { release: {}, rollout: { watchdogManual } }));
      for (let minute = 0; minute < 12; minute++) await world.minute(600, both(GOOD, BAD));
      expect(world.share("green")).toBe(watchdogManual ? 0 : 10);
    }
  });
});

describe("given an incident that hits both slots", () => {
  it("the watchdog leaves the candidate alone: it is no fault of it", async () => {
    const world = await idle(13);
    world.deploy(shifting(world, "blue", "v8-g1", 50));
    for (let minute = 0; minute < 12; minute++) await world.minute(600, both(BAD, BAD));
    expect(world.share("green")).toBe(50);
  });

  it("nor when it begins in the minute in which the candidate gets more users", async () => {
    const world = await idle(14);
    world.deploy(shifting(world, "blue", "v8-g1", 10));
    for (let minute = 0; minute < 8; minute++) await world.minute(600, both(GOOD, GOOD));
    world.deploy(shifting(world, "blue", "v8-g1", 50));
    for (let minute = 0; minute < 12; minute++) await world.minute(600, both(BAD, BAD));
    expect(world.share("green")).toBe(50);
  });

  it("but not a candidate that is far worse than the active slot in the same minutes", async () => {
    const world = await idle(15);
    world.deploy(shifting(world, "blue", "v8-g1", 50));
    for (let minute = 0; minute < 12; minute++) await world.minute(600, both(BAD, { ...BAD, failed: 0.8 }));
    expect(world.share("green")).toBe(0);
  });
});

describe("given healthy releases, one after the other", () => {
  it(`the watchdog does nothing in ${RELEASES} of them`, async () => {
    const random = seeded(2026);
    const world = stackByTheMinute(random);
    let activeSlot: Slot = "blue";
    for (let release = 1; release <= RELEASES; release++) {
      // From a trickle to a rush, with the small troubles that every model has.
      const requests = Math.round(60 * 10 ** random());
      const quality = { failed: 0.02 * random(), slow: 0.06 * random() };
      for (const share of [10, 25, 50, 100]) {
        world.deploy(shifting(world, activeSlot, `v${release}-g${release}`, share));
        for (let minute = 0; minute < 10; minute++) await world.minute(requests, both(quality, quality));
        expect(world.share(otherSlot(activeSlot))).toBe(share);
      }
      activeSlot = otherSlot(activeSlot);
      world.deploy({ ...shifting(world, activeSlot, "", 0), release: {} });
      await world.minute(requests, both(quality, quality));
    }
    expect(world.state.writtenAtMs).toEqual([]);
  });
});
