import type { MetricKind, TimedMinute } from "../../../validation/core/comparison/compare.ts";
import type { Count } from "../../../validation/core/comparison/counts.ts";
import type { Random } from "../decision/random.ts";
import { poissonOf } from "./draw.ts";
import { MINUTE_MS } from "./labels.ts";
import { DAY, REQUESTS_PER_MINUTE, shareAt, type SignalWorld } from "./world.ts";

/** A metric that every stack has, of both slots in the release, and of the active slot by zone since the day before. */
export interface BuiltIn {
  readonly name: string;
  readonly kind: MetricKind;
  readonly minutes: readonly TimedMinute[];
  readonly zones: readonly (readonly Count[])[];
  readonly historyMinutes: number;
}

const ZONES = 2;

/** As in bench:decision: 0.5 % failing, thresholds of 10 % and 1 % for late answers; 1 % of the answers are 4xx. */
export const builtIn = (world: SignalWorld, random: Random): readonly BuiltIn[] =>
  (
    [
      ["failed", "failed", 0.005, world.failing],
      ["slow-p90", "slow", 0.1, world.slow],
      ["slow-p99", "slow", 0.01, world.slow],
      ["client-errors", "client", 0.01, world.refused],
    ] as const
  ).map(([name, kind, rate, ratio]) => {
    const of = (answers: number, own: number): Count => {
      const events = poissonOf(random, answers * own);
      return { events, exposure: events + poissonOf(random, answers * (1 - own)) };
    };
    const zones = Array.from({ length: ZONES }, () =>
      Array.from({ length: DAY + world.minutes }, (_, index) => {
        const share = index < DAY ? 0 : shareAt(world, index - DAY);
        return of((REQUESTS_PER_MINUTE * (1 - share)) / ZONES, rate);
      }),
    );
    const minutes = Array.from({ length: world.minutes }, (_, minute): TimedMinute => {
      const active = { exposure: 0, events: 0 };
      for (const zone of zones) {
        active.exposure += zone[DAY + minute]?.exposure ?? 0;
        active.events += zone[DAY + minute]?.events ?? 0;
      }
      return {
        atMs: minute * MINUTE_MS,
        candidate: of(REQUESTS_PER_MINUTE * shareAt(world, minute), Math.min(1, rate * ratio)),
        active,
      };
    });
    return { name, kind, minutes, zones, historyMinutes: DAY };
  });
