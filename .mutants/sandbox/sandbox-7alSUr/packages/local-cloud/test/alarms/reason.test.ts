import { expect, it } from "vitest";

import type { Evidence } from "../../alarms/reason.ts";
import { stateReason, stateReasonData } from "../../alarms/reason.ts";

const at = (minute: number) => Date.UTC(2026, 10, 21, 9, minute);
const base: Evidence = {
  state: "ALARM",
  operator: "GreaterThanThreshold",
  threshold: 0.05,
  datapointsToAlarm: 2,
  evaluationPeriods: 3,
  points: [
    { timestampMs: at(2), value: 0.25 },
    { timestampMs: at(1), value: 0.2 },
    { timestampMs: at(0), value: 0 },
  ],
  treated: 0,
  treatedAs: "NonBreaching",
};

it.each<[string, Partial<Evidence>, string]>([
  [
    "an alarm names the breaching points, newest first",
    {},
    "Threshold Crossed: 2 out of the last 3 datapoints [0.25 (21/11/26 09:02:00), 0.2 (21/11/26 09:01:00)] were greater than the threshold (0.05) (minimum 2 datapoints for OK -> ALARM transition).",
  ],
  [
    "one of one has AWS's grammar",
    {
      datapointsToAlarm: 1,
      evaluationPeriods: 1,
      points: [{ timestampMs: at(1), value: 1 }],
      threshold: 1,
      operator: "GreaterThanOrEqualToThreshold",
    },
    "Threshold Crossed: 1 out of the last 1 datapoints [1.0 (21/11/26 09:01:00)] was greater than or equal to the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).",
  ],
  [
    "an OK names the good points and how many good ones it needs",
    { state: "OK", datapointsToAlarm: 3 },
    "Threshold Crossed: 1 out of the last 3 datapoints [0.0 (21/11/26 09:00:00)] was not greater than the threshold (0.05) (minimum 1 datapoint for ALARM -> OK transition).",
  ],
  [
    "no data at all and a treatment",
    { state: "OK", points: [], treated: 3 },
    "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [NonBreaching].",
  ],
  [
    "some data and a treatment",
    { points: base.points.slice(0, 1), treated: 2, treatedAs: "Breaching" },
    "Threshold Crossed: 1 datapoint [0.25 (21/11/26 09:02:00)] was greater than the threshold (0.05) and 2 missing datapoints were treated as [Breaching].",
  ],
  [
    "no data and no treatment",
    { state: "INSUFFICIENT_DATA", points: [] },
    "Insufficient Data: 3 datapoints were unknown.",
  ],
])("%s", (_, change, sentence) => expect(stateReason({ ...base, ...change })).toBe(sentence));

it("a reason over many points stays within AWS's 1023 characters and says that there are more", () => {
  const points = Array.from({ length: 200 }, (_, i) => ({ timestampMs: at(i), value: 0.123456789012345 }));
  const reason = stateReason({ ...base, points, evaluationPeriods: 200, datapointsToAlarm: 200 });
  expect(reason.length).toBeLessThanOrEqual(1023);
  expect(reason).toContain("200 out of the last 200 datapoints");
  expect(reason).toContain(", …]");
});

it("the reason data are JSON with AWS's date format, oldest point first", () => {
  const options = { nowMs: at(3), startMs: at(0), statistic: "Sum", periodSeconds: 60, threshold: 0.05 };
  const data: unknown = JSON.parse(stateReasonData({ ...options, points: base.points.toReversed() }));
  expect(data).toMatchObject({
    version: "1.0",
    queryDate: "2026-11-21T09:03:00.000+0000",
    startDate: "2026-11-21T09:00:00.000+0000",
    statistic: "Sum",
    period: 60,
    recentDatapoints: [0, 0.2, 0.25],
    threshold: 0.05,
  });
});
