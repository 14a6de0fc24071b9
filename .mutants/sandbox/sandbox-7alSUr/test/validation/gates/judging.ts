import { ALARM_KEYS, type AlarmKey } from "../../../contract/alarms/alarm-catalog.ts";
import type { RunningSlot } from "../../../contract/names/outputs.ts";
import { rolloutFields, thresholdFields } from "../../../contract/config/sections.ts";
import type { Assessment, Gate } from "../../../validation/core/assessment.ts";
import type { AlarmReading, Observation, SlotObservation } from "../../../validation/core/observation.ts";
import { counts } from "../support/samples.ts";

export const MINUTE = 60_000;
export const LIVE = Date.UTC(2026, 0, 1);
export const names = (slot: string) =>
  // One entry for each key of the catalogue.
  Object.fromEntries(ALARM_KEYS.map((key) => [key, `${slot}-${key}`])) as Record<AlarmKey, string>;
export const requested = (slot: string): RunningSlot => ({
  image: "image",
  modelVersion: "2",
  minTasks: 2,
  maxTasks: 4,
  serviceName: slot,
  taskDefinitionArn: `arn:task-definition/${slot}:7`,
  alarms: names(slot),
  slotAlarm: slot,
});
export const alarm = (name: string, own: Partial<AlarmReading> = {}): AlarmReading => ({
  name,
  state: "OK",
  evaluationState: undefined,
  transitionedMs: LIVE - 60 * MINUTE,
  configuredMs: undefined,
  reason: "Threshold Crossed",
  ...own,
});
export const all = (slot: string) => ALARM_KEYS.map((key) => alarm(`${slot}-${key}`));
export const withAlarm = (slot: string, key: AlarmKey, own: Partial<AlarmReading>) =>
  all(slot).map((one) => (one.name === `${slot}-${key}` ? { ...one, ...own } : one));
export const read = <T>(value: T) => ({ readable: true, value }) as const;
export const unread = { readable: false, why: "throttled" } as const;
export const primary = (own: object = {}) => ({
  status: "ACTIVE",
  desired: 2,
  running: 2,
  events: [],
  primary: {
    taskDefinitionArn: "arn:task-definition/green:7",
    rolloutState: "COMPLETED",
    rolloutReason: "",
    failedTasks: 0,
    ...own,
  },
});

export const slot = (name: "blue" | "green", own: Partial<SlotObservation>): SlotObservation => ({
  slot: name,
  share: name === "green" ? 10 : 90,
  requested: requested(name),
  alarms: read([...all("green"), ...all("blue")]),
  targets: read(counts(2)),
  service: read(primary()),
  requests: read([100, 100, 100, 200]),
  values: {},
  ...own,
});

export interface Seen {
  readonly green?: Partial<SlotObservation>;
  readonly blue?: Partial<SlotObservation>;
  readonly minutes?: number;
  readonly firstShare?: boolean;
}

export function judge(
  gate: Gate,
  { green = {}, blue = {}, minutes = 30, firstShare = true }: Seen,
): readonly Assessment[] {
  const observation: Observation = {
    nowMs: LIVE + minutes * MINUTE,
    liveSinceMs: LIVE,
    askedMs: LIVE,
    firstShare,
    candidate: slot("green", green),
    active: slot("blue", blue),
    comparison: undefined,
    refused: undefined,
  };
  const defaults = (fields: object) =>
    Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.default]));
  // The defaults of the contract's own fields, so they have the contract's types.
  const policy = defaults(rolloutFields) as Parameters<Gate>[0]["policy"];
  const thresholds = defaults(thresholdFields) as Parameters<Gate>[0]["thresholds"];
  return gate({ observation, policy, thresholds, sticky: false });
}
export const kindOf = (assessments: readonly Assessment[], gate: string) => {
  const answer = assessments.find((one) => one.gate === gate)?.answer;
  return answer?.kind === "noAnswer" ? answer.cause : answer?.kind;
};
