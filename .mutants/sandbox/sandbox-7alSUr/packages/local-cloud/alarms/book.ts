import { arnOf as arnIn } from "../arn.ts";
import type { Clock } from "../clock.ts";
import type { CompositeAlarmInput, MetricAlarmInput, Watched } from "./definition.ts";
import { readWatched } from "./definition.ts";
import type { StateValue } from "./evaluate.ts";
import type { Rule } from "./rule.ts";
import { parseRule } from "./rule.ts";

export interface AlarmState {
  readonly value: StateValue;
  readonly reason: string;
  readonly reasonData: string | undefined;
  /** When value or reason were set last, epoch milliseconds. */
  readonly updatedMs: number;
  /** When the value changed last, epoch milliseconds. */
  readonly transitionedMs: number;
}

interface Common {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly configuredMs: number;
  readonly state: AlarmState;
}
export type MetricAlarm = Common & {
  readonly kind: "metric";
  readonly input: Omit<MetricAlarmInput, "Tags">;
  readonly watched: Watched;
  /** Until when it warms up, epoch milliseconds; undefined: it does not, or has its first state. */
  readonly warmUntilMs: number | undefined;
};
export type CompositeAlarm = Common & {
  readonly kind: "composite";
  readonly input: Omit<CompositeAlarmInput, "Tags">;
  readonly rule: Rule;
  /** Set by SetAlarmState, and kept until a child changes or the alarm is put again. */
  readonly held: boolean;
};
export type Alarm = MetricAlarm | CompositeAlarm;

export interface HistoryItem {
  readonly alarmName: string;
  readonly kind: Alarm["kind"];
  readonly timestampMs: number;
  readonly type: "ConfigurationUpdate" | "StateUpdate" | "Action";
  readonly summary: string;
  readonly data: string;
}

export interface AlarmAction {
  readonly alarmName: string;
  readonly alarmArn: string;
  readonly newState: string;
  readonly reason: string;
  readonly actionArn: string;
}

/** The alarms of the region with their states, history and listeners. No decisions. */
export interface AlarmBook {
  arnOf(alarmName: string): string;
  /** By name or ARN. */
  find(nameOrArn: string): Alarm | undefined;
  /** Sorted by name. */
  all(): Alarm[];
  history(): readonly HistoryItem[];
  putMetric(input: MetricAlarmInput): void;
  putComposite(input: CompositeAlarmInput): void;
  replace(alarm: Alarm): void;
  remove(alarm: Alarm): void;
  /** Sets value and reason; a new value goes into the history and triggers the alarm's actions. */
  setState(alarm: Alarm, state: Pick<AlarmState, "value" | "reason" | "reasonData">, held?: boolean): void;
  snapshot(): unknown;
  restore(snapshot: unknown): void;
}

// AWS keeps 30 days of alarm history; a bound of items is enough here.
const MAX_HISTORY = 1000;
const ACTIONS = {
  OK: "OKActions",
  ALARM: "AlarmActions",
  INSUFFICIENT_DATA: "InsufficientDataActions",
} as const;

export function createAlarmBook(options: {
  clock: Clock;
  region: string;
  onChange: () => void;
  onAction: (action: AlarmAction) => void;
}): AlarmBook {
  const { clock, region, onChange, onAction } = options;
  const alarms = new Map<string, Alarm>();
  let history: HistoryItem[] = [];

  const arnOf = (alarmName: string) => arnIn("cloudwatch", region, `alarm:${alarmName}`);
  const find = (nameOrArn: string) =>
    alarms.get(nameOrArn) ?? [...alarms.values()].find((alarm) => alarm.arn === nameOrArn);

  function record(alarm: Alarm, type: HistoryItem["type"], summary: string, data: object): void {
    const alarmName = alarm.input.AlarmName;
    const item = { alarmName, kind: alarm.kind, timestampMs: clock.now(), type, summary };
    history.push({ ...item, data: JSON.stringify({ version: "1.0", ...data }) });
    if (history.length > MAX_HISTORY) history = history.slice(-MAX_HISTORY);
  }

  /** What an alarm of this name keeps when it is put again: state, ARN and tags (CloudWatch API, PutMetricAlarm). */
  function common(input: MetricAlarmInput | CompositeAlarmInput): Common {
    const nowMs = clock.now();
    const known = alarms.get(input.AlarmName);
    if (known !== undefined) return { ...pick(known), configuredMs: nowMs };
    return {
      arn: arnOf(input.AlarmName),
      tags: Object.fromEntries((input.Tags ?? []).map((tag) => [tag.Key, tag.Value])),
      configuredMs: nowMs,
      state: {
        value: "INSUFFICIENT_DATA",
        reason: "Unchecked: Initial alarm creation",
        reasonData: undefined,
        updatedMs: nowMs,
        transitionedMs: nowMs,
      },
    };
  }

  function put(alarm: Alarm): void {
    const verb = alarms.has(alarm.input.AlarmName) ? "updated" : "created";
    alarms.set(alarm.input.AlarmName, alarm);
    record(alarm, "ConfigurationUpdate", `Alarm "${alarm.input.AlarmName}" ${verb}`, { type: verb });
    onChange();
  }

  return {
    arnOf,
    find,
    all: () => [...alarms.values()].sort((a, b) => (a.input.AlarmName < b.input.AlarmName ? -1 : 1)),
    history: () => history,
    putMetric(input) {
      const { Tags: _, ...settings } = input;
      const known = alarms.get(input.AlarmName);
      // "If you change it after the warm-up period ends, the new value does not restart" it (API, WarmUpConfiguration).
      const warmUntilMs = known?.kind === "metric" ? known.warmUntilMs : warmUpOf(input, clock.now());
      put({ kind: "metric", ...common(input), input: settings, watched: readWatched(input), warmUntilMs });
    },
    putComposite(input) {
      const { Tags: _, ...settings } = input;
      put({
        kind: "composite",
        ...common(input),
        input: settings,
        rule: parseRule(input.AlarmRule),
        held: false,
      });
    },
    replace(alarm) {
      alarms.set(alarm.input.AlarmName, alarm);
      onChange();
    },
    remove(alarm) {
      alarms.delete(alarm.input.AlarmName);
      record(alarm, "ConfigurationUpdate", `Alarm "${alarm.input.AlarmName}" deleted`, { type: "Delete" });
      onChange();
    },
    setState(alarm, next, held = false) {
      const nowMs = clock.now();
      const changed = next.value !== alarm.state.value;
      const state = {
        ...next,
        updatedMs: nowMs,
        transitionedMs: changed ? nowMs : alarm.state.transitionedMs,
      };
      alarms.set(
        alarm.input.AlarmName,
        alarm.kind === "composite" ? { ...alarm, state, held } : { ...alarm, state },
      );
      if (changed) {
        record(alarm, "StateUpdate", `Alarm updated from ${alarm.state.value} to ${next.value}`, {
          oldState: { stateValue: alarm.state.value, stateReason: alarm.state.reason },
          newState: { stateValue: next.value, stateReason: next.reason },
        });
        for (const actionArn of alarm.input.ActionsEnabled ? alarm.input[ACTIONS[next.value]] : []) {
          record(alarm, "Action", `Successfully executed action ${actionArn}`, { actionState: "Succeeded" });
          const { AlarmName: alarmName } = alarm.input;
          const { value: newState, reason } = next;
          onAction({ alarmName, alarmArn: alarm.arn, newState, reason, actionArn });
        }
      }
      onChange();
    },
    snapshot: () => ({ version: 1, alarms: [...alarms.values()].map(toSaved), history }),
    restore(snapshot) {
      // Only snapshot() above writes this; the version says whether this code can read it.
      const saved = snapshot as { version: number; alarms: SavedAlarm[]; history: HistoryItem[] };
      if (saved.version !== 1)
        throw new Error(`alarms were saved in format ${saved.version}; this version reads 1`);
      alarms.clear();
      for (const one of saved.alarms) alarms.set(one.input.AlarmName, fromSaved(one));
      history = [...saved.history];
    },
  };
}

function warmUpOf({ WarmUpConfiguration: warmUp }: MetricAlarmInput, nowMs: number): number | undefined {
  return warmUp && nowMs + warmUp.WarmUpPeriodDurationInMinutes * 60_000;
}

function pick({ arn, tags, configuredMs, state }: Common): Common {
  return { arn, tags, configuredMs, state };
}

// What is derived from the settings is not saved.
type SavedAlarm =
  | (Omit<MetricAlarm, "watched" | "warmUntilMs"> & { readonly warmUntilMs?: number | undefined })
  | Omit<CompositeAlarm, "rule">;

function toSaved(alarm: Alarm): SavedAlarm {
  if (alarm.kind === "metric") {
    const { input, warmUntilMs } = alarm;
    return { kind: "metric", ...pick(alarm), input, warmUntilMs };
  }
  return { kind: "composite", ...pick(alarm), input: alarm.input, held: alarm.held };
}

function fromSaved(saved: SavedAlarm): Alarm {
  return saved.kind === "metric"
    ? { ...saved, watched: readWatched(saved.input), warmUntilMs: saved.warmUntilMs }
    : { ...saved, rule: parseRule(saved.input.AlarmRule) };
}
