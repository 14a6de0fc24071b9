import { describe, expect, it } from "vitest";
import { splitOf } from "../../contract/route/split.ts";
import type { PublishLag } from "../../packages/local-cloud/metrics/store.ts";
import { sampled } from "../support/sampled.ts";
import { IMAGE, OTHER_IMAGE } from "../infra/configs.ts";
import { inAlarm, lookingAt } from "./support/gates-by-the-minute.ts";
import { MINUTE_MS, stackByTheMinute, type Quality } from "./support/minutes.ts";
import { seeded } from "./support/seeded.ts";

const GOOD: Quality = { failed: 0, slow: 0.02, errors: 0.005 };
/** What a candidate may be like, and whether anybody may have users on it. */
const CANDIDATES = {
  "fails all": { quality: { ...GOOD, errors: 1 }, requests: 200, bad: true },
  "fails 20 %": { quality: { ...GOOD, errors: 0.2 }, requests: 200, bad: true },
  slow: { quality: { ...GOOD, slow: 0.5 }, requests: 200, bad: true },
  "no healthy target": { quality: { ...GOOD, healthy: 0 }, requests: 200, bad: true },
  quiet: { quality: GOOD, requests: 0, bad: false },
  healthy: { quality: GOOD, requests: 200, bad: false },
} as const;
type Name = keyof typeof CANDIDATES;
const NAMES = Object.keys(CANDIDATES) as readonly Name[];
const WATCHED_MINUTES = 15;
const LAGS = sampled([60, 180, 300], [180]);
const SHARES = sampled([50, 100], [100]);

interface Noticed {
  /** Minutes after its first user until an alarm was in ALARM, a gate failed, and the watchdog had rolled it back. */
  readonly alarm: number | undefined;
  readonly gate: number | undefined;
  readonly watchdog: number | undefined;
}

/** A candidate gets a share at once; manually, where only alarms and gates are asked, and as a release. */
async function noticed(name: Name, lag: PublishLag, share: number): Promise<Noticed> {
  const { quality, requests } = CANDIDATES[name];
  const minutes = { blue: GOOD, green: quality };
  const manual = await standing(lag);
  const config = manual.deploy({ ...STACK, greenWeight: share });
  const look = lookingAt(manual, { config, split: splitOf("blue", share), firstShare: true });
  let alarm: number | undefined;
  let gate: number | undefined;
  for (let minute = 1; minute <= WATCHED_MINUTES && !(alarm && gate); minute++) {
    await manual.minute(requests, minutes);
    const failing = await inAlarm(manual);
    expect(failing.filter((label) => label.startsWith("blue"))).toEqual([]);
    if (failing.length > 0) alarm ??= minute;
    const answers = await look("green");
    if (answers.some(({ answer }) => answer.kind === "fail")) gate ??= minute;
  }
  const released = await standing(lag);
  const stepSince = new Date(released.clock.now()).toISOString();
  const deadline = new Date(released.clock.now() + 60 * MINUTE_MS).toISOString();
  const release = { id: "v8-g1", slot: "green", state: "running", weight: share, stepSince, deadline };
  released.deploy({
    ...STACK,
    greenWeight: share,
    release,
    rollout: { ...STACK.rollout, steps: share === 100 ? [100] : [share, 100] },
  });
  let watchdog: number | undefined;
  for (let minute = 1; minute <= WATCHED_MINUTES && watchdog === undefined; minute++) {
    await released.minute(requests, minutes);
    if (released.share("green") === 0) watchdog = minute;
  }
  return { alarm, gate, watchdog };
}

const STACK = {
  activeSlot: "blue",
  blue: { image: IMAGE, modelVersion: "7" },
  green: { image: OTHER_IMAGE, modelVersion: "8" },
  // Gates let a candidate be slow at first, which is not what is late here; the alarms and the watchdog never do.
  rollout: { warmupMinutes: 0 },
} as const;

/** A stack whose candidate has stood by for long enough that CloudWatch has heard of it, at any lag. */
async function standing(lag: PublishLag, minutes = 10) {
  const world = stackByTheMinute(seeded(5), lag);
  world.deploy(STACK);
  for (let minute = 0; minute < minutes; minute++) await world.minute(200, { blue: GOOD, green: GOOD });
  return world;
}

const never: Noticed = { alarm: undefined, gate: undefined, watchdog: undefined };
const latest = ({ alarm, gate, watchdog }: Noticed) =>
  Math.max(...[alarm, gate, watchdog].map((minute) => minute ?? Infinity));

describe.each(SHARES)("a candidate at its first share of %i percent", (share) => {
  it.each(NAMES)("that is %s is judged alike however late CloudWatch is", async (name) => {
    const punctual = await noticed(name, 0, share);
    for (const lagSeconds of LAGS) {
      const late = await noticed(name, lagSeconds * 1000, share);
      if (!CANDIDATES[name].bad) expect([punctual, late]).toEqual([never, never]);
      // Nobody can know before CloudWatch does, and nothing comes on top of its lag.
      else expect(latest(late)).toBeLessThanOrEqual(latest(punctual) + lagSeconds / 60);
    }
  });
});

describe("metrics that come at different times", () => {
  const early =
    (metricName: string): PublishLag =>
    (metric) =>
      metric.metricName === metricName ? 0 : 300_000;
  const late =
    (metricName: string): PublishLag =>
    (metric) =>
      metric.metricName === metricName ? 300_000 : 0;
  it.each([
    ["the hosts five minutes before all others", early("HealthyHostCount")],
    ["the hosts five minutes after all others", late("HealthyHostCount")],
    ["the requests five minutes after all others", late("RequestCount")],
  ])("hide no candidate that fails, and set off no alarm of a good one: %s", async (_when, lag) => {
    expect(latest(await noticed("fails 20 %", lag, 100))).toBeLessThanOrEqual(9);
    expect(await noticed("healthy", lag, 100)).toEqual(never);
  });
});

it.each([0, 300_000])(
  "a candidate without any task is rolled back by what ELB says, at a lag of %i ms",
  async (lag) => {
    const world = await standing(lag);
    const stepSince = new Date(world.clock.now()).toISOString();
    const release = { id: "v8-g1", slot: "green", state: "running", weight: 10, stepSince };
    const deadline = new Date(world.clock.now() + 60 * MINUTE_MS).toISOString();
    world.deploy({ ...STACK, greenWeight: 10, release: { ...release, deadline } });
    await world.minute(200, { blue: GOOD, green: { ...GOOD, healthy: undefined } });
    expect(world.share("green")).toBe(0);
  },
);

describe("a CloudWatch that is five minutes late", () => {
  const lag = 300_000;
  const BAD: Quality = { ...GOOD, errors: 0.2 };
  const release = (world: Awaited<ReturnType<typeof standing>>, id: string, share: number) => ({
    ...STACK,
    greenWeight: share,
    rollout: { ...STACK.rollout, steps: [share, 100] },
    release: {
      id,
      slot: "green",
      state: "running",
      weight: share,
      stepSince: new Date(world.clock.now()).toISOString(),
      deadline: new Date(world.clock.now() + 120 * MINUTE_MS).toISOString(),
    },
  });

  it("makes no incident of both slots a fault of the candidate, to the watchdog or to the gates", async () => {
    const world = await standing(lag);
    const config = world.deploy(release(world, "v8-g1", 50));
    const look = lookingAt(world, { config, split: splitOf("blue", 50), firstShare: true });
    for (let minute = 0; minute < 15; minute++) {
      await world.minute(200, { blue: BAD, green: BAD });
      const failing = (await look("green")).filter(({ answer }) => answer.kind === "fail");
      expect(failing.map(({ gate }) => gate)).toEqual([]);
    }
    expect(world.share("green")).toBe(50);
  });

  it("rolls no new candidate back for what the one before it did on the slot", async () => {
    const world = await standing(lag);
    world.deploy(release(world, "v8-g1", 50));
    while (world.share("green") > 0) await world.minute(200, { blue: GOOD, green: BAD });
    const { length } = world.state.writtenAtMs;
    const config = world.deploy(release(world, "v9-g2", 50));
    const look = lookingAt(world, { config, split: splitOf("blue", 50), firstShare: true });
    let stale = 0;
    for (let minute = 0; minute < 15; minute++) {
      await world.minute(200, { blue: GOOD, green: GOOD });
      const failing = (await look("green")).filter(({ answer }) => answer.kind === "fail");
      expect(failing.map(({ gate }) => gate)).toEqual([]);
      if ((await inAlarm(world)).length > 0) stale += 1;
    }
    expect(stale).toBeGreaterThan(3);
    expect(world.state.writtenAtMs).toHaveLength(length);
  });
});

describe("the alarm that pages for a slot without tasks", () => {
  const NONE: Quality = { ...GOOD, healthy: undefined };
  const paged = ({ alarmAtMs, alarmNames }: Awaited<ReturnType<typeof standing>>) =>
    alarmAtMs.filter(({ name }) => name === alarmNames.green);

  it.each([0, 180_000, 300_000])(
    "is silent while one starts, and for as long as it runs (lag %i ms)",
    async (lag) => {
      const world = stackByTheMinute(seeded(6), lag);
      world.deploy(STACK);
      const starts = [
        ...Array.from({ length: 4 }, () => NONE),
        ...Array.from({ length: 4 }, () => ({ ...GOOD, healthy: 0 })),
      ];
      for (const green of [...starts, ...Array.from({ length: 40 }, () => GOOD)])
        await world.minute(200, { blue: GOOD, green });
      expect(paged(world)).toEqual([]);
    },
  );

  it.each([
    ["nothing is heard of it", NONE, 0, 10],
    ["nothing is heard of it, late", NONE, 300_000, 10],
    ["none of its tasks is healthy", { ...GOOD, healthy: 0 }, 0, 8],
    ["none of its tasks is healthy, late", { ...GOOD, healthy: 0 }, 300_000, 13],
  ])("tells once when %s", async (_what, green, lag, within) => {
    const world = await standing(lag, 20);
    const sinceMs = world.clock.now();
    for (let minute = 0; minute < 20; minute++) await world.minute(200, { blue: GOOD, green });
    const [first, ...more] = paged(world);
    expect(more).toEqual([]);
    expect(((first?.atMs ?? Infinity) - sinceMs) / MINUTE_MS).toBeLessThanOrEqual(within);
  });

  it("tells of tasks that never come, when they should have", async () => {
    const world = stackByTheMinute(seeded(7));
    world.deploy(STACK);
    for (let minute = 0; minute < 20; minute++) await world.minute(200, { blue: GOOD, green: NONE });
    expect(paged(world)).toHaveLength(1);
  });
});
