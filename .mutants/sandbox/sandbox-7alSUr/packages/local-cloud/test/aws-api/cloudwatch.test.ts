import type { DescribeAlarmsCommandInput } from "@aws-sdk/client-cloudwatch";
import {
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  ListTagsForResourceCommand,
  PutAnomalyDetectorCommand,
  PutCompositeAlarmCommand,
  PutMetricDataCommand,
  ResourceNotFound,
  ResourceNotFoundException,
  SetAlarmStateCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { alarm, MINUTE_MS, startCloudWatch } from "./cloudwatch-client.ts";

let cloud: Awaited<ReturnType<typeof startCloudWatch>>;
beforeEach(async () => {
  cloud = await startCloudWatch();
});
afterEach(() => cloud.close());

const arn = (name: string) => `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`;

describe("alarms through the SDK", () => {
  it("describes what was put, by name, prefix and state; unknown names are absent", async () => {
    await cloud.putAlarm();
    await cloud.putAlarm({ AlarmName: "green-slow" });
    const { MetricAlarms } = await cloud.client.send(
      new DescribeAlarmsCommand({ AlarmNames: ["errors", "nowhere"] }),
    );
    expect(MetricAlarms).toHaveLength(1);
    expect(MetricAlarms?.[0]).toMatchObject({
      ...alarm,
      AlarmArn: arn("errors"),
      StateValue: "INSUFFICIENT_DATA",
      StateUpdatedTimestamp: new Date(cloud.clock.now()),
      ActionsEnabled: true,
      AlarmActions: [],
    });
    const names = async (input: DescribeAlarmsCommandInput) =>
      (await cloud.client.send(new DescribeAlarmsCommand(input))).MetricAlarms?.map((one) => one.AlarmName);
    expect(await names({ AlarmNamePrefix: "green" })).toEqual(["green-slow"]);
    expect(await names({ StateValue: "OK" })).toEqual([]);
    cloud.clock.advance(2 * MINUTE_MS);
    expect(await names({ StateValue: "OK" })).toEqual(["errors", "green-slow"]);
  });

  it("leaves composites out unless they are asked for, and pages", async () => {
    await cloud.putAlarm();
    await cloud.client.send(new PutCompositeAlarmCommand({ AlarmName: "page", AlarmRule: "ALARM(errors)" }));
    const plain = await cloud.client.send(new DescribeAlarmsCommand({}));
    expect([plain.MetricAlarms?.length, plain.CompositeAlarms?.length]).toEqual([1, 0]);
    const types = { AlarmTypes: ["MetricAlarm", "CompositeAlarm"] as ("MetricAlarm" | "CompositeAlarm")[] };
    const first = await cloud.client.send(new DescribeAlarmsCommand({ ...types, MaxRecords: 1 }));
    expect(first.MetricAlarms?.[0]?.AlarmName).toBe("errors");
    const second = await cloud.client.send(
      new DescribeAlarmsCommand({ ...types, NextToken: first.NextToken }),
    );
    expect(second.CompositeAlarms?.[0]).toMatchObject({ AlarmName: "page", AlarmRule: "ALARM(errors)" });
    expect(second.NextToken).toBeUndefined();
    await expect(cloud.client.send(new DescribeAlarmsCommand({ NextToken: "x" }))).rejects.toMatchObject({
      name: "InvalidNextToken",
    });
  });

  it("goes to ALARM by itself and tells its history", async () => {
    await cloud.putAlarm();
    for (let i = 0; i < 2; i++) {
      await cloud.putData("Errors", 9);
      cloud.clock.advance(MINUTE_MS);
    }
    cloud.clock.advance(MINUTE_MS / 2);
    const { MetricAlarms } = await cloud.client.send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms?.[0]?.StateValue).toBe("ALARM");
    expect(JSON.parse(MetricAlarms?.[0]?.StateReasonData ?? "")).toMatchObject({
      recentDatapoints: [9, 9],
      period: 60,
    });
    const { AlarmHistoryItems } = await cloud.client.send(
      new DescribeAlarmHistoryCommand({ AlarmName: "errors", ScanBy: "TimestampAscending" }),
    );
    expect(AlarmHistoryItems?.map((item) => [item.HistoryItemType, item.HistorySummary])).toEqual([
      ["ConfigurationUpdate", 'Alarm "errors" created'],
      ["StateUpdate", "Alarm updated from INSUFFICIENT_DATA to OK"],
      ["StateUpdate", "Alarm updated from OK to ALARM"],
    ]);
  });

  it("sets a state, and says 404 for an alarm that does not exist", async () => {
    await cloud.putAlarm();
    const set = (AlarmName: string) =>
      cloud.client.send(new SetAlarmStateCommand({ AlarmName, StateValue: "ALARM", StateReason: "drill" }));
    await set("errors");
    const { MetricAlarms } = await cloud.client.send(new DescribeAlarmsCommand({ StateValue: "ALARM" }));
    expect(MetricAlarms?.[0]?.StateReason).toBe("drill");
    const failure: unknown = await set("nowhere").catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ResourceNotFound);
    expect(failure).toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  it("switches actions, and keeps tags by ARN", async () => {
    await cloud.putAlarm({ Tags: [{ Key: "a", Value: "1" }] });
    await cloud.client.send(new DisableAlarmActionsCommand({ AlarmNames: ["errors"] }));
    const enabled = async () =>
      (await cloud.client.send(new DescribeAlarmsCommand({}))).MetricAlarms?.[0]?.ActionsEnabled;
    expect(await enabled()).toBe(false);
    await cloud.client.send(new EnableAlarmActionsCommand({ AlarmNames: ["errors"] }));
    expect(await enabled()).toBe(true);
    const ResourceARN = arn("errors");
    await cloud.client.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: "b", Value: "2" }] }));
    await cloud.client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["a"] }));
    expect((await cloud.client.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([
      { Key: "b", Value: "2" },
    ]);
    await expect(
      cloud.client.send(new ListTagsForResourceCommand({ ResourceARN: arn("nowhere") })),
    ).rejects.toThrow(ResourceNotFoundException);
  });

  it("deletes all alarms of a request or none, and none that a composite needs", async () => {
    await cloud.putAlarm();
    await cloud.putAlarm({ AlarmName: "other" });
    await cloud.client.send(new PutCompositeAlarmCommand({ AlarmName: "page", AlarmRule: "ALARM(errors)" }));
    const remove = (...AlarmNames: string[]) => cloud.client.send(new DeleteAlarmsCommand({ AlarmNames }));
    await expect(remove("other", "nowhere")).rejects.toThrow(ResourceNotFound);
    await expect(remove("errors")).rejects.toThrow(
      "Cannot delete errors as there are composite alarm(s) depending on it.",
    );
    expect((await cloud.client.send(new DescribeAlarmsCommand({}))).MetricAlarms).toHaveLength(2);
    await remove("page", "errors", "other");
    const types = ["MetricAlarm", "CompositeAlarm"] as ("MetricAlarm" | "CompositeAlarm")[];
    expect(await cloud.client.send(new DescribeAlarmsCommand({ AlarmTypes: types }))).toMatchObject({
      MetricAlarms: [],
      CompositeAlarms: [],
    });
  });
});

describe("errors through the SDK", () => {
  it("have the names of the SDK's model, and the older codes that boto3 and the AWS CLI show", async () => {
    await expect(cloud.putAlarm({ Period: 7 })).rejects.toMatchObject({
      name: "ValidationException",
      Code: "ValidationError",
      $metadata: { httpStatusCode: 400 },
    });
    const nothing = { Namespace: "A", MetricData: [{ MetricName: "M" }] };
    await expect(cloud.client.send(new PutMetricDataCommand(nothing))).rejects.toMatchObject({
      name: "MissingRequiredParameterException",
      Code: "MissingParameter",
    });
  });

  it("name the operation that is not simulated", async () => {
    const command = new PutAnomalyDetectorCommand({ Namespace: "A", MetricName: "M", Stat: "Sum" });
    await expect(cloud.client.send(command)).rejects.toMatchObject({
      name: "UnknownOperationException",
      message: expect.stringContaining("PutAnomalyDetector"),
      $metadata: { httpStatusCode: 400 },
    });
  });
});
