import { describe, expect, it } from "vitest";
import { alarmSpec } from "../../../../contract/alarms/alarm-catalog.ts";
import { alarmStates, firings } from "../../../../validation/core/alarm-past.ts";
import { falseAlarms, lintAlarm } from "../../../../validation/core/planning/past-alarms.ts";
import { poisson, randomOf } from "../../../../validation/core/planning/random.ts";
import { DEFAULT_SETTINGS } from "../../../../validation/insight/replay/settings.ts";

const { thresholds } = DEFAULT_SETTINGS;
const spec = alarmSpec("error-rate");

describe("an alarm of the catalogue over a past", () => {
  it("fires with the third breaching minute of eight, and again only after it was OK", () => {
    const values = [0, 0.1, 0, 0.1, 0.1, 0.1, 0, 0, 0, 0, 0, 0, 0.1, 0.1, 0.1];
    const states = alarmStates(spec, thresholds, values);
    expect(firings(states)).toEqual([4, 14]);
    expect(states.slice(9, 12)).toEqual(["ALARM", "ALARM", "OK"]);
  });

  it("takes minutes that were not reported as the alarm treats them", () => {
    const gap = [undefined, undefined, undefined];
    for (const key of ["error-rate", "healthy-hosts", "cpu"] as const) {
      expect(alarmStates(alarmSpec(key), thresholds, gap).at(-1)).toBe("INSUFFICIENT_DATA");
    }
    const week = Array.from({ length: 7 }, () => undefined);
    expect(alarmStates(alarmSpec("out-of-service"), thresholds, week).at(-1)).toBe("ALARM");
  });

  it("names the limit from which on it would have been quiet", () => {
    const values = [0, 0.2, 0.06, 0.08, 0, 0, 0, 0, 0, 0, 0.3, 0.3];
    const lint = lintAlarm("error-rate", spec, thresholds, values);
    expect(lint).toMatchObject({ fired: 1, lastFired: 3, quietLimit: 0.06 });
    const quiet = { ...thresholds, maxErrorRate: 0.06 };
    expect(lintAlarm("error-rate", spec, quiet, values).fired).toBe(0);
  });

  it("rolls back no release of a quiet past, and none for an incident that hits both slots", () => {
    const quiet = Array.from({ length: 600 }, () => ({ requests: 600, events: 3 }));
    const incident = quiet.map((minute, at) => (at % 100 < 20 ? { ...minute, events: 120 } : minute));
    const schedule = [
      { share: 10, minutes: 30 },
      { share: 50, minutes: 30 },
    ];
    for (const minutes of [quiet, incident]) {
      expect(falseAlarms({ spec, thresholds, minutes, schedule, tolerance: 1.1, dispersion: 1 })).toBe(0);
    }
  });

  it("rolls releases back where the whole load fails and nobody is there to compare with", () => {
    const minutes = Array.from({ length: 100 }, () => ({ requests: 600, events: 120 }));
    const schedule = [{ share: 100, minutes: 10 }];
    expect(falseAlarms({ spec, thresholds, minutes, schedule, tolerance: 1.1, dispersion: 1 })).toBe(200);
  });
});

describe("the random numbers of a plan", () => {
  it.each([0.3, 4, 80])("have a Poisson number's mean and variance of %d", (mean) => {
    const random = randomOf(5);
    const drawn = Array.from({ length: 4000 }, () => poisson(random, mean));
    const average = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    const variance = drawn.reduce((sum, value) => sum + (value - average) ** 2, 0) / drawn.length;
    expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(mean / 4000));
    expect(variance / mean).toBeGreaterThan(0.85);
    expect(variance / mean).toBeLessThan(1.15);
  });
});
