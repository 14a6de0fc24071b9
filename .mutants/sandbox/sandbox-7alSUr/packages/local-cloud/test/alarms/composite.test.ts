import { describe, expect, it } from "vitest";

import { errors, setUp, TOPIC } from "./fixture.ts";

describe("a composite alarm", () => {
  const composite = (AlarmName: string, AlarmRule: string) => ({
    AlarmName,
    AlarmRule,
    AlarmActions: [TOPIC],
  });

  it("starts without data, is evaluated each minute and as soon as a child changes, and names the child", () => {
    const { call, describeAlarm, state, minute, actions } = setUp();
    call("PutMetricAlarm", errors);
    call("PutCompositeAlarm", composite("page", "ALARM(errors)"));
    expect(state("page")).toBe("INSUFFICIENT_DATA");
    minute(0);
    expect(state("page")).toBe("OK");
    call("SetAlarmState", { AlarmName: "errors", StateValue: "ALARM", StateReason: "a drill" });
    expect(state("page")).toBe("ALARM");
    expect(describeAlarm("page").StateReason).toBe(
      "arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors transitioned to ALARM at Thursday 01 January 2026 00:01:10 UTC",
    );
    expect(actions).toEqual([`page ALARM ${TOPIC}`]);
    minute(0);
    expect(state("page")).toBe("OK");
  });

  it("is OK while its children have no data: the vacuous OK of AWS", () => {
    const { call, state, minute } = setUp();
    call("PutMetricAlarm", { ...errors, TreatMissingData: "missing" });
    call("PutCompositeAlarm", composite("page", "ALARM(errors)"));
    minute();
    expect([state("errors"), state("page")]).toEqual(["INSUFFICIENT_DATA", "OK"]);
  });

  it("follows composites of composites within one evaluation, whatever their names", () => {
    const { call, state, minute } = setUp();
    call("PutMetricAlarm", { ...errors, EvaluationPeriods: 1, DatapointsToAlarm: 1 });
    call("PutCompositeAlarm", composite("z", "ALARM(errors)"));
    call("PutCompositeAlarm", composite("m", "NOT ALARM(z)"));
    call("PutCompositeAlarm", composite("a", "ALARM(arn:aws:cloudwatch:us-east-1:000000000000:alarm:m)"));
    minute(0);
    expect([state("z"), state("m"), state("a")]).toEqual(["OK", "ALARM", "ALARM"]);
    minute(9);
    expect([state("z"), state("m"), state("a")]).toEqual(["ALARM", "OK", "OK"]);
  });

  it("keeps a state that was set until a child changes", () => {
    const { call, state, minute } = setUp();
    call("PutMetricAlarm", errors);
    call("PutCompositeAlarm", composite("page", "ALARM(errors)"));
    minute(0);
    call("SetAlarmState", { AlarmName: "page", StateValue: "ALARM", StateReason: "a drill" });
    minute(0);
    minute(0);
    expect(state("page")).toBe("ALARM");
    minute(9);
    minute(9);
    minute(0);
    minute(0);
    expect([state("errors"), state("page")]).toEqual(["OK", "OK"]);
  });

  it("is never evaluated in a cycle", () => {
    const { call, state, minute } = setUp();
    call("PutCompositeAlarm", composite("x", "TRUE"));
    call("PutCompositeAlarm", composite("y", "ALARM(x)"));
    call("PutCompositeAlarm", composite("x", "NOT ALARM(y)"));
    minute();
    expect([state("x"), state("y")]).toEqual(["INSUFFICIENT_DATA", "INSUFFICIENT_DATA"]);
  });
});
