import {
  block,
  blocks,
  isBlock,
  mapped,
  OWN,
  tagList,
  type Json,
  type Resource,
  type ResourceCall,
  type Table,
} from "./table.ts";
import { roleCalls } from "./iam.ts";

// By the expand functions of terraform-provider-aws, internal/service/ecs and internal/service/appautoscaling, and for
// the task definition by awsx (awsx/ecs/fargateTaskDefinition.ts, containers.ts).
const lowerTags = tagList("tags", "key", "value");

const CLUSTER: Table = {
  name: "clusterName",
  settings: blocks({ name: "name", value: "value" }, "settings"),
  tags: lowerTags,
};

const PROVIDERS: Table = { clusterName: "cluster", capacityProviders: "capacityProviders" };

const SERVICE: Table = {
  name: "serviceName",
  cluster: "cluster",
  taskDefinition: "taskDefinition",
  desiredCount: "desiredCount",
  launchType: "launchType",
  capacityProviderStrategies: blocks(
    { capacityProvider: "capacityProvider", base: "base", weight: "weight" },
    "capacityProviderStrategy",
  ),
  availabilityZoneRebalancing: "availabilityZoneRebalancing",
  networkConfiguration: block(
    {
      subnets: "subnets",
      securityGroups: "securityGroups",
      assignPublicIp: (value) => ({ assignPublicIp: value === true ? "ENABLED" : "DISABLED" }),
    },
    "networkConfiguration.awsvpcConfiguration",
  ),
  loadBalancers: blocks(
    { targetGroupArn: "targetGroupArn", containerName: "containerName", containerPort: "containerPort" },
    "loadBalancers",
  ),
  healthCheckGracePeriodSeconds: "healthCheckGracePeriodSeconds",
  deploymentCircuitBreaker: block(
    { enable: "enable", rollback: "rollback" },
    "deploymentConfiguration.deploymentCircuitBreaker",
  ),
  deploymentMinimumHealthyPercent: "deploymentConfiguration.minimumHealthyPercent",
  deploymentMaximumPercent: "deploymentConfiguration.maximumPercent",
  enableExecuteCommand: "enableExecuteCommand",
  enableEcsManagedTags: "enableECSManagedTags",
  propagateTags: "propagateTags",
  waitForSteadyState: OWN,
  tags: lowerTags,
};

const DEFINITION: Table = {
  family: "family",
  cpu: "cpu",
  memory: "memory",
  runtimePlatform: block(
    { cpuArchitecture: "cpuArchitecture", operatingSystemFamily: "operatingSystemFamily" },
    "runtimePlatform",
  ),
  tags: lowerTags,
  skipDestroy: OWN,
  // The container, its log and the roles are put together below.
  container: OWN,
  containers: OWN,
  logGroup: OWN,
  executionRole: OWN,
  taskRole: OWN,
};

const TARGET: Table = {
  serviceNamespace: "ServiceNamespace",
  scalableDimension: "ScalableDimension",
  resourceId: "ResourceId",
  minCapacity: "MinCapacity",
  maxCapacity: "MaxCapacity",
  tags: "Tags",
};

const POLICY: Table = {
  name: "PolicyName",
  policyType: "PolicyType",
  serviceNamespace: "ServiceNamespace",
  scalableDimension: "ScalableDimension",
  resourceId: "ResourceId",
  targetTrackingScalingPolicyConfiguration: block(
    {
      targetValue: "TargetValue",
      predefinedMetricSpecification: block(
        { predefinedMetricType: "PredefinedMetricType", resourceLabel: "ResourceLabel" },
        "PredefinedMetricSpecification",
      ),
    },
    "TargetTrackingScalingPolicyConfiguration",
  ),
};

const one =
  (service: ResourceCall["service"], operation: string, table: Table, more: Json = {}) =>
  ({ inputs }: Resource): readonly ResourceCall[] => [
    { service, operation, input: { ...more, ...mapped(inputs, table) } },
  ];

export const cluster = one("ecs", "CreateCluster", CLUSTER);
// The provider sends an empty default strategy, which the API requires.
export const clusterCapacity = one("ecs", "PutClusterCapacityProviders", PROVIDERS, {
  defaultCapacityProviderStrategy: [],
});
export const service = one("ecs", "CreateService", SERVICE);
export const scalableTarget = one("application-autoscaling", "RegisterScalableTarget", TARGET);
export const scalingPolicy = one("application-autoscaling", "PutScalingPolicy", POLICY);

/** `compatibility`: FARGATE or EC2. */
export const taskDefinition =
  (compatibility: string) =>
  ({ name, inputs }: Resource): readonly ResourceCall[] => {
    const execution = roleCalls(`${name}-execution`, inputs["executionRole"]);
    const task = roleCalls(`${name}-task`, inputs["taskRole"]);
    const { name: group, region } = existing(inputs["logGroup"]);
    const logged = (container: Json) => ({
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": group,
          "awslogs-region": region,
          "awslogs-stream-prefix": container["name"],
        },
      },
      ...container,
    });
    const input = {
      ...mapped(inputs, DEFINITION),
      requiresCompatibilities: [compatibility],
      networkMode: "awsvpc",
      executionRoleArn: execution.arn,
      taskRoleArn: task.arn,
      containerDefinitions: containersOf(inputs).map(logged),
    };
    return [
      ...execution.calls,
      ...task.calls,
      { service: "ecs", operation: "RegisterTaskDefinition", input },
    ];
  };

/** awsx: one `container`, or `containers` by name. */
function containersOf({ container, containers }: Json): readonly Json[] {
  const given = isBlock(containers) ? Object.values(containers) : [container];
  if (!given.every(isBlock)) throw new Error("a task definition without its containers");
  return given;
}

function existing(logGroup: unknown): Json {
  const found = isBlock(logGroup) ? logGroup["existing"] : undefined;
  if (!isBlock(found)) throw new Error("a task definition without its log group");
  return found;
}
