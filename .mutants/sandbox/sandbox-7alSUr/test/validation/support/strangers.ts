import type { RawCounts, RawMinute } from "../../../validation/core/comparison/data.ts";
import type { Past, PastMeasure } from "../../../validation/insight/replay/past.ts";
import { binomial, MINUTE, raw, seeded } from "../core/comparison/support.ts";

/** Sixty honest requests a second, a tenth of them on the candidate. */
const HONEST = { candidate: 360, active: 3_240 } as const;
const SHARE = 10;
/** Of honest requests: answered 5xx, and given up, which happens everywhere. */
const USUAL = { failing: 0.005, leaving: 0.001 } as const;
const HISTORY_MINUTES = 60;

type Arm = "candidate" | "active";
type ByMinute = (minute: number) => number;

export interface Told {
  readonly seed: number;
  readonly minutes: number;
  readonly sticky: boolean;
  /** Requests a minute that strangers send to each slot and give up before there is an answer. */
  readonly abandoned?: Readonly<Partial<Record<Arm, ByMinute>>>;
  /** Of the candidate's honest requests, how many are answered 5xx, and how many get no answer: 0 to 1. */
  readonly failing?: ByMinute;
  readonly hanging?: ByMinute;
}

/**
 * A release minute by minute. What strangers do changes nothing about what honest users get: each has random numbers of
 * its own, so the same seed with and without an attack has the same users.
 */
export function pastOf(told: Told): Past {
  const { seed, minutes: length, sticky, abandoned = {}, failing, hanging } = told;
  const draws = { candidate: seeded(seed), active: seeded(seed + 1_000) };
  const minuteOf = (arm: Arm, at: number, own: { readonly failing: number; readonly leaving: number }) => {
    const honest = HONEST[arm];
    const errors = binomial(draws[arm], honest, own.failing);
    const lost = binomial(draws[arm], honest - errors, own.leaving);
    const answered = honest - errors - lost;
    // ELB counts a request for which it chose a target, whether the client waits for the answer or not.
    const requests = honest + (abandoned[arm]?.(at) ?? 0);
    return raw({ requests, answered, errors, timed: answered + errors, slow: [] });
  };
  // Nobody answers a request that hangs, so the load balancer does (504); who leaves makes a 460 of it.
  const hangs = ({ requests, answered, errors }: RawCounts, at: number) =>
    hanging === undefined || hanging(at) <= USUAL.leaving
      ? 0
      : requests - answered - errors - (abandoned.candidate?.(at) ?? 0);
  const history = Array.from({ length: HISTORY_MINUTES }, () => minuteOf("active", -1, USUAL));
  const minutes = Array.from({ length }, (_, at): RawMinute => {
    const candidate = minuteOf("candidate", at, {
      failing: failing?.(at) ?? USUAL.failing,
      leaving: hanging?.(at) ?? USUAL.leaving,
    });
    const active = minuteOf("active", at, USUAL);
    return { atMs: at * MINUTE, candidate, active, balancerErrors: hangs(candidate, at) };
  });
  const measured = (measure: (counts: RawCounts) => number): PastMeasure => ({
    candidate: minutes.map(({ candidate }) => measure(candidate)),
    active: minutes.map(({ active }) => measure(active)),
  });
  return {
    source: "a test",
    candidate: "green",
    sticky,
    attempt: 1,
    shares: [{ fromMs: 0, percent: SHARE }],
    data: {
      minutes,
      slowThresholds: [],
      customMetrics: [],
      signals: [],
      zones: [[...history, ...minutes.map(({ active }) => active)]],
      zonesFromMs: (minutes[0]?.atMs ?? 0) - HISTORY_MINUTES * 60_000,
      historyMinutes: HISTORY_MINUTES,
    },
    // What the alarms of contract/alarms/alarm-catalog.ts compute from these counts.
    alarms: {
      "error-rate": measured(({ answered, errors }) => errors / (answered + errors)),
      "unanswered-rate": measured(
        ({ requests, answered, errors }) => (requests - answered - errors) / requests,
      ),
      "slow-rate": measured(() => 0),
      "healthy-hosts": measured(() => 2),
      cpu: measured(() => 0.3),
      memory: measured(() => 0.5),
    },
  };
}
