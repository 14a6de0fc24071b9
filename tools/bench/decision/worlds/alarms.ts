import { JUDGING_ALARM_KEYS, alarmSpec, type AlarmKey } from "../../../../contract/alarms/alarm-catalog.ts";
import type { Thresholds } from "../../../../contract/config/sections.ts";
import { alarmStates } from "../../../../validation/core/alarm-past.ts";
import type { RawCounts } from "../../../../validation/core/comparison/data.ts";
import type { AlarmReading, AlarmValues } from "../../../../validation/core/observation.ts";

/** What an alarm of the catalogue measures in a minute, as its queries have it. */
type Measure = (counts: RawCounts, fewest: number) => number;

const QUIET = 50;
const rate = (events: number, exposure: number, fewest: number) =>
  exposure >= fewest ? events / exposure : 0;

const MEASURES: Readonly<Partial<Record<AlarmKey, Measure>>> = {
  "error-rate": ({ answered, errors, refused }, fewest) =>
    rate(errors + refused, answered + errors + refused, fewest),
  "unanswered-rate": ({ requests, answered, errors }, fewest) =>
    rate(requests - answered - errors, requests, fewest),
  "slow-rate": ({ timed, late }, fewest) => rate(late, timed, fewest),
  "healthy-hosts": ({ healthy = 0 }) => healthy,
  cpu: () => QUIET,
  memory: () => QUIET,
};

const measure = (key: AlarmKey, counts: RawCounts, thresholds: Thresholds): number =>
  MEASURES[key]?.(counts, thresholds.minRequestsPerMinute) ?? QUIET;

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
