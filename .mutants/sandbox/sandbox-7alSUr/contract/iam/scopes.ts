import { RELEASE_NAMESPACE } from "../release/release-metrics.ts";
import { ROUTE_TAGS } from "../route/route.ts";
import {
  alarms,
  anywhere,
  arn,
  asksForTag,
  clusters,
  dashboards,
  ec2,
  elbResources,
  listeners,
  logGroups,
  modelPackages,
  ofHostName,
  recordsOfHostName,
  MADE_IN_EC2,
  ownLoadBalancer,
  roles,
  rules,
  scalingAlarms,
  services,
  tagged,
  targetGroups,
  taskDefinitions,
  watchdogFunctions,
  watchdogLogGroups,
  watchdogSchedules,
  watchdogRoles,
  type PolicyPlace,
} from "./place.ts";
import { withBoundary } from "./boundary.ts";
import type { Scope } from "./scope.ts";
import { STORAGE_SCOPES } from "./storage-scopes.ts";

export type { Scope };

const certificates = (place: PolicyPlace) => ({ resources: [arn(place, "acm", "certificate/*")] });

/** Source of what can be limited by what: the Service Authorization Reference, June 2026. */
export const SCOPES = {
  unlimited: {
    why: "AWS names no resource type for it: the Service Authorization Reference leaves the column empty.",
    grants: anywhere,
  },
  compositeAlarms: {
    why: "CloudWatch: without `*` DescribeAlarms leaves composite alarms out of its answer, and PutCompositeAlarm is refused.",
    grants: anywhere,
  },
  ownMetrics: {
    why: "PutMetricData knows no resource; the namespace is all it can be limited by.",
    grants: () => [
      { resources: ["*"], conditions: { StringEquals: { "cloudwatch:namespace": RELEASE_NAMESPACE } } },
    ],
  },
  route: {
    why: "The one rule that carries the split: by the tags of stack and project, and by the tag that no other rule has.",
    grants: (place) => [
      {
        resources: rules(place),
        conditions: {
          ...tagged(place),
          Null: { [`aws:ResourceTag/${ROUTE_TAGS.activeSlot}`]: "false" },
        },
      },
    ],
  },
  rules: {
    why: "Rules with the stack's tag; on a shared listener the others have theirs.",
    grants: (place) => [{ resources: rules(place), conditions: tagged(place) }],
  },
  newRules: {
    why: "CreateRule is a permission on the listener; the new rule must carry the stack's tag.",
    grants: (place) => [{ resources: listeners(place), conditions: asksForTag(place) }],
  },
  ownLoadBalancer: {
    why: "The load balancer that the stack makes, and its listeners; nothing when a listener is shared.",
    grants: (place) =>
      place.listenerArn === undefined
        ? [{ resources: [...ownLoadBalancer(place), ...listeners(place)] }]
        : [],
  },
  targetGroups: {
    why: "By name: a hash of project and stack stands in it. Those of version 0.1 begin with the first twelve characters of the stack's name alone.",
    grants: (place) => [{ resources: targetGroups(place) }],
  },
  elbTags: {
    why: "Tags of what bears the stack's tag already, or gets it with this call at its creation.",
    grants: (place) => [
      { resources: elbResources(place), conditions: tagged(place) },
      { resources: elbResources(place), conditions: asksForTag(place) },
    ],
  },
  elbUntag: {
    why: "Tags of what bears the stack's tag.",
    grants: (place) => [{ resources: elbResources(place), conditions: tagged(place) }],
  },
  services: {
    why: "The two services, by name.",
    grants: (place) => [{ resources: services(place) }],
  },
  cluster: {
    why: "The stack's cluster, by name.",
    grants: (place) => [{ resources: clusters(place) }],
  },
  taskDefinitions: {
    why: "The two families, by name.",
    grants: (place) => [{ resources: taskDefinitions(place) }],
  },
  ecsTags: {
    why: "Whatever of the stack ECS can tag, by name.",
    grants: (place) => [{ resources: [...clusters(place), ...services(place), ...taskDefinitions(place)] }],
  },
  dashboards: {
    why: "By name; dashboards are of no region.",
    grants: (place) => [{ resources: dashboards(place) }],
  },
  alarms: {
    why: "By name: the stack's alarms begin with its slug.",
    grants: (place) => [{ resources: alarms(place) }],
  },
  scalingAlarms: {
    why: "Target tracking makes alarms of its own, in the caller's name (ECS developer guide, Service Auto Scaling).",
    grants: (place) => [{ resources: scalingAlarms(place) }],
  },
  scalableTargets: {
    why: "Their ARNs hold ids that nobody knows beforehand; only targets of ECS services.",
    grants: (place) => [
      {
        resources: [arn(place, "application-autoscaling", "scalable-target/*")],
        conditions: { StringEquals: { "application-autoscaling:service-namespace": "ecs" } },
      },
    ],
  },
  scalableTargetTags: {
    why: "The tag actions of Application Auto Scaling do not know the namespace.",
    grants: (place) => [{ resources: [arn(place, "application-autoscaling", "scalable-target/*")] }],
  },
  logGroups: {
    why: "The log groups of the slots and of the watchdog; some calls name them with `:*` behind, some without.",
    grants: (place) => [
      {
        resources: [...logGroups(place), ...watchdogLogGroups(place)].flatMap((group) => [
          group,
          `${group}:*`,
        ]),
      },
    ],
  },
  roles: {
    why: "Roles under the stack's own path. Who may write policies of roles that it may pass on has what those can have: bound the account with a permissions boundary where that matters.",
    grants: (place) => [{ resources: roles(place) }],
  },
  boundedRoles: {
    why: "The same roles, and, where `iam.permissionsBoundaryArn` names one, only those that have that boundary.",
    grants: (place) => [withBoundary(place, { resources: roles(place) })],
  },
  boundary: {
    why: "Only the boundary that `iam.permissionsBoundaryArn` names can be put on a role; none can be taken away.",
    grants: (place) =>
      place.permissionsBoundaryArn === undefined ? [] : [withBoundary(place, { resources: roles(place) })],
  },
  taskPolicies: {
    why: "Only the managed policies that service.taskPolicyArns names, on roles under the stack's own path.",
    grants: (place) =>
      (place.taskPolicyArns ?? []).length === 0
        ? []
        : [
            withBoundary(place, {
              resources: roles(place),
              conditions: { ArnEquals: { "iam:PolicyARN": [...(place.taskPolicyArns ?? [])] } },
            }),
          ],
  },
  passedRoles: {
    why: "To ECS tasks, and the watchdog's own role to its function, and to nobody else.",
    grants: (place) => [
      {
        resources: roles(place),
        conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      },
      {
        resources: watchdogRoles(place),
        conditions: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
      },
    ],
  },
  serviceLinkedRoles: {
    why: "The first use of a service in an account makes its own role; only these services.",
    grants: ({ partition, accountId }) => [
      {
        resources: [`arn:${partition}:iam::${accountId}:role/aws-service-role/*`],
        conditions: {
          StringEquals: {
            "iam:AWSServiceName": [
              "ecs.amazonaws.com",
              "ecs.application-autoscaling.amazonaws.com",
              "elasticloadbalancing.amazonaws.com",
            ],
          },
        },
      },
    ],
  },
  newInEc2: {
    why: "What is made must carry the stack's tag; what it is made in must bear it, or be the VPC that the configuration names.",
    grants: (place) => [
      { resources: ec2(place, MADE_IN_EC2), conditions: asksForTag(place) },
      { resources: ec2(place, ["vpc", "subnet", "elastic-ip"]), conditions: tagged(place) },
      ...(place.vpcId === undefined ? [] : [{ resources: [arn(place, "ec2", `vpc/${place.vpcId}`)] }]),
    ],
  },
  ownInEc2: {
    why: "What bears the stack's tag. A rule of a security group has no tags of its own.",
    grants: (place) => [
      { resources: ec2(place, MADE_IN_EC2), conditions: tagged(place) },
      { resources: ec2(place, ["security-group-rule"]) },
    ],
  },
  ec2Tags: {
    why: "Tags at creation, and of what bears the stack's tag.",
    grants: (place) => [
      { resources: ec2(place, MADE_IN_EC2), conditions: asksForTag(place) },
      { resources: ec2(place, MADE_IN_EC2), conditions: tagged(place) },
    ],
  },
  watchdogFunction: {
    why: "The one function, by name.",
    grants: (place) => [{ resources: watchdogFunctions(place) }],
  },
  watchdogSchedule: {
    why: "Its schedule, by name.",
    grants: (place) => [{ resources: watchdogSchedules(place) }],
  },
  watchdogLogs: {
    why: "The streams of its own log group.",
    grants: (place) => [{ resources: watchdogLogGroups(place).map((group) => `${group}:*`) }],
  },
  newCertificates: {
    why: "RequestCertificate knows no resource; what is requested must carry the stack's tag. Nothing without service.hostedZoneId.",
    grants: (place) => ofHostName(place, () => [{ resources: ["*"], conditions: asksForTag(place) }]),
  },
  ownCertificates: {
    why: "Their ARNs hold ids that nobody knows beforehand; those with the stack's tag.",
    grants: (place) => ofHostName(place, () => [{ ...certificates(place), conditions: tagged(place) }]),
  },
  certificateTags: {
    why: "Tags of what bears the stack's tag already, or gets it with this call at its creation.",
    grants: (place) =>
      ofHostName(place, () =>
        [tagged(place), asksForTag(place)].map((conditions) => ({ ...certificates(place), conditions })),
      ),
  },
  hostedZone: {
    why: "The hosted zone that service.hostedZoneId names; zones are of no region and no account.",
    grants: (place) =>
      ofHostName(place, (zone) => [{ resources: [`arn:${place.partition}:route53:::hostedzone/${zone}`] }]),
  },
  ownRecords: {
    why: "In that zone the record of service.hostName, and below it the one that ACM asks for; no other.",
    grants: recordsOfHostName,
  },
  dnsChanges: {
    why: "Whether a change has reached the name servers; its id is not known beforehand.",
    grants: (place) =>
      ofHostName(place, () => [{ resources: [`arn:${place.partition}:route53:::change/*`] }]),
  },
  notifyTopic: {
    why: "The topic that the configuration names.",
    grants: ({ notifyTopicArn }) => (notifyTopicArn === undefined ? [] : [{ resources: [notifyTopicArn] }]),
  },
  modelPackages: {
    why: "The groups of SageMaker's Model Registry that are named, and their versions.",
    grants: modelPackages,
  },
  ...STORAGE_SCOPES,
} as const satisfies Readonly<Record<string, Scope>>;

export type ScopeName = keyof typeof SCOPES;
