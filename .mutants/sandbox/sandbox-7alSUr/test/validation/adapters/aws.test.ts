import { afterEach, describe, expect, test } from "vitest";
import { alarmSpec } from "../../../contract/alarms/alarm-catalog.ts";
import type { Thresholds } from "../../../contract/config/sections.ts";
import { cloudWatchAlarms } from "../../../validation/adapters/alarms.ts";
import { awsPorts } from "../../../validation/adapters/aws.ts";
import { whileThrottled } from "../../../validation/adapters/backoff.ts";
import { queriesOf } from "../../../validation/adapters/metrics.ts";
import { fakeAws, type Answered, type Asked, type FakeAws } from "../support/fake-aws.ts";

let cloud: FakeAws | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});
async function ports(answer: (asked: Asked, count: number) => Answered) {
  cloud = await fakeAws(answer);
  return { ...awsPorts(cloud.target), asked: cloud.asked };
}
const place = {
  loadBalancerSuffix: "app/lb/1",
  targetGroupSuffix: "targetgroup/green/1",
  clusterName: "cluster",
  serviceName: "green",
};
const thresholds: Thresholds = {
  maxErrorRate: 0.05,
  maxSlowRate: 0.1,
  slowSeconds: 1,
  maxCpuUtilization: 90,
  maxMemoryUtilization: 90,
  minRequestsPerMinute: 20,
};

describe("the alarms of CloudWatch", () => {
  test("are asked for with both types and through all pages, and times come in milliseconds", async () => {
    const { alarms, asked } = await ports((_, count) => ({
      json:
        count === 1
          ? {
              MetricAlarms: [
                {
                  AlarmName: "a",
                  StateValue: "OK",
                  EvaluationState: "PARTIAL_DATA",
                  StateTransitionedTimestamp: 1_700_000_000,
                },
              ],
              NextToken: "more",
            }
          : { CompositeAlarms: [{ AlarmName: "b", StateValue: "ALARM", StateReason: "why" }] },
    }));
    expect(await alarms.read(["a", "b", "unknown"])).toEqual([
      {
        name: "a",
        state: "OK",
        evaluationState: "PARTIAL_DATA",
        transitionedMs: 1_700_000_000_000,
        configuredMs: undefined,
        firesAfterMs: undefined,
        reason: "",
      },
      {
        name: "b",
        state: "ALARM",
        evaluationState: undefined,
        transitionedMs: undefined,
        configuredMs: undefined,
        reason: "why",
      },
    ]);
    expect(asked[0]?.input).toEqual({
      AlarmNames: ["a", "b", "unknown"],
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
    });
    expect(asked[1]?.input).toMatchObject({ NextToken: "more" });
  });

  test("say how long they need until they could fire, also one on an expression", async () => {
    const plain = {
      AlarmName: "plain",
      StateValue: "OK",
      Period: 60,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
    };
    const queries = [
      { Id: "a", MetricStat: { Period: 300 } },
      { Id: "rate", Expression: "a / 2" },
    ];
    const math = { AlarmName: "math", StateValue: "OK", EvaluationPeriods: 2, Metrics: queries };
    const { alarms } = await ports(() => ({ json: { MetricAlarms: [plain, math] } }));
    expect((await alarms.read(["plain", "math"])).map(({ firesAfterMs }) => firesAfterMs)).toEqual([
      4 * 60_000,
      3 * 300_000,
    ]);
  });

  test("are asked for a hundred at a time, and not at all when there are none", async () => {
    const { alarms, asked } = await ports(() => ({ json: {} }));
    await alarms.read(Array.from({ length: 150 }, (_, index) => `alarm-${index}`));
    expect(asked.map(({ input }) => Object(input["AlarmNames"]).length)).toEqual([100, 50]);
    await alarms.read([]);
    expect(asked).toHaveLength(2);
  });

  test("are asked for again while CloudWatch throttles, beyond the patience of the SDK", async () => {
    cloud = await fakeAws((_, count) => (count <= 4 ? { error: "ThrottlingException" } : { json: {} }));
    const { CloudWatchClient } = await import("@aws-sdk/client-cloudwatch");
    const { region, endpoint, credentials } = cloud.target;
    const client = new CloudWatchClient({
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
      maxAttempts: 1,
    });
    const waits: number[] = [];
    const backoff = { sleep: async (ms: number) => void waits.push(ms), random: () => 1 };
    await cloudWatchAlarms(async () => client, backoff).read(["a"]);
    expect(waits).toEqual([500, 1000, 2000, 4000]);
  });
});

describe("whileThrottled", () => {
  const named = (name: string) => Object.assign(new Error(name), { name });

  test("does not repeat other errors, and gives up in the end", async () => {
    let calls = 0;
    const failing = (error: Error) => () => {
      calls += 1;
      return Promise.reject(error);
    };
    const backoff = { sleep: () => Promise.resolve(), random: () => 0 };
    await expect(whileThrottled(failing(named("AccessDenied")), backoff)).rejects.toThrow("AccessDenied");
    expect(calls).toBe(1);
    await expect(whileThrottled(failing(named("Throttling")), backoff)).rejects.toThrow("Throttling");
    expect(calls).toBe(10);
  });
});

describe("the metrics of CloudWatch", () => {
  test("carry an alarm's queries with ids that are unique in the call", () => {
    const queries = alarmSpec("unanswered-rate").queries(thresholds);
    const rendered = queriesOf({ id: "unanswered-rate", queries, periodSeconds: 60, place }, 2);
    expect(rendered.map(({ Id, ReturnData }) => [Id, ReturnData])).toEqual([
      ["m2_requests", false],
      ["m2_ok", false],
      ["m2_redirects", false],
      ["m2_refusals", false],
      ["m2_errors", false],
      ["m2_healthy", false],
      ["m2_rate", true],
    ]);
    expect(rendered.at(-1)?.Expression).toBe(
      "IF(m2_healthy >= 0, IF(FILL(m2_requests, 0) >= 20, (m2_requests - (FILL(m2_ok, 0) + FILL(m2_redirects, 0) + FILL(m2_refusals, 0) + FILL(m2_errors, 0))) / m2_requests, 0))",
    );
    expect(rendered[0]?.MetricStat?.Metric?.Dimensions).toEqual([
      { Name: "LoadBalancer", Value: "app/lb/1" },
      { Name: "TargetGroup", Value: "targetgroup/green/1" },
    ]);
  });

  const requests = [
    {
      id: "requests",
      queries: [{ id: "count", metricName: "RequestCount", stat: "Sum", scope: "targetGroup" as const }],
      periodSeconds: 60,
      place,
    },
  ];

  test("come oldest first, through all pages", async () => {
    const { metrics, asked } = await ports((_, count) => ({
      json:
        count === 1
          ? {
              MetricDataResults: [
                { Id: "m0_count", StatusCode: "PartialData", Values: [1, 2], Timestamps: [60, 120] },
              ],
              NextToken: "more",
            }
          : {
              MetricDataResults: [{ Id: "m0_count", StatusCode: "Complete", Values: [3], Timestamps: [180] }],
            },
    }));
    expect(await metrics.read(requests, 60_000, 240_000)).toEqual(
      new Map([
        [
          "requests",
          [
            { atMs: 60_000, value: 1 },
            { atMs: 120_000, value: 2 },
            { atMs: 180_000, value: 3 },
          ],
        ],
      ]),
    );
    expect(asked[0]?.input).toMatchObject({ StartTime: 60, EndTime: 240, ScanBy: "TimestampAscending" });
  });

  test.each([
    ["partial", [{ Id: "m0_count", StatusCode: "PartialData", Values: [1] }]],
    ["internally failed", [{ Id: "m0_count", StatusCode: "InternalError" }]],
    ["missing", []],
  ])("are not read at all when the answer is %s", async (_what, MetricDataResults) => {
    const { metrics } = await ports(() => ({ json: { MetricDataResults } }));
    await expect(metrics.read(requests, 0, 60_000)).rejects.toThrow("requests");
  });

  test("are empty, not unreadable, when nobody came", async () => {
    const { metrics } = await ports(() => ({
      json: { MetricDataResults: [{ Id: "m0_count", StatusCode: "Complete", Values: [] }] },
    }));
    expect(await metrics.read(requests, 0, 60_000)).toEqual(new Map([["requests", []]]));
  });
});

describe("the services of ECS", () => {
  test("tell the primary deployment, and leave out what ECS does not know", async () => {
    const { services } = await ports(() => ({
      json: {
        services: [
          {
            serviceName: "green",
            status: "ACTIVE",
            desiredCount: 2,
            runningCount: 1,
            events: [{ message: "newest", createdAt: 60 }],
            deployments: [
              { status: "ACTIVE", taskDefinition: "old" },
              { status: "PRIMARY", taskDefinition: "new", rolloutState: "IN_PROGRESS", failedTasks: 1 },
            ],
          },
        ],
        failures: [{ arn: "blue", reason: "MISSING" }],
      },
    }));
    expect(await services.read("cluster", ["green", "blue"])).toEqual(
      new Map([
        [
          "green",
          {
            status: "ACTIVE",
            desired: 2,
            running: 1,
            events: [{ atMs: 60_000, message: "newest" }],
            primary: {
              taskDefinitionArn: "new",
              rolloutState: "IN_PROGRESS",
              rolloutReason: "",
              failedTasks: 1,
            },
          },
        ],
      ]),
    );
  });

  test("are unreadable when ECS fails otherwise, and not asked for when there are none", async () => {
    const { services, asked } = await ports(() => ({
      json: { services: [], failures: [{ arn: "x", reason: "ACCESS" }] },
    }));
    await expect(services.read("cluster", ["x"])).rejects.toThrow("ACCESS");
    expect(await services.read("cluster", [])).toEqual(new Map());
    expect(asked).toHaveLength(1);
  });
});
