import { CloudWatchClient, type GetMetricDataCommandInput } from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { cloudWatchMetrics } from "../../../validation/adapters/metrics.ts";
import type { MeasureRequest } from "../../../validation/measures.ts";

const WEEK_MS = 7 * 86_400_000;
const PLACE = {
  clusterName: "c",
  serviceName: "s",
  targetGroupSuffix: "targetgroup/a/1",
  loadBalancerSuffix: "app/a/1",
};
const request = (id: string, periodSeconds: number): MeasureRequest => ({
  id,
  periodSeconds,
  place: PLACE,
  queries: [{ id: "requests", metricName: "RequestCount", stat: "Sum", scope: "targetGroup" }],
});

/** The calls that reading these makes. */
async function calls(requests: readonly MeasureRequest[], rangeMs: number) {
  const sent: GetMetricDataCommandInput[] = [];
  const client = new CloudWatchClient({ region: "us-east-1" });
  client.middlewareStack.add(
    () => async (args) => {
      // Only GetMetricData is called here.
      const input = args.input as GetMetricDataCommandInput;
      sent.push(input);
      const results = (input.MetricDataQueries ?? []).map(({ Id }) => ({
        Id,
        StatusCode: "Complete",
        Timestamps: [],
        Values: [],
      }));
      return { output: { $metadata: {}, MetricDataResults: results }, response: {} };
    },
    { step: "initialize" },
  );
  const points = await cloudWatchMetrics(async () => client).read(requests, 0, rangeMs);
  expect([...points.keys()]).toEqual(requests.map(({ id }) => id));
  return sent;
}

describe("reading metrics", () => {
  it("asks for at most 500 series in a call", async () => {
    const sent = await calls(
      Array.from({ length: 501 }, (_, index) => request(`r${index}`, 60)),
      60_000,
    );
    expect(sent.map(({ MetricDataQueries = [] }) => MetricDataQueries.length)).toEqual([500, 1]);
  });

  it("asks for at most 100,800 datapoints in a call, as a week of many series has more", async () => {
    const sent = await calls(
      Array.from({ length: 22 }, (_, index) => request(`r${index}`, 60)),
      WEEK_MS,
    );
    // A week of minutes has 10,080.
    expect(sent.map(({ MetricDataQueries = [] }) => MetricDataQueries.length)).toEqual([10, 10, 2]);
  });
});
