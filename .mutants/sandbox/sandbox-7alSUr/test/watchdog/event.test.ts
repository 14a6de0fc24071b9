import { describe, expect, it } from "vitest";
import { wokenBy } from "../../watchdog/event.ts";

const names = { blue: "stack-blue", green: "stack-green" };
// The shape of CloudWatch's own sample for a composite alarm.
const alarmEvent = (alarmName: string, value: string) => ({
  source: "aws.cloudwatch",
  alarmArn: `arn:aws:cloudwatch:us-east-1:111122223333:alarm:${alarmName}`,
  accountId: "111122223333",
  time: "2026-01-01T12:00:00.000+0000",
  region: "us-east-1",
  alarmData: {
    alarmName,
    state: { value, reason: "a child transitioned to ALARM", timestamp: "2026-01-01T12:00:00.000+0000" },
    previousState: { value: "OK" },
    configuration: { alarmRule: "…" },
  },
});

describe("the watchdog is woken", () => {
  it("by the composite alarm of a slot", () => {
    expect(wokenBy(alarmEvent("stack-green", "ALARM"), names)).toEqual({
      kind: "alarm",
      slot: "green",
      atMs: Date.UTC(2026, 0, 1, 12),
      reason: "stack-green went into ALARM: a child transitioned to ALARM",
    });
  });

  it("by the schedule", () => {
    expect(wokenBy({ source: "aws.events", "detail-type": "Scheduled Event" }, names)).toEqual({
      kind: "schedule",
    });
  });

  it("for nothing by an alarm that is over", () => {
    expect(wokenBy(alarmEvent("stack-green", "OK"), names)).toBeUndefined();
  });

  it.each([undefined, null, {}, "text", alarmEvent("another", "ALARM"), { source: "aws.events" }])(
    "by nothing that it does not know: %j",
    (event) => {
      expect(() => wokenBy(event, names)).toThrow("an event that it does not know");
    },
  );
});
