import {
  DeleteScalingPolicyCommand,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTagsForResourceCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  TagResourceCommand,
  UpdateServiceCommand,
  type CreateServiceCommandInput,
  type RegisterTaskDefinitionCommandInput,
} from "@aws-sdk/client-ecs";
import { MODEL_IMAGE } from "../../../packages/local-cloud/test/support/model-service.ts";
import type { Side, SharedCall } from "./two-clouds.ts";

const cluster = "models";
const tags = [{ key: "deploy:stack", value: "prod" }];

const define =
  (family: string, more: Partial<RegisterTaskDefinitionCommandInput> = {}) =>
  (side: Side) =>
    side.ecs.send(
      new RegisterTaskDefinitionCommand({
        family,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: "512",
        memory: "1024",
        containerDefinitions: [
          {
            name: "model",
            image: MODEL_IMAGE,
            essential: true,
            portMappings: [{ containerPort: 8080 }],
            environment: [{ name: "SLOT", value: "blue" }],
          },
        ],
        tags,
        ...more,
      }),
    );
/** Without tasks: moto makes none for a service. */
const serve =
  (serviceName: string, more: Partial<CreateServiceCommandInput> = {}) =>
  (side: Side) =>
    side.ecs.send(
      new CreateServiceCommand({
        cluster,
        serviceName,
        taskDefinition: "blue",
        desiredCount: 0,
        launchType: "FARGATE",
        networkConfiguration: {
          awsvpcConfiguration: { subnets: [...side.subnets], securityGroups: [side.securityGroup] },
        },
        deploymentConfiguration: {
          deploymentCircuitBreaker: { enable: true, rollback: false },
          maximumPercent: 200,
          minimumHealthyPercent: 100,
        },
        tags,
        ...more,
      }),
    );
const describe =
  (services: string[], name = cluster) =>
  (side: Side) =>
    side.ecs.send(new DescribeServicesCommand({ cluster: name, services }));

/** A cluster's life, with what is refused on the way. */
export const ECS_CALLS: readonly SharedCall[] = [
  {
    name: "CreateCluster",
    call: (side) => side.ecs.send(new CreateClusterCommand({ clusterName: cluster, tags })),
  },
  {
    name: "DescribeClusters",
    call: (side) => side.ecs.send(new DescribeClustersCommand({ clusters: [cluster] })),
  },
  {
    name: "DescribeClusters, unknown",
    call: (side) => side.ecs.send(new DescribeClustersCommand({ clusters: ["nobody"] })),
  },
  { name: "RegisterTaskDefinition", call: define("blue") },
  { name: "RegisterTaskDefinition, a second revision", call: define("blue", { memory: "2048" }) },
  { name: "RegisterTaskDefinition, no container", call: define("empty", { containerDefinitions: [] }) },
  { name: "RegisterTaskDefinition, memory that Fargate has not", call: define("odd", { memory: "99999" }) },
  { name: "RegisterTaskDefinition, Fargate without cpu", call: define("odd", { cpu: undefined }) },
  {
    name: "DescribeTaskDefinition",
    call: (side) => side.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: "blue:1" })),
  },
  {
    name: "DescribeTaskDefinition, newest",
    call: (side) => side.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: "blue" })),
  },
  {
    name: "DescribeTaskDefinition, unknown",
    call: (side) => side.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: "nobody:1" })),
  },
  { name: "CreateService", call: serve("blue") },
  { name: "CreateService, same name", call: serve("blue") },
  { name: "CreateService, unknown cluster", call: serve("green", { cluster: "nobody" }) },
  { name: "CreateService, unknown task definition", call: serve("green", { taskDefinition: "nobody" }) },
  {
    name: "CreateService, unknown target group",
    call: (side) =>
      serve("grouped", {
        loadBalancers: [
          {
            targetGroupArn: `arn:aws:elasticloadbalancing:us-east-1:${side.arns.get("account") ?? "1"}:targetgroup/no/0123456789abcdef`,
            containerName: "model",
            containerPort: 8080,
          },
        ],
      })(side),
  },
  { name: "DescribeServices", call: describe(["blue"]) },
  { name: "DescribeServices, unknown", call: describe(["nobody"]) },
  { name: "DescribeServices, unknown cluster", call: describe(["blue"], "nobody") },
  { name: "DescribeServices, eleven", call: describe(Array.from({ length: 11 }, (_, at) => `s${at}`)) },
  {
    name: "UpdateService",
    call: (side) =>
      side.ecs.send(new UpdateServiceCommand({ cluster, service: "blue", taskDefinition: "blue:1" })),
  },
  {
    name: "UpdateService, unknown",
    call: (side) => side.ecs.send(new UpdateServiceCommand({ cluster, service: "nobody" })),
  },
  {
    name: "UpdateService, unknown task definition",
    call: (side) =>
      side.ecs.send(new UpdateServiceCommand({ cluster, service: "blue", taskDefinition: "nobody" })),
  },
  {
    name: "ListTasks",
    call: (side) => side.ecs.send(new ListTasksCommand({ cluster, serviceName: "blue" })),
  },
  {
    name: "ListTasks, unknown service",
    call: (side) => side.ecs.send(new ListTasksCommand({ cluster, serviceName: "nobody" })),
  },
  {
    name: "DescribeTasks, unknown",
    call: (side) =>
      side.ecs.send(new DescribeTasksCommand({ cluster, tasks: ["0123456789abcdef0123456789abcdef"] })),
  },
  {
    name: "TagResource",
    call: async (side) => {
      const { clusters = [] } = await side.ecs.send(new DescribeClustersCommand({ clusters: [cluster] }));
      side.arns.set("cluster", clusters[0]?.clusterArn ?? "");
      return side.ecs.send(new TagResourceCommand({ resourceArn: clusters[0]?.clusterArn, tags }));
    },
  },
  {
    name: "ListTagsForResource",
    call: (side) => side.ecs.send(new ListTagsForResourceCommand({ resourceArn: side.arns.get("cluster") })),
  },
  ...scalingCalls(),
  {
    name: "DeleteCluster, with a service",
    call: (side) => side.ecs.send(new DeleteClusterCommand({ cluster })),
  },
  {
    name: "DeleteService",
    call: (side) => side.ecs.send(new DeleteServiceCommand({ cluster, service: "blue", force: true })),
  },
  {
    name: "DeleteService, unknown",
    call: (side) => side.ecs.send(new DeleteServiceCommand({ cluster, service: "nobody", force: true })),
  },
  { name: "DescribeServices, deleted", call: describe(["blue"]) },
  {
    name: "DeregisterTaskDefinition",
    call: (side) => side.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: "blue:1" })),
  },
  {
    name: "DeregisterTaskDefinition, unknown",
    call: (side) => side.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: "nobody:1" })),
  },
  { name: "DeleteCluster", call: (side) => side.ecs.send(new DeleteClusterCommand({ cluster })) },
  { name: "DeleteCluster, gone", call: (side) => side.ecs.send(new DeleteClusterCommand({ cluster })) },
];

function scalingCalls(): readonly SharedCall[] {
  const target = {
    ServiceNamespace: "ecs",
    ResourceId: `service/${cluster}/blue`,
    ScalableDimension: "ecs:service:DesiredCount",
  } as const;
  const policy =
    (more: Readonly<Record<string, unknown>> = {}) =>
    (side: Side) =>
      side.scaling.send(
        new PutScalingPolicyCommand({
          ...target,
          PolicyName: "cpu",
          PolicyType: "TargetTrackingScaling",
          TargetTrackingScalingPolicyConfiguration: {
            TargetValue: 60,
            PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
          },
          ...more,
        }),
      );
  return [
    { name: "PutScalingPolicy, before its target", call: policy() },
    {
      name: "RegisterScalableTarget",
      call: (side) =>
        side.scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 0, MaxCapacity: 4 })),
    },
    {
      name: "RegisterScalableTarget, one bound",
      call: (side) => side.scaling.send(new RegisterScalableTargetCommand({ ...target, MaxCapacity: 8 })),
    },
    {
      name: "RegisterScalableTarget, more at least than at most",
      call: (side) => side.scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 9 })),
    },
    {
      name: "DescribeScalableTargets",
      call: (side) =>
        side.scaling.send(
          new DescribeScalableTargetsCommand({
            ServiceNamespace: "ecs",
            ResourceIds: [target.ResourceId],
          }),
        ),
    },
    { name: "PutScalingPolicy", call: policy() },
    {
      name: "DescribeScalingPolicies",
      call: (side) => side.scaling.send(new DescribeScalingPoliciesCommand({ ServiceNamespace: "ecs" })),
    },
    {
      name: "DeleteScalingPolicy",
      call: (side) => side.scaling.send(new DeleteScalingPolicyCommand({ ...target, PolicyName: "cpu" })),
    },
    {
      name: "DeleteScalingPolicy, gone",
      call: (side) => side.scaling.send(new DeleteScalingPolicyCommand({ ...target, PolicyName: "cpu" })),
    },
    {
      name: "DeregisterScalableTarget",
      call: (side) => side.scaling.send(new DeregisterScalableTargetCommand(target)),
    },
    {
      name: "DeregisterScalableTarget, gone",
      call: (side) => side.scaling.send(new DeregisterScalableTargetCommand(target)),
    },
  ];
}
