import { alarmRangeMs } from "./alarm-catalog.ts";
import type { AlarmSpec } from "./define.ts";

/** An alarm's state, and since when it is so; epoch milliseconds, undefined: not known. */
export interface AlarmSince {
  readonly state: string | undefined;
  readonly sinceMs: number | undefined;
}

/**
 * Whether the active slot's alarm explains the same one of the candidate: it is in ALARM, too, or was within the time
 * that the alarm looks back. What hits both slots ends for both at once, and their alarms are evaluated one after the
 * other (CloudWatch User Guide, "Evaluating an alarm").
 */
export function hasSameCause({ state, sinceMs }: AlarmSince, spec: AlarmSpec, nowMs: number): boolean {
  if (state === "ALARM") return true;
  return state === "OK" && sinceMs !== undefined && nowMs - sinceMs < alarmRangeMs(spec);
}
