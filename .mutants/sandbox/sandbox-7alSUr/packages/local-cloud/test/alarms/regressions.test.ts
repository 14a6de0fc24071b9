import { describe, expect, it } from "vitest";

import { errors, setUp } from "./fixture.ts";

/**
 * Bugs and gaps of other emulators' alarms, each by name. Composite rules whole (AND, OR, NOT, nesting, names, ARNs,
 * AT_LEAST) are in rule.test.ts and composite.test.ts, what is refused in definition.test.ts.
 */
const alarm = { ...errors, EvaluationPeriods: 1, DatapointsToAlarm: 1 };

describe("a bug of another emulator's alarms that ours do not have", () => {
  it("a new alarm knows nothing yet: it is not OK before it was evaluated (moto)", () => {
    const { call, state } = setUp();
    call("PutMetricAlarm", { ...alarm, TreatMissingData: "notBreaching" });
    expect(state("errors")).toBe("INSUFFICIENT_DATA");
  });

  it("an alarm changes by itself when data arrive, with nobody asking for it (moto, Floci, fakecloud)", () => {
    const { call, minute, actions } = setUp();
    call("PutMetricAlarm", { ...alarm, AlarmActions: ["arn:aws:sns:us-east-1:000000000000:pager"] });
    minute(0);
    minute(9);
    expect(actions).toEqual(["errors ALARM arn:aws:sns:us-east-1:000000000000:pager"]);
  });

  it("an alarm sees the data with exactly its dimensions, no fewer and no more (MiniStack)", () => {
    const { call, state, store, clock } = setUp();
    const Dimensions = [{ Name: "Slot", Value: "green" }];
    call("PutMetricAlarm", { ...alarm, Dimensions });
    const publish = (dimensions: Record<string, string>) => {
      const series = { namespace: "App", metricName: "Errors", unit: "None", dimensions };
      store.series(series).add(clock.now(), 9);
      clock.advance(60_000);
    };
    const others: readonly Record<string, string>[] = [{}, { Slot: "blue" }, { Slot: "green", Zone: "a" }];
    for (const other of others) {
      publish(other);
      expect(state("errors")).toBe("OK");
    }
    publish({ Slot: "green" });
    expect(state("errors")).toBe("ALARM");
  });

  it("M of N: one breaching minute of three is not an alarm, two are (MiniStack)", () => {
    const { call, state, minute } = setUp();
    call("PutMetricAlarm", errors);
    minute(9);
    minute(0);
    expect(state("errors")).toBe("OK");
    minute(9);
    expect(state("errors")).toBe("ALARM");
  });

  it.each([
    ["missing", "INSUFFICIENT_DATA"],
    ["ignore", "ALARM"],
    ["breaching", "ALARM"],
    ["notBreaching", "OK"],
  ])("missing data count as told: after a breach, silence is %s and gives %s (MiniStack)", (how, wanted) => {
    const { call, state, minute } = setUp();
    call("PutMetricAlarm", { ...alarm, TreatMissingData: how });
    minute(9);
    expect(state("errors")).toBe("ALARM");
    for (let silent = 0; silent < 4; silent += 1) minute();
    expect(state("errors")).toBe(wanted);
  });

  it("the data point 0.0 is a value, not a gap (LocalStack)", () => {
    const { call, state, minute } = setUp();
    call("PutMetricAlarm", { ...alarm, ComparisonOperator: "LessThanThreshold", Threshold: 1 });
    minute(0);
    expect(state("errors")).toBe("ALARM");
  });

  it("the threshold 0 is a threshold (LocalStack)", () => {
    const { call, state, minute } = setUp();
    call("PutMetricAlarm", { ...alarm, Threshold: 0 });
    minute(1);
    expect(state("errors")).toBe("ALARM");
  });

  it("DatapointsToAlarm is N where it is not given, for the state and for the reason (LocalStack)", () => {
    const { call, describeAlarm, minute } = setUp();
    const { DatapointsToAlarm: _, ...all } = errors;
    call("PutMetricAlarm", all);
    minute(9);
    minute(9);
    expect(describeAlarm("errors").StateValue).toBe("OK");
    minute(9);
    expect(describeAlarm("errors")).toMatchObject({
      StateValue: "ALARM",
      StateReason: expect.stringContaining("(minimum 3 datapoints for OK -> ALARM transition)"),
    });
  });
});
