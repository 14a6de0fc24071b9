import type { Related } from "../../../policy/rule.ts";

export const DIGEST = `repo@sha256:${"a1".repeat(32)}`;

/** A resource as the program makes it, with what a person may have changed. */
export function resource(type: string, name: string, props: object, more: Partial<Related> = {}): Related {
  return {
    type,
    name,
    urn: `urn:pulumi:prod::fraud-model::${type}::${name}`,
    props: { ...props },
    protect: true,
    ignoreChanges: [],
    dependencies: [],
    ...more,
  };
}

export const groups = [
  { arn: "arn:blue", weight: 90 },
  { arn: "arn:green", weight: 10 },
];
export const forward = { targetGroups: groups, stickiness: { enabled: false, duration: 3600 } };
export const route = (changed: object = {}, more: Partial<Related> = {}) =>
  resource(
    "aws:lb/listenerRule:ListenerRule",
    "route",
    {
      tags: { "deploy:stack": "prod", "deploy:active-slot": "blue" },
      actions: [{ type: "forward", forward: { ...forward, ...changed } }],
    },
    more,
  );
export const balancer = (changed: object = {}, more: Partial<Related> = {}) =>
  resource(
    "aws:lb/loadBalancer:LoadBalancer",
    "lb",
    { dropInvalidHeaderFields: true, enableDeletionProtection: true, ...changed },
    more,
  );
export const listener = (changed: object = {}) =>
  resource("aws:lb/listener:Listener", "listener", {
    protocol: "HTTPS",
    sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    ...changed,
  });
export const group = (changed: object = {}, more: Partial<Related> = {}) =>
  resource(
    "aws:lb/targetGroup:TargetGroup",
    "blue-production",
    { stickiness: { enabled: false }, ...changed },
    more,
  );
export const tasks = resource("aws:ec2/securityGroup:SecurityGroup", "tasks", {
  ingress: [{ protocol: "tcp", securityGroups: ["sg-lb"] }],
});
export const service = (changed: object = {}) =>
  resource(
    "aws:ecs/service:Service",
    "blue",
    {
      deploymentCircuitBreaker: { enable: true, rollback: true },
      enableExecuteCommand: false,
      availabilityZoneRebalancing: "ENABLED",
      networkConfiguration: { subnets: ["subnet-1", "subnet-2"] },
      ...changed,
    },
    { dependencies: [tasks.urn] },
  );
export const definition = (image: unknown, more: Partial<Related> = {}) =>
  resource(
    "aws:ecs/taskDefinition:TaskDefinition",
    "blue",
    { containerDefinitions: JSON.stringify([{ name: "model", image }]) },
    more,
  );
export const logs = (retentionInDays?: number) =>
  resource("aws:cloudwatch/logGroup:LogGroup", "blue", { retentionInDays });
export const alarm = (treatMissingData?: string, metrics: object = onGroup) =>
  resource("aws:cloudwatch/metricAlarm:MetricAlarm", "blue-errors", { treatMissingData, ...metrics });
export const onGroup = { metricQueries: [{ id: "m", metric: { namespace: "AWS/ApplicationELB" } }] };
export const onService = { metricQueries: [{ id: "m", metric: { namespace: "AWS/ECS" } }] };
export const scaling = (slot: string, minCapacity: unknown) =>
  resource("aws:appautoscaling/target:Target", slot, { minCapacity, tags: { "deploy:slot": slot } });
export const STACK = [
  route(),
  balancer(),
  listener(),
  group(),
  tasks,
  service(),
  definition(DIGEST),
  logs(30),
  alarm("notBreaching"),
  scaling("blue", 2),
  // The other slot may have one task, or none.
  scaling("green", 1),
];
