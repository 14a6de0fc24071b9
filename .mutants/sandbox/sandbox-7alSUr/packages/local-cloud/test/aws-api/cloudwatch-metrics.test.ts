import type { ListMetricsCommandInput } from "@aws-sdk/client-cloudwatch";
import {
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  InvalidParameterValueException,
  ListMetricsCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { alarm, MINUTE_MS, startCloudWatch } from "./cloudwatch-client.ts";

let cloud: Awaited<ReturnType<typeof startCloudWatch>>;
beforeEach(async () => {
  cloud = await startCloudWatch();
});
afterEach(() => cloud.close());

describe("metrics through the SDK", () => {
  it("reads back what was put, newest first, with math over two metrics", async () => {
    const startMs = cloud.clock.now();
    for (const [requests, errors] of [
      [100, 0],
      [200, 20],
    ] as const) {
      await cloud.putData("Requests", requests);
      await cloud.putData("Errors", errors);
      cloud.clock.advance(MINUTE_MS);
    }
    const metric = (Id: string, MetricName: string) => ({
      Id,
      ReturnData: Id === "errors",
      MetricStat: {
        Metric: { Namespace: "App", MetricName, Dimensions: alarm.Dimensions },
        Period: 60,
        Stat: "Sum",
      },
    });
    const answer = await cloud.client.send(
      new GetMetricDataCommand({
        StartTime: new Date(startMs),
        EndTime: new Date(startMs + 5 * MINUTE_MS),
        MetricDataQueries: [
          metric("errors", "Errors"),
          metric("requests", "Requests"),
          { Id: "rate", Expression: "errors / requests", Label: "Rate" },
        ],
      }),
    );
    const newestFirst = [new Date(startMs + MINUTE_MS), new Date(startMs)];
    expect(answer.MetricDataResults).toEqual([
      { Id: "errors", Label: "Errors", StatusCode: "Complete", Timestamps: newestFirst, Values: [20, 0] },
      { Id: "rate", Label: "Rate", StatusCode: "Complete", Timestamps: newestFirst, Values: [0.1, 0] },
    ]);
  });

  it("sends data in pages of MaxDatapoints", async () => {
    const startMs = cloud.clock.now();
    for (let i = 0; i < 5; i++) {
      await cloud.putData("Errors", i);
      cloud.clock.advance(MINUTE_MS);
    }
    const values: number[] = [];
    const codes: (string | undefined)[] = [];
    let token: string | undefined;
    do {
      const page = await cloud.client.send(
        new GetMetricDataCommand({
          StartTime: new Date(startMs),
          EndTime: new Date(cloud.clock.now()),
          ScanBy: "TimestampAscending",
          MaxDatapoints: 2,
          NextToken: token,
          MetricDataQueries: [
            {
              Id: "m1",
              MetricStat: {
                Metric: { Namespace: "App", MetricName: "Errors", Dimensions: alarm.Dimensions },
                Period: 60,
                Stat: "Sum",
              },
            },
          ],
        }),
      );
      values.push(...(page.MetricDataResults?.[0]?.Values ?? []));
      codes.push(page.MetricDataResults?.[0]?.StatusCode);
      token = page.NextToken;
    } while (token !== undefined);
    expect(values).toEqual([0, 1, 2, 3, 4]);
    expect(codes).toEqual(["PartialData", "PartialData", "Complete"]);
  });

  it("answers statistics and percentiles of a large compressed request", async () => {
    const startMs = cloud.clock.now();
    const MetricData = Array.from({ length: 900 }, (_, i) => ({ MetricName: "Latency", Value: i + 1 }));
    await cloud.client.send(new PutMetricDataCommand({ Namespace: "App", MetricData }));
    cloud.clock.advance(MINUTE_MS);
    const ask = {
      Namespace: "App",
      MetricName: "Latency",
      StartTime: new Date(startMs),
      EndTime: new Date(cloud.clock.now()),
      Period: 60,
    };
    const simple = await cloud.client.send(
      new GetMetricStatisticsCommand({ ...ask, Statistics: ["Average", "SampleCount", "Maximum"] }),
    );
    expect(simple).toMatchObject({
      Label: "Latency",
      Datapoints: [
        { Timestamp: new Date(startMs), Average: 450.5, SampleCount: 900, Maximum: 900, Unit: "None" },
      ],
    });
    const extended = await cloud.client.send(
      new GetMetricStatisticsCommand({ ...ask, ExtendedStatistics: ["p50"] }),
    );
    // 900 distinct values are more than are kept exactly: one percent.
    expect(Math.abs((extended.Datapoints?.[0]?.ExtendedStatistics?.["p50"] ?? 0) - 450)).toBeLessThan(4.6);
  });

  it("lists metrics by namespace, name and dimension", async () => {
    await cloud.putData("Errors", 1);
    await cloud.putData("Errors", 1, []);
    await cloud.putData("Requests", 1);
    cloud.clock.advance(MINUTE_MS);
    const count = async (input: ListMetricsCommandInput) =>
      (await cloud.client.send(new ListMetricsCommand(input))).Metrics?.length;
    expect(await count({})).toBe(3);
    expect(await count({ Namespace: "App", MetricName: "Errors" })).toBe(2);
    expect(await count({ Dimensions: [{ Name: "Slot" }] })).toBe(2);
    expect(await count({ Dimensions: [{ Name: "Slot", Value: "blue" }] })).toBe(0);
  });

  it("takes values with counts, and nothing of a request that has one bad value", async () => {
    const startMs = cloud.clock.now();
    const values = { MetricName: "V", Values: [1, 3], Counts: [3, 1] };
    await cloud.client.send(new PutMetricDataCommand({ Namespace: "App", MetricData: [values] }));
    const bad = cloud.client.send(
      new PutMetricDataCommand({
        Namespace: "App",
        MetricData: [values, { MetricName: "V", Value: Number.NaN }],
      }),
    );
    await expect(bad).rejects.toThrow(InvalidParameterValueException);
    cloud.clock.advance(MINUTE_MS);
    const { Datapoints } = await cloud.client.send(
      new GetMetricStatisticsCommand({
        Namespace: "App",
        MetricName: "V",
        StartTime: new Date(startMs),
        EndTime: new Date(cloud.clock.now()),
        Period: 60,
        Statistics: ["Sum", "SampleCount"],
      }),
    );
    expect(Datapoints).toMatchObject([{ Sum: 6, SampleCount: 4 }]);
  });
});
