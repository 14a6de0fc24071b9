import type { ApiCall } from "../aws-api/guard.ts";
import { arnOf, nameIn } from "../arn.ts";
import { isRecord } from "../is-record.ts";
import { OPERATIONS } from "../operations/index.ts";
import type { RequiredPermission } from "./policy.ts";
import {
  creating,
  on,
  onEach,
  onMember,
  requestTags,
  text,
  texts,
  type Ground,
  type Requires,
} from "./requires.ts";

/** Tags of a resource by its ARN, as far as conditions look at them. */
export type TagsOf = (arn: string) => Readonly<Record<string, string>>;

const ELB_TAG = "elasticloadbalancing:AddTags";
const elbNamed =
  (kind: string) =>
  ({ region, input }: Ground) =>
    arnOf("elasticloadbalancing", region, `${kind}/${text(input["Name"])}/new`);
/** The ARN of what is about to be made in this one: ELB writes the parent's into it. */
const elbUnder =
  (member: string, from: string, to: string) =>
  ({ input }: Ground) =>
    `${text(input[member]).replace(`:${from}/`, `:${to}/`)}/new`;

const alarm = ({ region }: Ground, name: unknown) => arnOf("cloudwatch", region, `alarm:${text(name)}`);

/** A dashboard belongs to no region (Service Authorization Reference). */
const dashboard = (name: unknown) => arnOf("cloudwatch", "", `dashboard/${text(name)}`);

const clusterName = ({ input }: Ground) => nameIn(text(input["cluster"]) || "default");
const service = (ground: Ground, name: unknown) =>
  arnOf("ecs", ground.region, `service/${clusterName(ground)}/${nameIn(text(name))}`);
const ecsNamed =
  (kind: string, member: string, tail = "") =>
  ({ region, input }: Ground) =>
    arnOf("ecs", region, `${kind}/${nameIn(text(input[member]))}${tail}`);

/** ECS takes the roles of a task definition only from a caller who may pass them on (IAM user guide). */
const passing: Requires = ({ input }) =>
  [input["executionRoleArn"], input["taskRoleArn"]]
    .filter((role) => typeof role === "string")
    .map((role) => ({
      action: "iam:PassRole",
      resource: role,
      context: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
    }));

const onTarget: Requires = ({ region, input, action }) => [
  {
    action,
    resource: arnOf("application-autoscaling", region, "scalable-target/any"),
    context: {
      "application-autoscaling:service-namespace": text(input["ServiceNamespace"]),
      ...requestTags(input),
    },
  },
];
/** Target tracking handles alarms of its own in the caller's name (ECS developer guide, Service Auto Scaling). */
const scalingAlarm =
  (action: string): Requires =>
  (ground) => [
    {
      action,
      resource: alarm(ground, `TargetTracking-${text(ground.input["ResourceId"])}-any`),
      context: {},
    },
  ];
const all =
  (...parts: readonly Requires[]): Requires =>
  (ground) =>
    parts.flatMap((each) => each(ground));

/**
 * Which resources an operation needs its right on, where they are not just `*`: AWS Service Authorization Reference,
 * June 2026. An operation that is neither here nor in `operations/` with a `requires` asks for `*`, which only a policy
 * that says `*` grants.
 */
const REQUIRED: Readonly<Record<string, Requires>> = {
  "elasticloadbalancing:CreateRule": creating(
    ELB_TAG,
    ({ input }) => text(input["ListenerArn"]),
    elbUnder("ListenerArn", "listener", "listener-rule"),
  ),
  "elasticloadbalancing:ModifyRule": onMember("RuleArn"),
  "elasticloadbalancing:DeleteRule": onMember("RuleArn"),
  "elasticloadbalancing:SetRulePriorities": ({ action, input }) =>
    (Array.isArray(input["RulePriorities"]) ? input["RulePriorities"] : [])
      .filter(isRecord)
      .map((each) => ({ action, resource: text(each["RuleArn"]), context: {} })),
  "elasticloadbalancing:CreateListener": creating(
    ELB_TAG,
    ({ input }) => text(input["LoadBalancerArn"]),
    elbUnder("LoadBalancerArn", "loadbalancer", "listener"),
  ),
  "elasticloadbalancing:ModifyListener": onMember("ListenerArn"),
  "elasticloadbalancing:ModifyListenerAttributes": onMember("ListenerArn"),
  "elasticloadbalancing:DeleteListener": onMember("ListenerArn"),
  "elasticloadbalancing:CreateLoadBalancer": creating(ELB_TAG, elbNamed("loadbalancer/app")),
  "elasticloadbalancing:ModifyLoadBalancerAttributes": onMember("LoadBalancerArn"),
  "elasticloadbalancing:SetSecurityGroups": onMember("LoadBalancerArn"),
  "elasticloadbalancing:SetSubnets": onMember("LoadBalancerArn"),
  "elasticloadbalancing:SetIpAddressType": onMember("LoadBalancerArn"),
  "elasticloadbalancing:DeleteLoadBalancer": onMember("LoadBalancerArn"),
  "elasticloadbalancing:CreateTargetGroup": creating(ELB_TAG, elbNamed("targetgroup")),
  "elasticloadbalancing:ModifyTargetGroup": onMember("TargetGroupArn"),
  "elasticloadbalancing:ModifyTargetGroupAttributes": onMember("TargetGroupArn"),
  "elasticloadbalancing:DeleteTargetGroup": onMember("TargetGroupArn"),
  "elasticloadbalancing:RegisterTargets": onMember("TargetGroupArn"),
  "elasticloadbalancing:DeregisterTargets": onMember("TargetGroupArn"),
  "elasticloadbalancing:AddTags": onEach("ResourceArns"),
  "elasticloadbalancing:RemoveTags": onEach("ResourceArns"),

  // With a right on named alarms alone, CloudWatch leaves composites out of its answer. Here such a right is not
  // enough, so that nobody takes an answer without them for the whole.
  "cloudwatch:DescribeAlarms": (ground) => {
    const names = texts(ground.input["AlarmNames"]);
    const composite = texts(ground.input["AlarmTypes"]).includes("CompositeAlarm");
    if (composite || names.length === 0) return on("*")(ground);
    return on(...names.map((name) => alarm(ground, name)))(ground);
  },
  "cloudwatch:PutMetricData": ({ action, input }) => [
    { action, resource: "*", context: { "cloudwatch:namespace": text(input["Namespace"]) } },
  ],
  "cloudwatch:PutMetricAlarm": creating("cloudwatch:TagResource", (ground) =>
    alarm(ground, ground.input["AlarmName"]),
  ),
  "cloudwatch:PutCompositeAlarm": creating(
    "cloudwatch:TagResource",
    () => "*",
    (ground) => alarm(ground, ground.input["AlarmName"]),
  ),
  "cloudwatch:DeleteAlarms": (ground) =>
    on(...texts(ground.input["AlarmNames"]).map((name) => alarm(ground, name)))(ground),
  "cloudwatch:PutDashboard": (ground) => on(dashboard(ground.input["DashboardName"]))(ground),
  "cloudwatch:GetDashboard": (ground) => on(dashboard(ground.input["DashboardName"]))(ground),
  "cloudwatch:DeleteDashboards": (ground) =>
    on(...texts(ground.input["DashboardNames"]).map(dashboard))(ground),
  "cloudwatch:TagResource": onMember("ResourceARN"),
  "cloudwatch:UntagResource": onMember("ResourceARN"),
  "cloudwatch:ListTagsForResource": onMember("ResourceARN"),

  "ecs:CreateCluster": creating("ecs:TagResource", ecsNamed("cluster", "clusterName")),
  "ecs:DescribeClusters": (ground) =>
    texts(ground.input["clusters"]).flatMap((name) =>
      on(arnOf("ecs", ground.region, `cluster/${nameIn(name)}`))(ground),
    ),
  "ecs:UpdateCluster": (ground) => on(ecsNamed("cluster", "cluster")(ground))(ground),
  "ecs:PutClusterCapacityProviders": (ground) => on(ecsNamed("cluster", "cluster")(ground))(ground),
  "ecs:DeleteCluster": (ground) => on(ecsNamed("cluster", "cluster")(ground))(ground),
  "ecs:CreateService": creating("ecs:TagResource", (ground) => service(ground, ground.input["serviceName"])),
  "ecs:UpdateService": (ground) => on(service(ground, ground.input["service"]))(ground),
  "ecs:DeleteService": (ground) => on(service(ground, ground.input["service"]))(ground),
  "ecs:DescribeServices": (ground) =>
    on(...texts(ground.input["services"]).map((name) => service(ground, name)))(ground),
  "ecs:RegisterTaskDefinition": all(
    creating("ecs:TagResource", ecsNamed("task-definition", "family", ":1")),
    passing,
  ),

  "application-autoscaling:RegisterScalableTarget": all(onTarget, ({ region, input }) =>
    input["Tags"] === undefined
      ? []
      : [
          {
            action: "application-autoscaling:TagResource",
            resource: arnOf("application-autoscaling", region, "scalable-target/any"),
            context: requestTags(input),
          },
        ],
  ),
  "application-autoscaling:DeregisterScalableTarget": onTarget,
  "application-autoscaling:PutScalingPolicy": all(onTarget, scalingAlarm("cloudwatch:PutMetricAlarm")),
  "application-autoscaling:DeleteScalingPolicy": all(onTarget, scalingAlarm("cloudwatch:DeleteAlarms")),
};

/** Those of the operations that have a file of their own. */
const DEFINED: ReadonlyMap<string, Requires | undefined> = new Map(
  OPERATIONS.map(({ service, name, requires }) => [`${service}:${name}`, requires]),
);

/** What IAM is asked about a call: something, always. A call that names no resource asks for `*`. */
export function requiredPermissions(call: ApiCall, region: string): readonly RequiredPermission[] {
  const ground = { region, input: call.input, action: `${call.service}:${call.operation}` };
  const requires = REQUIRED[ground.action] ?? DEFINED.get(ground.action);
  const needed = requires?.(ground) ?? [];
  return needed.length > 0 ? needed : on("*")(ground);
}
