import { describe, expect, it } from "vitest";
import { every, runningClock, virtualAt, type Clock } from "../clock.ts";
import { ManualClock } from "./support/manual-clock.ts";

const START_MS = Date.UTC(2026, 0, 1);

describe("a recurring action", () => {
  it("happens at each multiple of its period plus its offset", () => {
    const clock = new ManualClock(START_MS + 1_000);
    const seen: number[] = [];
    every(clock, 60_000, 3_000, () => seen.push(clock.now() - START_MS));
    clock.advance(200_000);
    expect(seen).toEqual([3_000, 63_000, 123_000, 183_000]);
  });

  it("happens once when the machine's timer fires early", () => {
    const clock = new ManualClock(START_MS);
    const hasty: Clock = {
      speed: 1,
      now: () => clock.now(),
      after: (ms, action) => clock.after(ms * 0.9, action),
    };
    const seen: number[] = [];
    every(hasty, 60_000, 0, () => seen.push(clock.now() - START_MS));
    clock.advance(119_999);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toBeGreaterThanOrEqual(60_000);
  });

  it("skips what a stalled process has missed", () => {
    const clock = new ManualClock(START_MS);
    let stallMs = 0;
    const stalled: Clock = {
      speed: 1,
      now: () => clock.now() + stallMs,
      after: (ms, action) => clock.after(ms, action),
    };
    const seen: number[] = [];
    every(stalled, 60_000, 0, () => seen.push(stalled.now() - START_MS));
    stallMs = 150_000;
    clock.advance(60_000);
    expect(seen).toEqual([210_000]);
    clock.advance(30_000);
    expect(seen).toEqual([210_000, 240_000]);
  });

  it("ends when it is cancelled", () => {
    const clock = new ManualClock(START_MS);
    let count = 0;
    const cancel = every(clock, 60_000, 0, () => (count += 1));
    clock.advance(60_000);
    cancel();
    clock.advance(600_000);
    expect(count).toBe(1);
  });
});

describe("a running clock", () => {
  it("is as many times as fast as the machine's as its speed says", () => {
    const origin = { virtualMs: START_MS, realMs: 1_000, speed: 30 };
    let realMs = 1_000;
    const clock = runningClock(origin, () => realMs);
    expect(clock.now()).toBe(START_MS);
    realMs += 2_000;
    expect(clock.now()).toBe(START_MS + 60_000);
    expect(virtualAt(origin, 500)).toBe(START_MS - 15_000);
  });
});
