import { memoryWords, isGrowing, type MemoryTrend } from "../core/memory-trend.ts";
import type { Count } from "../core/comparison/counts.ts";
import type { SignalMinute, SignalSeries } from "../core/signals/series.ts";
import {
  historyOf,
  paired,
  usageOf,
  valuesOf,
  type Arm,
  type BalancerCounts,
  type MetricsSignal,
  type ReadPoints,
} from "./metrics.ts";
import type { AskedPair } from "./sources/define.ts";

/** What a task uses follows its load, so a minute counts where the slots' requests per task are this much alike. */
const ALIKE = { least: 0.8, most: 1.25 } as const;
const ALIKE_WORDS = `${ALIKE.least} to ${ALIKE.most} times as many requests per task`;
/** Below so many minutes it is said that next to nothing is compared. */
const FEWEST_MINUTES = 10;
/** A trend is that of the last hour that counts, from its first ten minutes to its last ten; of less than half an hour none. */
const TREND = { minutes: 60, fewest: 30, ends: 10 } as const;

/**
 * What the tasks of both slots use, of what they may: one loss from 0 to 1 for each healthy task and minute, their mean
 * as ECS publishes it. A minute of another load per task is no evidence and does not hold: at a small share the
 * candidate's tasks may be idle for hours. One in which a slot's tasks answer and ECS says nothing of them stays, empty.
 */
export function seriesOfUsage(
  { signal, of }: MetricsSignal,
  read: ReadPoints,
  asked: AskedPair,
  { requests, healthy }: BalancerCounts,
): SignalSeries {
  const usedPercent = valuesOf(read, (arm) => usageOf(arm, of[arm]));
  const count = (arm: Arm, atMs: number): Count => {
    const percent = usedPercent(arm, atMs);
    if (percent === undefined) return { exposure: 0, events: 0 };
    const tasks = healthy(arm, atMs);
    // On EC2 a task may use more than its share of the CPU.
    return { exposure: tasks, events: (tasks * Math.min(percent, 100)) / 100 };
  };
  const isSilent = (arm: Arm, atMs: number) =>
    healthy(arm, atMs) > 0 && requests(arm, atMs) > 0 && usedPercent(arm, atMs) === undefined;
  const perTask = (arm: Arm, atMs: number) => requests(arm, atMs) / healthy(arm, atMs);
  const isAlike = (atMs: number) => {
    // Without requests or tasks it is no number, and not alike.
    const ratio = perTask("candidate", atMs) / perTask("active", atMs);
    return ratio >= ALIKE.least && ratio <= ALIKE.most;
  };
  const all = paired(asked, count);
  const minutes = all.filter(
    ({ atMs }) => isAlike(atMs) || isSilent("candidate", atMs) || isSilent("active", atMs),
  );
  const alike = minutes.filter(({ candidate, active }) => candidate.exposure > 0 && active.exposure > 0);
  const growth =
    signal.source.from === "resources" && signal.source.of === "memory" ? grown(alike, asked) : undefined;
  const few =
    all.length > 0 && alike.length < FEWEST_MINUTES
      ? `the slots had ${ALIKE_WORDS} in ${alike.length} of ${all.length} minutes: next to nothing is compared`
      : undefined;
  const note = growth ?? few;
  return {
    signal,
    minutes,
    segments: [],
    tenths: [],
    history: historyOf(asked, count),
    held: growth,
    ...(note === undefined ? {} : { note }),
  };
}

/** That the candidate's memory grows and the active slot's does not; undefined: it is not so, or too soon to say. */
function grown(alike: readonly SignalMinute[], { candidate, active }: AskedPair): string | undefined {
  const last = alike.slice(-TREND.minutes);
  if (last.length < TREND.fewest) return undefined;
  const own = trendOf(last.map((minute) => minute.candidate));
  const others = trendOf(last.map((minute) => minute.active));
  if (!isGrowing(own) || isGrowing(others)) return undefined;
  return `memory of ${candidate} grows from ${memoryWords(own)} in ${last.length} min of the same load, of ${active} from ${memoryWords(others)}`;
}

const trendOf = (counts: readonly Count[]): MemoryTrend => ({
  first: meanPercent(counts.slice(0, TREND.ends)),
  last: meanPercent(counts.slice(-TREND.ends)),
});

function meanPercent(counts: readonly Count[]): number {
  const sum = (of: (count: Count) => number) => counts.reduce((total, count) => total + of(count), 0);
  return (100 * sum(({ events }) => events)) / sum(({ exposure }) => exposure);
}
