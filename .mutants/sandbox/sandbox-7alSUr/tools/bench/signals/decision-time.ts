import type { ComparisonData } from "../../../validation/core/comparison/data.ts";
import { quantile } from "../decision/bounds.ts";
import { randomOf } from "../decision/random.ts";
import { dayOfCounts, decideOnce } from "../support/day-of-counts.ts";
import { drawSignal } from "./day.ts";
import { poissonOf } from "./draw.ts";
import { world, type SegmentsPlan } from "./world.ts";

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
  const data = dayOfCounts((requests, rate) => poissonOf(random, requests * rate));
  return { withoutMs: medianMs(data), withSixOfTwentySegmentsMs: medianMs({ ...data, signals }) };
}

function medianMs(data: ComparisonData): number {
  const times = Array.from({ length: LOOKS }, () => {
    const before = process.cpuUsage();
    decideOnce(data);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.round(quantile(times, 0.5) * 10) / 10;
}
