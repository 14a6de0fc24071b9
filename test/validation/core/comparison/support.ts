import type { PairedMinute } from "../../../../validation/core/comparison/counts.ts";
import type { ComparedMetric, TimedMinute } from "../../../../validation/core/comparison/compare.ts";
import type { ComparisonData, RawCounts, RawMinute } from "../../../../validation/core/comparison/data.ts";

export const MINUTE = 60_000;

/** One minute: events and requests of the candidate, then of the active slot. */
export const paired = (
  candidate: readonly [events: number, requests: number],
  active: readonly [events: number, requests: number],
): PairedMinute => ({
  candidate: { events: candidate[0], exposure: candidate[1] },
  active: { events: active[0], exposure: active[1] },
});

export const repeated = (count: number, minute: PairedMinute): readonly PairedMinute[] =>
  Array.from({ length: count }, () => minute);

export const timed = (minutes: readonly PairedMinute[], fromMs = 0): readonly TimedMinute[] =>
  minutes.map((minute, index) => ({ ...minute, atMs: fromMs + index * MINUTE }));

export const failedMetric = (minutes: readonly PairedMinute[], phi = 1): ComparedMetric => ({
  name: "failed",
  kind: "failed",
  minutes: timed(minutes),
  dispersion: { phi, bounded: phi, assumed: false, events: 100, minutes: 100 },
});

export const raw = (own: Partial<RawCounts> = {}): RawCounts => ({
  requests: 0,
  answered: own.requests ?? 0,
  redirects: 0,
  refusals: 0,
  errors: 0,
  refused: 0,
  timed: own.requests ?? 0,
  late: 0,
  slow: [],
  custom: [],
  healthy: 2,
  ...own,
});

/** What is known of a pair of which nothing is measured but its minutes. */
export const pairOf = (minutes: readonly RawMinute[], own: Partial<ComparisonData> = {}): ComparisonData => ({
  minutes,
  slowThresholds: [],
  customMetrics: [],
  signals: [],
  zones: [],
  zonesFromMs: 0,
  historyMinutes: 0,
  ...own,
});

/** Uniform numbers from 0 to 1, the same for the same seed: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Successes of `trials` tries, one by one. */
export function binomial(random: () => number, trials: number, chance: number): number {
  let successes = 0;
  for (let trial = 0; trial < trials; trial++) successes += random() < chance ? 1 : 0;
  return successes;
}

export const HISTORY_MINUTES = 1440;
/** A day of the active slot in two zones: so many of 270 requests fail in each minute; undefined: nothing is known. */
export const twoZones = (failing: ((minute: number, zone: number) => number) | undefined) =>
  failing === undefined
    ? []
    : [0, 1].map((zone) =>
        Array.from({ length: HISTORY_MINUTES }, (_, minute) => {
          const errors = failing(minute, zone);
          return raw({ requests: 270, answered: 270 - errors, errors });
        }),
      );
