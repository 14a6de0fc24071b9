import { describe, expect, it } from "vitest";
import { ALARM_CATALOG, alarmRangeMs } from "../../../contract/alarms/alarm-catalog.ts";
import { hasSameCause } from "../../../contract/alarms/same-cause.ts";

const SPEC = ALARM_CATALOG["healthy-hosts"];
const NOW = Date.UTC(2026, 11, 1);
const RANGE = alarmRangeMs(SPEC);

describe("the active slot's alarm explains the candidate's", () => {
  it.each([
    ["while it is in ALARM, however long", "ALARM", NOW - 10 * RANGE, true],
    ["as long after as the alarm looks back", "OK", NOW - RANGE + 1, true],
    ["and no longer", "OK", NOW - RANGE, false],
    ["not when nobody knows since when it is OK", "OK", undefined, false],
    ["not when it has no data", "INSUFFICIENT_DATA", NOW - 1, false],
    ["not when it is not there", undefined, undefined, false],
  ])("%s", (_title, state, sinceMs, expected) => {
    expect(hasSameCause({ state, sinceMs }, SPEC, NOW)).toBe(expected);
  });
});
