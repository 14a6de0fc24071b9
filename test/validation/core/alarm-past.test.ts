import { describe, expect, test } from "vitest";
import { alarmSpec, type AlarmSpec } from "../../../contract/alarms/alarm-catalog.ts";
import { alarmStates, firings, type MinuteValues } from "../../../validation/core/alarm-past.ts";
import { DEFAULT_SETTINGS } from "../../../validation/insight/replay/settings.ts";

/** Two of the last three minutes above 10, where nothing else is said. */
const spec = (own: Partial<AlarmSpec> = {}): AlarmSpec => ({
  ...alarmSpec("error-rate"),
  threshold: () => 10,
  comparison: "GreaterThanThreshold",
  datapointsToAlarm: 2,
  evaluationPeriods: 3,
  treatMissingData: "notBreaching",
  ...own,
});
const LETTERS = { OK: "o", ALARM: "A", INSUFFICIENT_DATA: "?" } as const;
const told = (own: Partial<AlarmSpec>, values: MinuteValues) =>
  alarmStates(spec(own), DEFAULT_SETTINGS.thresholds, values)
    .map((state) => LETTERS[state])
    .join("");

describe("the states that an alarm would have had", () => {
  const _ = undefined;
  const table: readonly (readonly [string, Partial<AlarmSpec>, MinuteValues, string])[] = [
    ["one minute above the limit does not fire", {}, [0, 11, 0, 0], "oooo"],
    ["two of three above it fire, until they are too long ago", {}, [11, 0, 11, 0, 0, 0], "ooAooo"],
    ["it fires as long as two of the last three are above it", {}, [11, 11, 0, 0], "oAAo"],
    ["two that are further apart do not fire", {}, [11, 0, 0, 11, 0, 0], "oooooo"],
    ["a value at the limit is allowed", {}, [10, 10, 10], "ooo"],
    ["a least value may be reached", { comparison: "LessThanThreshold" }, [10, 10, 10], "ooo"],
    ["what is below a least value fires", { comparison: "LessThanThreshold" }, [9, 9, 11, 11], "oAAo"],
    ["minutes without a value count as good ones", {}, [_, 11, _, 11, _], "oooAo"],
    ["minutes without a value count as bad ones", { treatMissingData: "breaching" }, [_, _, 0, 0], "oAAo"],
    [
      "minutes without a value are left out, and without any other nothing is known",
      { treatMissingData: "missing" },
      [_, _, 11, _, 11, _, _, _, 0],
      "??ooAoo?o",
    ],
    ["a past without minutes has no states", {}, [], ""],
  ];
  test.each(table)("%s", (_title, own, values, expected) => {
    expect(told(own, values)).toBe(expected);
  });

  test("an alarm that needs one minute fires with the first", () => {
    expect(told({ datapointsToAlarm: 1, evaluationPeriods: 1 }, [11, 0, 11])).toBe("AoA");
  });

  test("the limit is the one of the stack's thresholds", () => {
    const thresholds = { ...DEFAULT_SETTINGS.thresholds, maxErrorRate: 0.2 };
    const own = spec({ threshold: (one) => one.maxErrorRate });
    expect(alarmStates(own, thresholds, [0.2, 0.21, 0.21]).at(-1)).toBe("ALARM");
    expect(alarmStates(own, thresholds, [0.2, 0.2, 0.21]).at(-1)).toBe("OK");
  });

  test("an alarm has fired once for each time that it went into ALARM", () => {
    expect(firings(["ALARM", "ALARM", "OK", "INSUFFICIENT_DATA", "ALARM", "OK"])).toEqual([0, 4]);
    expect(firings(["OK", "INSUFFICIENT_DATA"])).toEqual([]);
  });
});
