import { expect, test } from "vitest";
import { JUDGING_ALARM_KEYS, alarmSpec } from "../../../contract/alarms/alarm-catalog.ts";
import { rateCounts } from "../../../validation/core/cohort-seen.ts";

const counted = (sums: Readonly<Record<string, number>>) =>
  Object.fromEntries(rateCounts(new Map(Object.entries(sums))).map(({ key, count }) => [key, count]));

test("a cohort is counted as each alarm on a rate counts users, and for no other alarm", () => {
  const onRates = JUDGING_ALARM_KEYS.filter((key) => alarmSpec(key).rate !== undefined);
  expect(rateCounts(new Map()).map(({ key }) => key)).toEqual(onRates);
  expect(onRates).toContain("error-rate");
  expect(onRates).not.toContain("cpu");
});

test("what the load balancer has not reported counts as none", () => {
  expect(counted({})["error-rate"]).toEqual({ exposure: 0, events: 0 });
  expect(counted({ requests: 20, ok: 17, errors: 3, answers: 20 })["error-rate"]).toEqual({
    exposure: 20,
    events: 3,
  });
});
