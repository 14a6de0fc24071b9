import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { cloudWatchAlarms } from "../../../validation/adapters/alarms.ts";
import { elbHealth } from "../../../validation/adapters/health.ts";
import { cloudWatchMetrics } from "../../../validation/adapters/metrics.ts";
import { isRecord } from "../../../contract/config/field.ts";
import { demand, unlessRefused, type FuzzedParser } from "../parser.ts";
import { isSame, jsonOf, textOf } from "../support.ts";

/** What an SDK may hand over: its own types, with any member missing (all of them are optional), in any state. */
function typed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(typed);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => {
      const read = ofType(name, one);
      return read === undefined ? [] : [[name, read] as const];
    }),
  );
}

const LISTS = [
  "MetricDataResults",
  "Timestamps",
  "Values",
  "MetricAlarms",
  "CompositeAlarms",
  "Metrics",
  "TargetHealthDescriptions",
];
const OBJECTS = ["MetricStat", "Target", "TargetHealth"];
const NUMBERS = ["Period", "EvaluationPeriods", "DatapointsToAlarm"];

function ofType(name: string, value: unknown): unknown {
  if (LISTS.includes(name)) {
    if (!Array.isArray(value)) return undefined;
    if (name === "Timestamps")
      return value
        .filter((one) => typeof one === "number" && Math.abs(one) < 8.64e12)
        .map((one) => new Date(Number(one) * 1000));
    if (name === "Values") return value.filter((one) => typeof one === "number");
    return value.filter(isRecord).map(typed);
  }
  if (OBJECTS.includes(name)) return isRecord(value) ? typed(value) : undefined;
  if (NUMBERS.includes(name)) return typeof value === "number" ? value : undefined;
  if (name.endsWith("Timestamp"))
    return typeof value === "number" && Math.abs(value) < 8.64e12 ? new Date(value * 1000) : undefined;
  return typeof value === "string" ? value : undefined;
}

/** A client whose pages are the lines; the last one has no token. */
function pages(input: Buffer): readonly Readonly<Record<string, unknown>>[] {
  const lines = textOf(input).split("\n").map(jsonOf).map(typed).filter(isRecord);
  return (lines.length === 0 ? [{}] : lines.slice(0, 20)).map((page, at, all) => ({
    ...page,
    NextToken: at === all.length - 1 ? undefined : "more",
  }));
}

function clientOf(input: Buffer): () => Promise<unknown> {
  const left = [...pages(input)];
  return async () => ({ send: async () => left.shift() ?? {} });
}

const AT = 1_780_000_000;
const metrics: FuzzedParser = {
  name: "cloudwatch-metrics",
  seeds: [
    JSON.stringify({
      MetricDataResults: [
        { Id: "m0_requests", StatusCode: "Complete", Timestamps: [AT, AT + 60], Values: [3, 4] },
      ],
    }),
    `${JSON.stringify({ MetricDataResults: [{ Id: "m0_requests", StatusCode: "PartialData", Timestamps: [AT], Values: [3] }] })}\n${JSON.stringify({ MetricDataResults: [{ Id: "m0_requests", StatusCode: "Complete", Timestamps: [AT + 60], Values: [4] }] })}`,
  ],
  edits: "lines",
  words: [
    "Id",
    "m0_requests",
    "StatusCode",
    "Complete",
    "PartialData",
    "InternalError",
    "Forbidden",
    "Timestamps",
    "Values",
  ],
  take: (input) =>
    unlessRefused(
      (error) => error instanceof Error && error.message.startsWith("CloudWatch "),
      async () => {
        // The one call that the adapter makes of its client.
        const client = clientOf(input) as () => Promise<CloudWatchClient>;
        const place = {
          loadBalancerSuffix: "app/x/1",
          targetGroupSuffix: "targetgroup/y/2",
          clusterName: "c",
          serviceName: "s",
        };
        const request = {
          id: "requests",
          periodSeconds: 60,
          place,
          queries: [{ id: "requests", scope: "targetGroup", metricName: "RequestCount", stat: "Sum" }],
        } as const;
        const read = await cloudWatchMetrics(client).read([request], AT * 1000, AT * 1000 + 3_600_000);
        const points = read.get("requests") ?? [];
        demand(
          points.every(({ atMs, value }) => Number.isFinite(atMs) && typeof value === "number"),
          "a point is none",
        );
        const told = pages(input)
          .flatMap((page) =>
            (Array.isArray(page["MetricDataResults"]) ? page["MetricDataResults"] : []).filter(isRecord),
          )
          .filter(({ Id }) => Id === "m0_requests");
        demand(told.at(-1)?.["StatusCode"] === "Complete", "counts that are not all there");
        const times = told.flatMap(({ Timestamps }) => (Array.isArray(Timestamps) ? Timestamps : []));
        demand(times.length === points.length, "a point came or went");
      },
    ),
};

const alarms: FuzzedParser = {
  name: "cloudwatch-alarms",
  seeds: [
    JSON.stringify({
      MetricAlarms: [
        {
          AlarmName: "a",
          StateValue: "ALARM",
          StateReason: "r",
          StateTransitionedTimestamp: AT,
          AlarmConfigurationUpdatedTimestamp: AT,
          Period: 60,
          EvaluationPeriods: 3,
          DatapointsToAlarm: 2,
        },
      ],
      CompositeAlarms: [{ AlarmName: "b", StateValue: "OK" }],
    }),
  ],
  edits: "lines",
  words: [
    "StateValue",
    "OK",
    "ALARM",
    "INSUFFICIENT_DATA",
    "EvaluationState",
    "PARTIAL_DATA",
    "Metrics",
    "MetricStat",
  ],
  take: (input) =>
    unlessRefused(
      () => false,
      async () => {
        const read = await cloudWatchAlarms(clientOf(input) as () => Promise<CloudWatchClient>).read([
          "a",
          "b",
        ]);
        const told = pages(input)
          .flatMap((page) =>
            [page["MetricAlarms"], page["CompositeAlarms"]].flatMap((list) =>
              Array.isArray(list) ? list : [],
            ),
          )
          .filter(isRecord);
        demand(read.length === told.length, "an alarm came or went");
        const isOk = (alarm: unknown) => isRecord(alarm) && alarm["StateValue"] === "OK";
        demand(
          read.filter(({ state }) => state === "OK").length === told.filter(isOk).length,
          "an alarm is OK that nobody called so",
        );
      },
    ),
};

const health: FuzzedParser = {
  name: "target-health",
  seeds: [
    JSON.stringify({
      TargetHealthDescriptions: [
        { Target: { Id: "10.0.0.1", AvailabilityZone: "a" }, TargetHealth: { State: "healthy" } },
        { TargetHealth: { State: "unhealthy", Reason: "x" } },
      ],
    }),
  ],
  edits: "lines",
  words: [
    "State",
    "healthy",
    "draining",
    "unhealthy.draining",
    "toString",
    "all",
    "__proto__",
    "constructor",
  ],
  take: (input) =>
    unlessRefused(
      () => false,
      async () => {
        const own = () => elbHealth(clientOf(input) as () => Promise<ElasticLoadBalancingV2Client>);
        const counts = await own().targets("arn");
        const [page = {}] = pages(input);
        const told = Array.isArray(page["TargetHealthDescriptions"]) ? page["TargetHealthDescriptions"] : [];
        const sum = Object.values(counts).reduce((all, one) => all + one, 0);
        demand(sum === told.length, `${sum} targets of ${told.length}: ${JSON.stringify(counts)}`);
        demand(
          isSame(Object.keys(counts).toSorted(), ["draining", "healthy", "initial", "other", "unhealthy"]),
          "a state of its own",
        );
        await own().zones("arn");
        await own().failedChecks("arn");
      },
    ),
};

export const ANSWERS: readonly FuzzedParser[] = [metrics, alarms, health];
