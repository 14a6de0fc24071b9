import { describe, expect, it } from "vitest";
import { createFunctions } from "../functions.ts";
import { createRecordStore } from "../provider/records.ts";
import { ManualClock } from "./support/manual-clock.ts";

const ARN = "arn:aws:lambda:us-east-1:000000000000:function:dog";
const action = {
  alarmName: "stack-green",
  alarmArn: "arn:alarm",
  newState: "ALARM",
  reason: "a child went into ALARM",
  actionArn: ARN,
};

function given(fails = 0) {
  const clock = new ManualClock();
  const recorded = createRecordStore();
  const calls: { readonly atMs: number; readonly event: unknown; readonly environment: unknown }[] = [];
  const lines: string[] = [];
  const put = (type: string, outputs: object) =>
    recorded.put({ type, id: `${type}-1`, outputs: { ...outputs } });
  put("aws:lambda/function:Function", {
    name: "dog",
    arn: ARN,
    handler: "dog.handler",
    environment: { variables: { ROUTE_ARN: "arn:route" } },
  });
  put("aws:cloudwatch/eventRule:EventRule", {
    name: "minute",
    arn: "arn:rule",
    scheduleExpression: "rate(1 minute)",
  });
  put("aws:cloudwatch/eventTarget:EventTarget", { rule: "minute", arn: ARN });
  const functions = createFunctions({
    clock,
    region: "us-east-1",
    recorded,
    tell: (line) => lines.push(line),
    code: {
      "dog.handler": async (event, { environment, log }) => {
        calls.push({ atMs: clock.now(), event, environment });
        log("barked");
        if (calls.length <= fails) throw new Error("no bone");
      },
    },
  });
  return { clock, recorded, calls, lines, functions };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("a Lambda function on the local cloud", () => {
  it("is called by an alarm's action with CloudWatch's event and its own environment", () => {
    const { calls, lines, functions } = given();
    functions.onAlarmAction(action);
    expect(calls).toMatchObject([
      {
        environment: { ROUTE_ARN: "arn:route" },
        event: {
          source: "aws.cloudwatch",
          alarmArn: "arn:alarm",
          alarmData: {
            alarmName: "stack-green",
            state: { value: "ALARM", reason: "a child went into ALARM" },
          },
        },
      },
    ]);
    expect(lines).toEqual(["dog: barked"]);
  });

  it("is called every minute by its schedule, until the cloud is closed", async () => {
    const { clock, calls, functions } = given();
    clock.advance(5 * 60_000);
    expect(calls.length).toBe(5);
    expect(calls[0]?.event).toMatchObject({ source: "aws.events", "detail-type": "Scheduled Event" });
    await functions.close();
    clock.advance(5 * 60_000);
    functions.onAlarmAction(action);
    expect(calls.length).toBe(5);
  });

  it("is called again after one minute and after two more when it fails, and then no more", async () => {
    const { clock, calls, lines, functions, recorded } = given(99);
    recorded.remove("aws:cloudwatch/eventTarget:EventTarget", "aws:cloudwatch/eventTarget:EventTarget-1");
    const startMs = clock.now();
    functions.onAlarmAction(action);
    for (let minute = 0; minute < 10; minute++) {
      await settled();
      clock.advance(60_000);
    }
    expect(calls.map(({ atMs }) => (atMs - startMs) / 60_000)).toEqual([0, 1, 3]);
    expect(lines.filter((line) => line === "dog: failed: no bone").length).toBe(3);
  });

  it.each([{ state: "DISABLED" }, { isEnabled: false }])("is not called by a rule with %o", (off) => {
    const { clock, calls, recorded } = given();
    const type = "aws:cloudwatch/eventRule:EventRule";
    const rule = recorded.get(type, `${type}-1`);
    recorded.put({ type, id: `${type}-1`, outputs: { ...rule?.outputs, ...off } });
    clock.advance(5 * 60_000);
    expect(calls).toEqual([]);
  });

  it("is called again as it is then: with its new environment, and not at all once it is deleted", async () => {
    const { clock, calls, functions, recorded } = given(99);
    const type = "aws:lambda/function:Function";
    recorded.remove("aws:cloudwatch/eventTarget:EventTarget", "aws:cloudwatch/eventTarget:EventTarget-1");
    functions.onAlarmAction(action);
    await settled();
    const before = recorded.get(type, `${type}-1`);
    const environment = { variables: { ROUTE_ARN: "arn:other" } };
    recorded.put({ type, id: `${type}-1`, outputs: { ...before?.outputs, environment } });
    clock.advance(60_000);
    await settled();
    expect(calls.map((call) => call.environment)).toEqual([
      { ROUTE_ARN: "arn:route" },
      { ROUTE_ARN: "arn:other" },
    ]);
    recorded.remove(type, `${type}-1`);
    clock.advance(120_000);
    expect(calls).toHaveLength(2);
  });

  it("is not called by an action for another one, and one without code says so", () => {
    const { calls, lines, functions, recorded } = given();
    functions.onAlarmAction({ ...action, actionArn: "arn:aws:sns:us-east-1:1:topic" });
    const other = { name: "other", arn: "arn:other", handler: "other.handler" };
    recorded.put({ type: "aws:lambda/function:Function", id: "other", outputs: other });
    functions.onAlarmAction({ ...action, actionArn: "arn:other" });
    expect(calls).toEqual([]);
    expect(lines).toEqual(["other: called, but the local cloud has no code for other.handler"]);
  });
});
