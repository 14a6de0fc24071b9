import type { ServiceReading } from "../core/observation.ts";
import {
  ALARM_KEYS,
  alarmRangeMs,
  alarmSpec,
  asksService,
  type AlarmKey,
} from "../../contract/alarms/alarm-catalog.ts";
import type { Thresholds } from "../../contract/config/sections.ts";
import type { RunningSlot } from "../../contract/names/outputs.ts";
import { isOnEcs } from "../../contract/names/running.ts";

/**
 * The alarms that a slot is expected to have, and those that it has. What only pages is not there for a slot that is
 * scaled to zero, nor what ECS would measure where something else fills the slot.
 */
export function alarmsOf(running: RunningSlot | undefined, thresholds: Thresholds): readonly AlarmKey[] {
  const isExternal = running !== undefined && !isOnEcs(running);
  return ALARM_KEYS.filter((key) => {
    const spec = alarmSpec(key);
    const isExpected = spec.judges && !(isExternal && asksService(spec, thresholds));
    return isExpected || running?.alarms[key] !== undefined;
  });
}

/** CloudWatch has a load balancer's minute two minutes after it at the latest, as a rule. */
const PUBLISHED_AFTER_MS = 120_000;

/**
 * Whether the alarm is about the minutes before the deployment's tasks were healthy: a task that loads its model is
 * registered and not healthy yet, so a slot may begin in ALARM, and stays so until its range lies after them.
 */
export function isRecovering(
  healthy: number,
  thresholds: Thresholds,
  service: ServiceReading | undefined,
  nowMs: number,
): boolean {
  const spec = alarmSpec("healthy-hosts");
  const completed = service?.events.find(({ message }) => message.endsWith(" deployment completed."));
  const rangeMs = alarmRangeMs(spec) + PUBLISHED_AFTER_MS;
  return healthy >= spec.threshold(thresholds) && completed !== undefined && nowMs < completed.atMs + rangeMs;
}
