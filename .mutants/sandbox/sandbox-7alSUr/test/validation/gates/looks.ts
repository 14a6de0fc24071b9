import { rolloutFields, thresholdFields } from "../../../contract/config/sections.ts";
import type { Gate } from "../../../validation/core/assessment.ts";
import { remembered, type RawMinute } from "../../../validation/core/comparison/data.ts";
import { judge, type JudgementInput } from "../../../validation/core/comparison/judgement.ts";
import type { Observation } from "../../../validation/core/observation.ts";
import { HISTORY_MINUTES, MINUTE, raw, twoZones } from "../core/comparison/support.ts";

const defaults = (fields: object) =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.default]));
// The defaults of the contract's own fields, so they have the contract's types.
const POLICY = defaults(rolloutFields) as JudgementInput["policy"];
const THRESHOLDS = defaults(thresholdFields) as Parameters<Gate>[0]["thresholds"];

export interface Seen {
  readonly minutes?: number;
  readonly share?: number;
  /** Requests a minute on both slots together. */
  readonly traffic?: number;
  /** Failing requests of the candidate and of the active slot, 0 to 1. */
  readonly failing?: readonly [number, number];
  readonly policy?: Partial<JudgementInput["policy"]>;
  readonly sticky?: boolean;
  readonly refused?: string;
  /** Since how many minutes the step has its share; undefined: since the first. */
  readonly stepFrom?: number;
  readonly own?: (index: number) => Partial<RawMinute>;
  /** The active slot before the release, in two zones: failing requests of 270 in each minute. */
  readonly history?: (minute: number, zone: number) => number;
}

/** What a gate sees after so many minutes of these two slots. */
export function look({
  minutes = 10,
  share = 10,
  traffic = 600,
  failing = [0, 0],
  ...seen
}: Seen): Parameters<Gate>[0] {
  const policy = { ...POLICY, ...seen.policy };
  const arm = (part: number, rate: number) => {
    const requests = Math.round(traffic * part);
    const errors = Math.round(requests * rate);
    return raw({ requests, answered: requests - errors, errors });
  };
  const data = {
    minutes: Array.from({ length: minutes }, (_, index): RawMinute => ({
      atMs: index * MINUTE,
      candidate: arm(share / 100, failing[0]),
      active: arm(1 - share / 100, failing[1]),
      ...seen.own?.(index),
    })),
    slowThresholds: [],
    customMetrics: [],
    signals: [],
    zones: twoZones(seen.history),
    zonesFromMs: -HISTORY_MINUTES * MINUTE,
    historyMinutes: seen.history === undefined ? 0 : HISTORY_MINUTES,
  };
  const value = judge({
    data,
    earlier: remembered(data.minutes, 0),
    nowMs: (minutes + 2) * MINUTE,
    stepSinceMs: (seen.stepFrom ?? 0) * MINUTE,
    splitSinceMs: 0,
    share,
    sticky: seen.sticky ?? false,
    attempt: 1,
    visits: 1,
    policy,
  });
  // What these gates look at; the rest of an observation is none of theirs.
  const observation = {
    nowMs: (minutes + 2) * MINUTE,
    liveSinceMs: 0,
    askedMs: 0,
    firstShare: true,
    comparison: { readable: true, value },
    refused: seen.refused,
    candidate: { slot: "green", share },
    active: { slot: "blue", share: 100 - share },
  } as unknown as Observation;
  return { observation, policy, thresholds: THRESHOLDS, sticky: seen.sticky ?? false };
}

export const assessment = (gate: Gate, seen: Seen) => gate(look(seen))[0];
export const answer = (gate: Gate, seen: Seen) => assessment(gate, seen)?.answer;
