import { JUDGING_ALARM_KEYS, type AlarmKey } from "../../../../contract/alarms/alarm-catalog.ts";
import type { Slot } from "../../../../contract/slot.ts";
import type { RawCounts } from "../../../../validation/core/comparison/data.ts";
import type { Judgement } from "../../../../validation/core/comparison/judgement.ts";
import type { Observation, SlotObservation } from "../../../../validation/core/observation.ts";
import type { ReplaySettings } from "../../../../validation/insight/replay/settings.ts";
import { readingsOf, valuesOf } from "./alarms.ts";
import { TASKS } from "./traffic.ts";

export interface Seen {
  readonly nowMs: number;
  readonly liveSinceMs: number;
  readonly firstShare: boolean;
  readonly judged: Judgement;
  /** Percent. */
  readonly share: number;
  /** The candidate's minutes since it last got users from none. */
  readonly candidate: readonly RawCounts[];
  /** Those of the present step. */
  readonly step: readonly RawCounts[];
  /** The active slot's last minutes. */
  readonly active: readonly RawCounts[];
}

/** What the gates look at, in a stack in which everything but the traffic is as it should be. */
export function observationOf({ thresholds }: ReplaySettings, seen: Seen): Observation {
  const { nowMs, liveSinceMs, firstShare, judged, share } = seen;
  return {
    nowMs,
    liveSinceMs,
    askedMs: liveSinceMs,
    firstShare,
    comparison: { readable: true, value: judged },
    refused: undefined,
    candidate: {
      ...well("green", share),
      alarms: { readable: true, value: readingsOf(seen.candidate, thresholds) },
      requests: { readable: true, value: seen.step.map(({ requests }) => requests) },
      values: valuesOf(seen.step, thresholds),
    },
    active: {
      ...well("blue", 100 - share),
      alarms: { readable: true, value: readingsOf(seen.active, thresholds) },
    },
  };
}

// Each alarm is named like its key.
const ALARMS = Object.fromEntries(JUDGING_ALARM_KEYS.map((key) => [key, key])) as Record<AlarmKey, string>;

const well = (slot: Slot, share: number): SlotObservation => ({
  slot,
  share,
  requested: {
    image: "",
    modelVersion: "",
    minTasks: TASKS,
    maxTasks: TASKS,
    serviceName: slot,
    taskDefinitionArn: slot,
    alarms: ALARMS,
    slotAlarm: "",
  },
  alarms: { readable: true, value: [] },
  targets: { readable: true, value: { healthy: TASKS, unhealthy: 0, initial: 0, draining: 0, other: 0 } },
  service: {
    readable: true,
    value: {
      status: "ACTIVE",
      desired: TASKS,
      running: TASKS,
      primary: { taskDefinitionArn: slot, rolloutState: "COMPLETED", rolloutReason: "", failedTasks: 0 },
      events: [],
    },
  },
  requests: { readable: true, value: [] },
  values: {},
});
