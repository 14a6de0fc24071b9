import { ALARM_KEYS, alarmSpec, type AlarmKey } from "../../../contract/alarms/alarm-catalog.ts";
import type { Thresholds } from "../../../contract/config/sections.ts";
import { SLOTS, type Slot } from "../../../contract/slot.ts";
import {
  COMPARISONS,
  decide,
  evaluationRange,
  judge,
  type StateValue,
} from "../../../packages/local-cloud/alarms/evaluate.ts";
import type { Figures } from "./figures.ts";

export interface AlarmNow {
  readonly slot: Slot;
  readonly key: AlarmKey;
  readonly state: StateValue;
  readonly transitionedMs: number | undefined;
  readonly reason: string;
}

const nameOf = (slot: Slot, key: AlarmKey) => `${slot}-${key}`;

/**
 * The stack's alarms, evaluated each minute on what CloudWatch has by then: M of N by the tables of the CloudWatch User
 * Guide, "Configuring how CloudWatch alarms treat missing data", as the local cloud has them.
 */
export class AlarmBook {
  private alarms = new Map<string, AlarmNow>();
  /** As each evaluation left them, oldest first: what a stale answer shows. */
  private readonly past: { readonly atMs: number; readonly alarms: ReadonlyMap<string, AlarmNow> }[] = [];

  constructor() {
    for (const slot of SLOTS)
      for (const key of ALARM_KEYS)
        this.alarms.set(nameOf(slot, key), {
          slot,
          key,
          state: "INSUFFICIENT_DATA",
          transitionedMs: undefined,
          reason: "Unchecked",
        });
  }

  /** Whether a slot's composite is in ALARM: one of those is that page. */
  isComposite(slot: Slot): boolean {
    return [...this.alarms.values()].some(
      (alarm) => alarm.slot === slot && alarm.state === "ALARM" && alarmSpec(alarm.key).pages,
    );
  }

  evaluate(figures: Figures, thresholds: Thresholds, nowMs: number): void {
    for (const [name, alarm] of this.alarms) {
      const spec = alarmSpec(alarm.key);
      const periodMs = spec.periodSeconds * 1000;
      const toMs = Math.floor(nowMs / periodMs) * periodMs;
      const fromMs = toMs - evaluationRange(spec.evaluationPeriods) * periodMs;
      const queries = spec.queries(thresholds);
      const found = new Map(
        figures
          .points(alarm.slot, queries, { fromMs, toMs, periodMs }, nowMs)
          .map(({ atMs, value }) => [atMs, value]),
      );
      const limit = spec.threshold(thresholds);
      const times = Array.from(
        { length: evaluationRange(spec.evaluationPeriods) },
        (_, at) => fromMs + at * periodMs,
      );
      const range = times.map((atMs) => judge(found.get(atMs), spec.comparison, limit));
      const { state } = decide(range, spec.datapointsToAlarm, spec.evaluationPeriods, spec.treatMissingData);
      if (state === "retain" || state === alarm.state) continue;
      const worst = times.findLast((atMs) => {
        const value = found.get(atMs);
        return value !== undefined && COMPARISONS[spec.comparison](value, limit);
      });
      const reason = `Threshold Crossed: ${worst === undefined ? "no" : found.get(worst)} against ${limit}`;
      this.alarms.set(name, { ...alarm, state, transitionedMs: nowMs, reason });
    }
    this.past.push({ atMs: nowMs, alarms: new Map(this.alarms) });
  }

  /** By name, as they were then. */
  at(atMs: number): ReadonlyMap<string, AlarmNow> {
    return this.past.findLast((one) => one.atMs <= atMs)?.alarms ?? this.past[0]?.alarms ?? this.alarms;
  }
}
