import { JUDGING_ALARM_KEYS, alarmSpec, type AlarmKey } from "../../../../contract/alarms/alarm-catalog.ts";
import type { Thresholds } from "../../../../contract/config/sections.ts";
import { alarmStates } from "../../../../validation/core/alarm-past.ts";
import { countIn } from "../../../../validation/core/comparison/rate-alarms.ts";
import type { RawCounts } from "../../../../validation/core/comparison/data.ts";
import type { AlarmReading, AlarmValues } from "../../../../validation/core/observation.ts";

/** What alarms on tasks that have little to do measure; healthy hosts are as they were published. */
const QUIET = 50;

/** What an alarm of the catalogue measures in a minute, as its queries have it. */
function measure(key: AlarmKey, counts: RawCounts, { minRequestsPerMinute }: Thresholds): number {
  if (key === "healthy-hosts") return counts.healthy ?? 0;
  const count = alarmSpec(key).rate?.counted(countIn(counts));
  if (count === undefined) return QUIET;
  return count.exposure >= minRequestsPerMinute ? count.events / count.exposure : 0;
}

/** The alarms of a slot after these minutes, oldest first, as they can be read by now; each is named like its key. */
export const readingsOf = (minutes: readonly RawCounts[], thresholds: Thresholds): readonly AlarmReading[] =>
  JUDGING_ALARM_KEYS.map((key): AlarmReading => {
    const spec = alarmSpec(key);
    const values = minutes.slice(-spec.evaluationPeriods).map((counts) => measure(key, counts, thresholds));
    return {
      name: key,
      state: alarmStates(spec, thresholds, values).at(-1) ?? "INSUFFICIENT_DATA",
      evaluationState: undefined,
      transitionedMs: undefined,
      configuredMs: undefined,
      reason: "",
    };
  });

/** The alarms' own measures of these minutes. */
export const valuesOf = (minutes: readonly RawCounts[], thresholds: Thresholds): AlarmValues =>
  Object.fromEntries(
    JUDGING_ALARM_KEYS.map((key) => [key, minutes.map((counts) => measure(key, counts, thresholds))]),
  );
