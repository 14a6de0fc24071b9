import { describe, expect, it } from "vitest";
import { NOWHERE, expectRefusal, fixed, groupInput } from "./operations-support.ts";
import type { Refusal } from "./operations-support.ts";

const refusals: readonly Refusal[] = [
  [
    "a name over 32 characters",
    "CreateTargetGroup",
    () => ({ ...groupInput, Name: "x".repeat(33) }),
    "ValidationError",
    /32/,
  ],
  [
    "a name with an underscore",
    "CreateTargetGroup",
    () => ({ ...groupInput, Name: "a_b" }),
    "ValidationError",
    /alphanumeric/,
  ],
  [
    "a name that ends with a hyphen",
    "CreateTargetGroup",
    () => ({ ...groupInput, Name: "a-" }),
    "ValidationError",
    /hyphen/,
  ],
  [
    "a taken target group name with other settings",
    "CreateTargetGroup",
    () => ({ ...groupInput, Name: "blue" }),
    "DuplicateTargetGroupName",
    /blue/,
  ],
  [
    "a taken load balancer name with other settings",
    "CreateLoadBalancer",
    () => ({ Name: "models", Subnets: ["subnet-a", "subnet-c"] }),
    "DuplicateLoadBalancerName",
    /models/,
  ],
  [
    "a load balancer in one subnet",
    "CreateLoadBalancer",
    () => ({ Name: "x", Subnets: ["a"] }),
    "ValidationError",
    /two subnets/,
  ],
  [
    "a health check time-out as long as the interval",
    "CreateTargetGroup",
    () => ({ ...groupInput, HealthCheckIntervalSeconds: 10, HealthCheckTimeoutSeconds: 10 }),
    "ValidationError",
    /smaller than the interval/,
  ],
  [
    "an interval of 4 seconds",
    "CreateTargetGroup",
    () => ({ ...groupInput, HealthCheckIntervalSeconds: 4 }),
    "ValidationError",
    /between 5 and 300/,
  ],
  [
    "a threshold of 1",
    "CreateTargetGroup",
    () => ({ ...groupInput, HealthyThresholdCount: 1 }),
    "ValidationError",
    /between 2 and 10/,
  ],
  [
    "a matcher that is no code",
    "CreateTargetGroup",
    () => ({ ...groupInput, Matcher: { HttpCode: "ok" } }),
    "ValidationError",
    /matcher/,
  ],
  [
    "a health check path without a slash",
    "ModifyTargetGroup",
    (w) => ({ TargetGroupArn: w.blue, HealthCheckPath: "health" }),
    "ValidationError",
    /start with a '\/'/,
  ],
  [
    "an unknown load balancer",
    "DescribeLoadBalancers",
    () => ({ Names: ["nobody"] }),
    "LoadBalancerNotFound",
    /nobody/,
  ],
  [
    "an unknown target group",
    "DescribeTargetGroups",
    () => ({ Names: ["nobody"] }),
    "TargetGroupNotFound",
    /nobody/,
  ],
  [
    "tags of something unknown",
    "DescribeTags",
    () => ({ ResourceArns: [`${NOWHERE}:targetgroup/x/1`] }),
    "TargetGroupNotFound",
    /targetgroup/,
  ],
  [
    "a target group in use being deleted",
    "DeleteTargetGroup",
    (w) => ({ TargetGroupArn: w.green }),
    "ResourceInUse",
    /in use/,
  ],
  [
    "a second listener on a port",
    "CreateListener",
    (w) => ({ LoadBalancerArn: w.loadBalancerArn, Protocol: "HTTP", Port: 80, DefaultActions: [fixed] }),
    "DuplicateListener",
    /port 80/,
  ],
  [
    "an HTTPS listener",
    "CreateListener",
    (w) => ({ LoadBalancerArn: w.loadBalancerArn, Protocol: "HTTPS", Port: 443, DefaultActions: [fixed] }),
    "NotSimulated",
    /listener protocol HTTPS/,
  ],
  [
    "a target group of instances",
    "CreateTargetGroup",
    () => ({ ...groupInput, TargetType: undefined }),
    "NotSimulated",
    /target type instance/,
  ],
  [
    "a target elsewhere",
    "RegisterTargets",
    (w) => ({ TargetGroupArn: w.blue, Targets: [{ Id: "10.0.0.1" }] }),
    "InvalidTarget",
    /10\.0\.0\.1/,
  ],
  [
    "an unknown attribute",
    "ModifyTargetGroupAttributes",
    (w) => ({ TargetGroupArn: w.blue, Attributes: [{ Key: "x", Value: "y" }] }),
    "ValidationError",
    /'x'/,
  ],
  [
    "a deregistration delay over an hour",
    "ModifyTargetGroupAttributes",
    (w) => ({
      TargetGroupArn: w.blue,
      Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "3601" }],
    }),
    "ValidationError",
    /3601/,
  ],
  [
    "target stickiness in a multi-group forward without group stickiness",
    "ModifyTargetGroupAttributes",
    (w) => ({ TargetGroupArn: w.blue, Attributes: [{ Key: "stickiness.enabled", Value: "true" }] }),
    "InvalidConfigurationRequest",
    /You must enable group stickiness/,
  ],
  [
    "a slow start of 29 seconds",
    "ModifyTargetGroupAttributes",
    (w) => ({
      TargetGroupArn: w.blue,
      Attributes: [{ Key: "slow_start.duration_seconds", Value: "29" }],
    }),
    "ValidationError",
    /'29' is not a valid value/,
  ],
  [
    "a slow start with an algorithm that has none",
    "ModifyTargetGroupAttributes",
    (w) => ({
      TargetGroupArn: w.blue,
      Attributes: [
        { Key: "slow_start.duration_seconds", Value: "30" },
        { Key: "load_balancing.algorithm.type", Value: "least_outstanding_requests" },
      ],
    }),
    "InvalidConfigurationRequest",
    /least_outstanding_requests/,
  ],
  [
    "an algorithm that is not simulated",
    "ModifyTargetGroupAttributes",
    (w) => ({
      TargetGroupArn: w.blue,
      Attributes: [{ Key: "load_balancing.algorithm.type", Value: "weighted_random" }],
    }),
    "NotSimulated",
    /weighted_random/,
  ],
];

describe("ELBv2 refuses", () => {
  it.each(refusals)("%s", async (...refusal) => {
    expect.assertions(2);
    await expectRefusal(refusal);
  });
});
