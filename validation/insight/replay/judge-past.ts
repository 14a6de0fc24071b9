import {
  JUDGING_ALARM_KEYS,
  alarmRangeMs,
  alarmSpec,
  type AlarmKey,
} from "../../../contract/alarms/alarm-catalog.ts";
import type { AlarmPoint } from "../../../contract/alarms/hits-both.ts";
import { deadlineMinutesAt } from "../../../contract/release/schedule.ts";
import { otherSlot, type Slot } from "../../../contract/slot.ts";
import { percents } from "../../../contract/config/steps.ts";
import { alarmStates, type PastState } from "../../core/alarm-past.ts";
import { assess, withDryRun, type Gate } from "../../core/assessment.ts";
import { remembered, type ComparisonData } from "../../core/comparison/data.ts";
import { judge } from "../../core/comparison/judgement.ts";
import { decide } from "../../core/decide.ts";
import type { AlarmReading, Observation, SlotObservation } from "../../core/observation.ts";
import { sentence } from "../../core/sentence.ts";
import { estimatedShares, type ShareSince } from "../../core/shares.ts";
import type { Verdict } from "../../core/verdict.ts";
import { alarmsGate } from "../../gates/alarms.ts";
import { baselineGate } from "../../gates/baseline.ts";
import { clientErrorsGate } from "../../gates/client-errors.ts";
import { comparisonGate } from "../../gates/comparison.ts";
import { minimumRequestsGate } from "../../gates/minimum-requests.ts";
import { sampleRatioGate } from "../../gates/sample-ratio.ts";
import { signalsGate } from "../../gates/signals.ts";
import { unansweredGate } from "../../gates/unanswered.ts";
import type { Past, PastMeasure } from "./past.ts";
import type { ReplaySettings } from "./settings.ts";

const MINUTE_MS = 60_000;

/** What the judge would have said at one check. */
export interface PastLook {
  /** When it could have said so, epoch ms: the newest minute that counts had ended `metricLagSeconds` before. */
  readonly atMs: number;
  readonly share: number;
  /** Whole minutes since this share began. */
  readonly stepMinutes: number;
  readonly verdict: Verdict;
  readonly sentence: string;
}

/**
 * The product's own judge and state machine over a past, one check after each minute. The shares are those that there
 * were: where it would have advanced and nobody did, it goes on looking. Ends where it rolls the candidate back.
 */
export function judgePast(past: Past, settings: ReplaySettings): readonly PastLook[] {
  const { data } = past;
  const shares =
    past.shares.length > 0 ? past.shares : estimatedShares(data.minutes, percents(settings.rollout.steps));
  const alarms = readings(past, settings);
  const looks: PastLook[] = [];
  for (let index = 0; index < data.minutes.length; index++) {
    const step = stepAt(shares, data.minutes[index]?.atMs ?? 0);
    if (step === undefined || step.percent <= 0) continue;
    const seen = lookAt({ past, settings, index, step, isFirst: step === shares[0], alarms });
    looks.push(seen);
    if (seen.verdict.kind === "rollback") break;
  }
  return looks;
}

const stepAt = (shares: readonly ShareSince[], atMs: number) =>
  shares.findLast(({ fromMs }) => fromMs <= atMs);

interface LookAt {
  readonly past: Past;
  readonly settings: ReplaySettings;
  readonly index: number;
  readonly step: ShareSince;
  readonly isFirst: boolean;
  readonly alarms: PastAlarms;
}

function lookAt({ past, settings, index, step, isFirst, alarms }: LookAt): PastLook {
  const { rollout, thresholds } = settings;
  const { candidate: slot, sticky } = past;
  const data = until(past.data, index);
  const nowMs = (data.minutes.at(-1)?.atMs ?? 0) + MINUTE_MS + rollout.metricLagSeconds * 1000;
  // Of a past each check has read the same, so a minute counts as soon as its lag is over.
  const earlier = remembered(data.minutes, 0);
  const judged = judge({
    data,
    earlier,
    nowMs,
    stepSinceMs: step.fromMs,
    splitSinceMs: data.minutes[0]?.atMs ?? 0,
    share: step.percent,
    sticky,
    attempt: past.attempt ?? 1,
    visits: 1,
    policy: rollout,
    schedule: past.schedule,
  });
  const from = data.minutes.findIndex(({ atMs }) => atMs >= step.fromMs);
  const requests = data.minutes.slice(from).map(({ candidate }) => candidate.requests);
  const observation: Observation = {
    nowMs,
    liveSinceMs: step.fromMs,
    askedMs: step.fromMs,
    firstShare: isFirst,
    comparison: { readable: true, value: judged },
    refused: undefined,
    candidate: {
      ...slotAt(slot, step.percent, alarms, "candidate", index),
      requests: { readable: true, value: requests },
      values: valuesOf(past, from, index),
      recent: recentOf(past, "candidate", index),
    },
    active: {
      ...slotAt(otherSlot(slot), 100 - step.percent, alarms, "active", index),
      recent: recentOf(past, "active", index),
    },
  };
  const measured = JUDGING_ALARM_KEYS.filter((key) => past.alarms[key] !== undefined);
  const gates = gatesOf(measured);
  const assessments = withDryRun(
    assess(gates, { observation, policy: rollout, thresholds, sticky }).filter(
      ({ gate }) => !JUDGING_ALARM_KEYS.some((key) => key === gate && !measured.includes(key)),
    ),
    rollout,
  );
  const deadlineMs =
    step.fromMs + deadlineMinutesAt({ ...rollout, schedule: past.schedule }, step.percent) * MINUTE_MS;
  const phase = { phase: "sharing", share: step.percent, liveSinceMs: step.fromMs, deadlineMs } as const;
  const verdict = decide(phase, assessments, rollout, nowMs);
  const words = sentence(verdict, slot, step.percent);
  const stepMinutes = Math.floor((nowMs - step.fromMs) / MINUTE_MS);
  return { atMs: nowMs, share: step.percent, stepMinutes, verdict, sentence: words };
}

/** Without every alarm of the active slot nobody can say that it is well, only that it is not. */
function gatesOf(measured: readonly AlarmKey[]): readonly Gate[] {
  const always = [
    comparisonGate,
    unansweredGate,
    clientErrorsGate,
    signalsGate,
    minimumRequestsGate,
    alarmsGate,
    sampleRatioGate,
  ];
  return measured.length === JUDGING_ALARM_KEYS.length ? [...always, baselineGate] : always;
}

/** What was known after the minute `index`. */
function until(data: ComparisonData, index: number): ComparisonData {
  const minutes = data.minutes.slice(0, index + 1);
  const [first, last] = [minutes[0]?.atMs ?? 0, minutes.at(-1)?.atMs ?? 0];
  const known = data.historyMinutes + (last - first) / MINUTE_MS + 1;
  return { ...data, minutes, zones: data.zones.map((zone) => zone.slice(0, known)) };
}

type Arm = "candidate" | "active";
type PastAlarms = Readonly<Record<Arm, ReadonlyMap<AlarmKey, readonly PastState[]>>>;

function readings({ alarms }: Past, { thresholds }: ReplaySettings): PastAlarms {
  const of = (arm: Arm) =>
    new Map(
      JUDGING_ALARM_KEYS.flatMap((key) => {
        const measure: PastMeasure | undefined = alarms[key];
        return measure === undefined ? [] : [[key, alarmStates(alarmSpec(key), thresholds, measure[arm])]];
      }),
    );
  return { candidate: of("candidate"), active: of("active") };
}

const NOT_KEPT = { readable: false, why: "the past does not tell" } as const;

function slotAt(slot: Slot, share: number, alarms: PastAlarms, arm: Arm, index: number): SlotObservation {
  // Only the names of the alarms are looked at, to find their readings.
  const named = Object.fromEntries(JUDGING_ALARM_KEYS.map((key) => [key, key])) as Record<AlarmKey, string>;
  const read = [...alarms[arm]].map(([key, states]): AlarmReading => ({
    name: key,
    state: states[index] ?? "INSUFFICIENT_DATA",
    evaluationState: undefined,
    transitionedMs: undefined,
    configuredMs: undefined,
    reason: "",
  }));
  return {
    slot,
    share,
    requested: {
      image: "",
      modelVersion: "",
      minTasks: 0,
      maxTasks: 0,
      serviceName: "",
      taskDefinitionArn: "",
      alarms: named,
      slotAlarm: "",
    },
    alarms: { readable: true, value: read },
    targets: NOT_KEPT,
    service: NOT_KEPT,
    requests: NOT_KEPT,
    values: {},
  };
}

/** The alarms' measures of this share so far. */
function valuesOf({ alarms }: Past, from: number, index: number): SlotObservation["values"] {
  return Object.fromEntries(
    Object.entries(alarms).map(([key, measure]) => [
      key,
      measure.candidate.slice(from, index + 1).filter((value) => value !== undefined),
    ]),
  );
}

/** What a check reads of alarms that count no requests. */
function recentOf({ alarms, data }: Past, arm: Arm, index: number): SlotObservation["recent"] {
  return Object.fromEntries(
    JUDGING_ALARM_KEYS.flatMap((key) => {
      const values = alarms[key]?.[arm];
      const spec = alarmSpec(key);
      if (values === undefined || spec.rate !== undefined) return [];
      const fromMs = (data.minutes[index]?.atMs ?? 0) + MINUTE_MS - alarmRangeMs(spec);
      const points = data.minutes.slice(0, index + 1).flatMap(({ atMs }, at): AlarmPoint[] => {
        const value = values[at];
        return value === undefined || atMs < fromMs ? [] : [{ atMs, value }];
      });
      return [[key, points]];
    }),
  );
}
