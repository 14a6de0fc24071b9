import type { PriceKey } from "../../validation/insight/cost/prices.ts";
import type { ExperimentId } from "./observations.ts";

/** What is paid for a piece: price, and how many of its units for each hour, or each begun hour of a month. */
export interface Piece {
  readonly what: string;
  readonly charges: readonly (readonly [PriceKey, number])[];
}

// AWS's own month in its calculators; alarms, dashboards and custom metrics are paid by the hour of it.
const MONTH_HOURS = 730;

/** 256 CPU units and 512 MiB, the smallest of Fargate, with an address of its own. */
const TASK: Piece = {
  what: "task (0.25 vCPU, 0.5 GB, a public address)",
  charges: [
    ["vcpuX86", 0.25],
    ["gbX86", 0.5],
    ["publicIp", 1],
  ],
};
const LOAD_BALANCER: Piece = {
  what: "load balancer (two public addresses)",
  charges: [
    ["loadBalancer", 1],
    ["lcu", 1],
    ["publicIp", 2],
  ],
};
const alarm = (metrics: number): Piece => ({
  what: `alarm on ${metrics} metric${metrics === 1 ? "" : "s"}`,
  charges: [["alarmMetric", metrics / MONTH_HOURS]],
});
const COMPOSITE: Piece = { what: "composite alarm", charges: [["compositeAlarm", 1 / MONTH_HOURS]] };
const DASHBOARD: Piece = { what: "dashboard", charges: [["dashboard", 1 / MONTH_HOURS]] };
const CUSTOM_METRIC: Piece = {
  what: "custom metric (nobody can delete one; it is paid for the hours in which it gets values)",
  charges: [["customMetric", 1 / MONTH_HOURS]],
};
/** 15 metrics, four times a minute. */
const READING: Piece = { what: "reading of metrics", charges: [["metricsRead", (15 * 4 * 60) / 1000]] };
const free = (what: string): Piece => ({ what, charges: [] });

/** Steps of one lane follow each other; the lanes run side by side. */
export const LANES = ["requests", "release", "beside"] as const;
export type Lane = (typeof LANES)[number];

export interface ExperimentStep {
  readonly id: ExperimentId | "base";
  readonly lane: Lane;
  readonly title: string;
  readonly does: readonly string[];
  readonly makes: readonly (readonly [count: number, piece: Piece])[];
  /** As long as it takes at most; the run skips what does not fit any more. */
  readonly minutes: number;
}

/** Everything that the run does, in the order of each lane. */
export const STEPS: readonly ExperimentStep[] = [
  {
    id: "base",
    lane: "requests",
    title: "a load balancer and two slots",
    does: [
      "look up the default VPC and its subnets (or those of --subnets)",
      "make the pieces, wait until both tasks are healthy",
    ],
    makes: [
      [1, free("security group")],
      [1, LOAD_BALANCER],
      [1, free("listener with a rule")],
      [2, free("target group")],
      [1, free("cluster")],
      [2, free("task definition")],
      [2, TASK],
    ],
    minutes: 6,
  },
  {
    id: "route",
    lane: "requests",
    title: "what a rule is after it was written",
    does: [
      "create a rule with the weights 100 and 0 and read it back, and a tag that is written to it",
      "create a rule to one group that has target stickiness",
      "create a second listener with a rule to the same group, and change its default action three times",
      "ask for what the product refuses: a host name without a dot, a path with %, a source-less rule of the security group, a bound with eleven decimals",
    ],
    makes: [
      [1, free("listener with a rule")],
      [2, free("rule")],
      [1, free("target group")],
    ],
    minutes: 1,
  },
  {
    id: "shift",
    lane: "requests",
    title: "how soon requests follow a rule, and cookies",
    does: [
      "move everyone to the other group, ask until it answers alone",
      "the same with a cookie: weight 0 with stickiness on, stickiness off, group taken out",
    ],
    makes: [],
    minutes: 8,
  },
  {
    id: "group",
    lane: "requests",
    title: "attributes of a group that has users",
    does: ["change algorithm and slow start under requests, look at targets and answers for a minute"],
    makes: [],
    minutes: 2,
  },
  {
    id: "traffic",
    lane: "requests",
    title: "what CloudWatch has of requests, and when",
    does: [
      "ten minutes of requests to one group, some answered late, some given up by the client; none to the other",
      "one request alone that lasts from one minute into the next",
      "read each metric four times a minute until five minutes after the last request",
    ],
    makes: [[1, READING]],
    minutes: 19,
  },
  {
    id: "release",
    lane: "release",
    title: "a stack of the product, from the first update to its end",
    does: [
      "pulumi up, deploy, rollout under users, preview --refresh, revert, pulumi destroy (state in a file)",
      "skipped where there is no Pulumi CLI",
    ],
    makes: [
      [1, LOAD_BALANCER],
      [2, TASK],
      [16, alarm(3)],
      [2, COMPOSITE],
      [1, DASHBOARD],
      [4, CUSTOM_METRIC],
      [1, READING],
      [2, free("security group")],
      [3, free("role")],
      [2, free("log group")],
    ],
    minutes: 32,
  },
  {
    id: "rights",
    lane: "release",
    title: "which calls that took",
    does: ["read from CloudTrail's history what Pulumi called, and hold it against docs/iam.md"],
    makes: [],
    minutes: 9,
  },
  {
    id: "internal",
    lane: "beside",
    title: "an internal load balancer with IPv6",
    does: ["ask for one; it should be refused, and is removed at once where it is not"],
    makes: [],
    minutes: 1,
  },
  {
    id: "certificates",
    lane: "beside",
    title: "two certificates for one name",
    does: ["request both, read which records ACM asks for, delete both"],
    makes: [[2, free("certificate, never validated")]],
    minutes: 2,
  },
  {
    id: "alarms",
    lane: "beside",
    title: "alarms on points that are late or missing",
    does: [
      "put points of the past minutes into metrics of its own, make alarms on them, look at their states for eight minutes",
      "read IF and FILL over the same points",
      "ask for an alarm that does not exist",
    ],
    makes: [
      [4, alarm(1)],
      [4, CUSTOM_METRIC],
    ],
    minutes: 9,
  },
  {
    id: "zones",
    lane: "beside",
    title: "zones, and Fargate in them",
    does: ["list the zones that need no opt-in", "run one task in each zone at hand, stop it when it runs"],
    makes: [[6, TASK]],
    minutes: 5,
  },
];

/** Taking everything down: the interfaces of a load balancer go minutes after it. */
export const TEARDOWN_MINUTES = 12;
