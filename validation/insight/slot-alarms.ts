import { ALARM_KEYS, alarmSpec, asksService, type AlarmKey } from "../../contract/alarms/alarm-catalog.ts";
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
