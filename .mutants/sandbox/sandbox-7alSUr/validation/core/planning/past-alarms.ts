import type { AlarmSpec } from "../../../contract/alarms/alarm-catalog.ts";
import type { Thresholds } from "../../../contract/config/sections.ts";
import { alarmStates, firings, type MinuteValues } from "../alarm-past.ts";
import { isExcess } from "../comparison/excess.ts";
import { randomOf, type Random } from "./random.ts";

/** What an alarm would have done in a past. */
export interface AlarmLint {
  readonly gate: string;
  readonly thresholdKey: string | undefined;
  readonly threshold: number;
  readonly fired: number;
  /** Index of the minute after which it fired last. */
  readonly lastFired: number | undefined;
  /** The limit that it would have needed never to fire; undefined: nothing was measured. */
  readonly quietLimit: number | undefined;
  /** Whether any greater limit is as quiet, or any smaller one. */
  readonly quieter: "greater" | "smaller";
}

export function lintAlarm(
  gate: string,
  spec: AlarmSpec,
  thresholds: Thresholds,
  values: MinuteValues,
): AlarmLint {
  const fired = firings(alarmStates(spec, thresholds, values));
  return {
    gate,
    thresholdKey: spec.thresholdKey,
    threshold: spec.threshold(thresholds),
    fired: fired.length,
    lastFired: fired.at(-1),
    quietLimit: quietLimit(spec, values),
    quieter: spec.comparison === "GreaterThanThreshold" ? "greater" : "smaller",
  };
}

/** The most extreme value that M of N minutes reached together. */
function quietLimit(spec: AlarmSpec, values: MinuteValues): number | undefined {
  const sign = spec.comparison === "GreaterThanThreshold" ? 1 : -1;
  let found = Number.NEGATIVE_INFINITY;
  for (let end = 1; end <= values.length; end++) {
    const window = values
      .slice(Math.max(0, end - spec.evaluationPeriods), end)
      .flatMap((value) => (value === undefined ? [] : [sign * value]))
      .sort((a, b) => b - a);
    found = Math.max(found, window[spec.datapointsToAlarm - 1] ?? found);
  }
  return Number.isFinite(found) ? sign * found : undefined;
}

/** A minute of the active slot: its requests, and those of them that an alarm on a rate counts. */
export interface RatedMinute {
  readonly requests: number;
  readonly events: number;
}

export interface FalseAlarmInput {
  readonly spec: AlarmSpec;
  readonly thresholds: Thresholds;
  readonly minutes: readonly RatedMinute[];
  /** Shares, each with how long it lasts in minutes. */
  readonly schedule: readonly { readonly share: number; readonly minutes: number }[];
  readonly tolerance: number;
  readonly dispersion: number;
}

export const FALSE_ALARM_RUNS = 200;
const SEED = 7;

/**
 * How many of 200 releases of a candidate exactly as good as the active slot this alarm would have rolled back: each
 * begins at some minute of the past, and every request of it, failed or not, goes to the candidate by the share's
 * chance. The alarm fires as CloudWatch does, and counts only with more events than chance and clusters explain.
 */
export function falseAlarms(input: FalseAlarmInput): number {
  let taken = 0;
  for (let run = 0; run < FALSE_ALARM_RUNS; run++) if (isRolledBack(randomOf(SEED + run), input)) taken += 1;
  return taken;
}

function isRolledBack(random: Random, input: FalseAlarmInput): boolean {
  const { spec, thresholds, minutes, schedule, tolerance, dispersion } = input;
  const usual = minutes.reduce<RatedMinute>(
    (sum, { requests, events }) => ({ requests: sum.requests + requests, events: sum.events + events }),
    { requests: 0, events: 0 },
  );
  let at = Math.floor(random() * minutes.length);
  for (const { share, minutes: lasts } of schedule) {
    const pairs = Array.from({ length: lasts }, (_, index) => {
      const { requests, events } = minutes[(at + index) % minutes.length] ?? { requests: 0, events: 0 };
      const candidate = thinned(random, events, share / 100);
      const part = (requests * share) / 100;
      return {
        candidate: { exposure: part, events: Math.min(part, candidate) },
        active: { exposure: requests - part, events: Math.max(0, events - candidate) },
      };
    });
    at += lasts;
    const rate = (arm: "candidate" | "active") =>
      pairs.map((pair) => {
        const { exposure, events } = pair[arm];
        return exposure >= thresholds.minRequestsPerMinute ? events / exposure : 0;
      });
    const own = alarmStates(spec, thresholds, rate("candidate"));
    const others = alarmStates(spec, thresholds, rate("active"));
    for (const minute of own.keys()) {
      if (own[minute] !== "ALARM" || others[minute] === "ALARM") continue;
      const window = pairs.slice(Math.max(0, minute + 1 - spec.evaluationPeriods), minute + 1);
      const counts = { exposure: usual.requests, events: usual.events };
      if (share >= 100 || isExcess({ window, usual: counts, tolerance, dispersion })) return true;
    }
  }
  return false;
}

function thinned(random: Random, events: number, part: number): number {
  let count = 0;
  for (let event = 0; event < Math.round(events); event++) if (random() < part) count += 1;
  return count;
}
