import { rolloutFields } from "../../../contract/config/sections.ts";
import type { ComparisonData, RawCounts, RawMinute } from "../../../validation/core/comparison/data.ts";
import { judge, type JudgementInput } from "../../../validation/core/comparison/judgement.ts";

const MINUTE_MS = 60_000;
export const DAY_MINUTES = 1440;

/** So many events among so many requests, drawn. */
type Draw = (requests: number, rate: number) => number;

/**
 * A day at a share of 10 % of 600 requests a minute, 0.5 % failed, every tenth answer beyond the 90th percentile, and
 * the day before it in two zones. Counts of `custom` rates come by themselves, as old evidence has them.
 */
export function dayOfCounts(draw: Draw, custom: readonly number[] = []): ComparisonData {
  const counts = (requests: number): RawCounts => {
    const errors = draw(requests, 0.005);
    return {
      requests,
      answered: requests - errors,
      redirects: 0,
      refusals: 0,
      errors,
      refused: 0,
      timed: requests,
      late: 0,
      slow: [draw(requests, 0.1), draw(requests, 0.01)],
      custom: custom.map((rate) => draw(requests, rate)),
      healthy: requests < 200 ? 1 : 4,
    };
  };
  return {
    minutes: Array.from({ length: DAY_MINUTES }, (_, index): RawMinute => ({
      atMs: index * MINUTE_MS,
      candidate: counts(60),
      active: counts(540),
    })),
    slowThresholds: [0.9, 0.99].map((quantile) => ({ quantile, seconds: 0.2, samples: 100_000 })),
    customMetrics: custom.map((_, index) => ({ name: `custom-${index}` })),
    signals: [],
    zones: [0, 1].map(() => Array.from({ length: 2 * DAY_MINUTES }, () => counts(270))),
    zonesFromMs: -DAY_MINUTES * MINUTE_MS,
    historyMinutes: DAY_MINUTES,
  };
}

const policy = Object.fromEntries(
  Object.entries(rolloutFields).map(([key, field]) => [key, field.default]),
  // The defaults of the contract's own fields, so they have the contract's types.
) as unknown as JudgementInput["policy"];

/** One decision over it, as a process makes it that looks for the first time. */
export function decideOnce(data: ComparisonData): void {
  judge({
    data,
    earlier: new Map(),
    nowMs: (DAY_MINUTES + 5) * MINUTE_MS,
    stepSinceMs: (DAY_MINUTES - 60) * MINUTE_MS,
    splitSinceMs: 0,
    share: 10,
    sticky: false,
    attempt: 1,
    visits: 1,
    policy,
  });
}
