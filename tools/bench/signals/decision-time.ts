import { rolloutFields } from "../../../contract/config/sections.ts";
import type { ComparisonData, RawCounts, RawMinute } from "../../../validation/core/comparison/data.ts";
import { judge, type JudgementInput } from "../../../validation/core/comparison/judgement.ts";
import { quantile } from "../decision/bounds.ts";
import { randomOf } from "../decision/random.ts";
import { drawSignal } from "./day.ts";
import { poissonOf } from "./draw.ts";
import { MINUTE_MS } from "./labels.ts";
import { DAY, world, type SegmentsPlan } from "./world.ts";

const SIGNALS = 6;
const SEGMENTS = 20;
const LOOKS = 11;

/** Milliseconds of the processor for one decision over a day and the history before it: without signals, and with 6 of 20 segments each. */
export function decisionTime() {
  const random = randomOf(1);
  const plan = (index: number): SegmentsPlan => ({
    plan: "segments",
    name: `signal-${index}`,
    action: "rollback",
    rate: 0.02,
    areDeclared: true,
    segments: Array.from({ length: SEGMENTS }, () => ({ part: 1 / SEGMENTS, ratio: 1 })),
  });
  const day = world("a day");
  const signals = Array.from({ length: SIGNALS }, (_, index) => drawSignal(plan(index), day, random).series);
  const counts = (requests: number): RawCounts => {
    const errors = poissonOf(random, requests * 0.005);
    return {
      requests,
      answered: requests - errors,
      redirects: 0,
      refusals: 0,
      errors,
      refused: 0,
      timed: requests,
      late: 0,
      slow: [poissonOf(random, requests * 0.1), poissonOf(random, requests * 0.01)],
      custom: [],
      healthy: 2,
    };
  };
  const data: ComparisonData = {
    minutes: Array.from({ length: DAY }, (_, index): RawMinute => ({
      atMs: index * MINUTE_MS,
      candidate: counts(60),
      active: counts(540),
    })),
    slowThresholds: [0.9, 0.99].map((q) => ({ quantile: q, seconds: 0.2, samples: 100_000 })),
    customMetrics: [],
    signals: [],
    zones: [0, 1].map(() => Array.from({ length: 2 * DAY }, () => counts(270))),
    zonesFromMs: -DAY * MINUTE_MS,
    historyMinutes: DAY,
  };
  return { withoutMs: medianMs(data), withSixOfTwentySegmentsMs: medianMs({ ...data, signals }) };
}

function medianMs(data: ComparisonData): number {
  const policy = Object.fromEntries(
    Object.entries(rolloutFields).map(([key, field]) => [key, field.default]),
    // The defaults of the contract's own fields, so they have the contract's types.
  ) as unknown as JudgementInput["policy"];
  const times = Array.from({ length: LOOKS }, () => {
    const before = process.cpuUsage();
    judge({
      data,
      earlier: new Map(),
      nowMs: (DAY + 5) * MINUTE_MS,
      stepSinceMs: (DAY - 60) * MINUTE_MS,
      splitSinceMs: 0,
      share: 10,
      sticky: false,
      attempt: 1,
      visits: 1,
      policy,
    });
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.round(quantile(times, 0.5) * 10) / 10;
}
