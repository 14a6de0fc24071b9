import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ALARM_KEYS, alarmSpec, JUDGING_ALARM_KEYS } from "../../../contract/alarms/alarm-catalog.ts";
import { GATE_NAMES } from "../../../contract/alarms/gates.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import { RATE_ALARMS } from "../../../validation/core/comparison/rate-alarms.ts";

const kinds = readdirSync(join(import.meta.dirname, "..", "..", "..", "contract", "alarms", "kinds"));
const parsed = parseConfig({});
const thresholds = parsed.ok ? parsed.config.thresholds : undefined;

describe("the alarm catalogue", () => {
  it("has one alarm for each file of kinds/, called like it, in an order of their own", () => {
    expect(kinds.map((file) => file.replace(/\.ts$/, "")).toSorted()).toEqual(ALARM_KEYS.toSorted());
    expect(new Set(ALARM_KEYS.map((key) => alarmSpec(key).order)).size).toBe(kinds.length);
  });

  it.each(ALARM_KEYS)("%s is complete and within CloudWatch's limits", (key) => {
    const spec = alarmSpec(key);
    if (thresholds === undefined) throw new Error("the defaults do not parse");
    const queries = spec.queries(thresholds);
    expect(queries.length).toBeGreaterThan(0);
    // CloudWatch: at most 10 metrics in the math of an alarm.
    expect(queries.length).toBeLessThanOrEqual(10);
    expect(new Set(queries.map(({ id }) => id)).size).toBe(queries.length);
    expect(spec.datapointsToAlarm).toBeLessThanOrEqual(spec.evaluationPeriods);
    expect(spec.threshold(thresholds)).toBeGreaterThan(0);
    expect(spec.thresholdKey === undefined || spec.thresholdKey in thresholds).toBe(true);
    expect(spec.why.length).toBeGreaterThan(20);
    expect(spec.judges || spec.pages).toBe(true);
  });

  it.each(ALARM_KEYS)("%s counts, if it is on a rate, what its own queries ask for", (key) => {
    const { queries, rate } = alarmSpec(key);
    if (thresholds === undefined) throw new Error("the defaults do not parse");
    const asked = queries(thresholds).map(({ id }) => id);
    const counted = new Set<string>();
    rate?.counted((id) => {
      counted.add(id);
      return 1;
    });
    expect([...counted].filter((id) => !asked.includes(id))).toEqual([]);
  });

  it("names a gate after each alarm that judges, in the alarms' order", () => {
    const named = GATE_NAMES.filter((name) => JUDGING_ALARM_KEYS.some((key) => key === name));
    expect(named).toEqual(JUDGING_ALARM_KEYS);
  });

  it("has the alarms on rates compared with the active slot, those of its files and no others", () => {
    expect(RATE_ALARMS.map(({ key }) => key)).toEqual(ALARM_KEYS.filter((key) => alarmSpec(key).rate));
  });
});
