import * as v from "valibot";
import { AwsError } from "../../aws-api/errors.ts";
import { findTaskDefinition } from "../control.ts";
import type { EcsControl } from "../control.ts";
import type { CircuitBreaker, ClusterRecord, ServiceRecord, TaskDefinitionRecord } from "../model.ts";
import { containersOf } from "../task-plan.ts";
import { count, invalidParameter, only, recorded, strings, text, unsupported } from "./input.ts";

const DeploymentConfiguration = v.strictObject({
  minimumHealthyPercent: v.optional(count(0, 100)),
  maximumPercent: v.optional(count(100, 1000)),
  deploymentCircuitBreaker: v.optional(
    v.strictObject({
      enable: v.boolean(),
      rollback: v.boolean(),
      resetOnHealthyTask: v.optional(v.boolean(), true),
      thresholdConfiguration: unsupported,
    }),
  ),
  strategy: only("ROLLING"),
  alarms: v.optional(v.looseObject({ enable: v.optional(v.literal(false, "not simulated")) })),
  bakeTimeInMinutes: unsupported,
  lifecycleHooks: unsupported,
  linearConfiguration: unsupported,
  canaryConfiguration: unsupported,
  earlySuccessCriteria: unsupported,
});
const AwsVpc = v.strictObject({
  subnets: v.pipe(strings, v.minLength(1, "subnets can not be empty.")),
  securityGroups: v.optional(strings, []),
  assignPublicIp: v.optional(v.picklist(["ENABLED", "DISABLED"]), "DISABLED"),
});

/** Members that CreateService and UpdateService share. */
export const serviceMembers = {
  cluster: v.optional(v.string()),
  desiredCount: v.optional(count(0, 5000)),
  taskDefinition: v.optional(text),
  deploymentConfiguration: v.optional(DeploymentConfiguration, {}),
  loadBalancers: v.optional(
    v.array(v.strictObject({ targetGroupArn: text, containerName: text, containerPort: count(1, 65_535) })),
  ),
  capacityProviderStrategy: v.optional(
    v.array(
      v.strictObject({
        capacityProvider: v.picklist(["FARGATE", "FARGATE_SPOT"]),
        weight: v.optional(v.number()),
        base: v.optional(v.number()),
      }),
    ),
  ),
  networkConfiguration: v.optional(v.strictObject({ awsvpcConfiguration: AwsVpc })),
  healthCheckGracePeriodSeconds: v.optional(count(0, 2_147_483_647)),
  deploymentController: v.optional(v.strictObject({ type: only("ECS") })),
  platformVersion: recorded,
  enableExecuteCommand: recorded,
  enableECSManagedTags: recorded,
  propagateTags: recorded,
  availabilityZoneRebalancing: recorded,
  placementConstraints: unsupported,
  placementStrategy: unsupported,
  serviceRegistries: unsupported,
  serviceConnectConfiguration: unsupported,
  volumeConfigurations: unsupported,
  vpcLatticeConfigurations: unsupported,
  gatewayConnectors: unsupported,
  monitoring: unsupported,
};

const Shared = v.strictObject(serviceMembers);
type ServiceInput = v.InferOutput<typeof Shared>;

const RECORDED = [
  "platformVersion",
  "enableExecuteCommand",
  "enableECSManagedTags",
  "propagateTags",
  "availabilityZoneRebalancing",
] as const;

/** Writes into the record what the input says; what it does not mention stays. */
export function applyServiceInput(service: ServiceRecord, input: ServiceInput): void {
  const { deploymentConfiguration: deployment } = input;
  service.desiredCount = input.desiredCount ?? service.desiredCount;
  service.loadBalancers = input.loadBalancers ?? service.loadBalancers;
  service.minimumHealthyPercent = deployment.minimumHealthyPercent ?? service.minimumHealthyPercent;
  service.maximumPercent = deployment.maximumPercent ?? service.maximumPercent;
  service.circuitBreaker = toCircuitBreaker(deployment.deploymentCircuitBreaker) ?? service.circuitBreaker;
  service.healthCheckGracePeriodSeconds =
    input.healthCheckGracePeriodSeconds ?? service.healthCheckGracePeriodSeconds;
  service.networkConfiguration = input.networkConfiguration ?? service.networkConfiguration;
  service.capacityProviderStrategy = input.capacityProviderStrategy ?? service.capacityProviderStrategy;
  for (const name of RECORDED) {
    if (input[name] !== undefined) service.recorded[name] = input[name];
  }
}

function toCircuitBreaker(
  input: NonNullable<v.InferOutput<typeof DeploymentConfiguration>["deploymentCircuitBreaker"]> | undefined,
): CircuitBreaker | undefined {
  if (input === undefined) return undefined;
  const { enable, rollback, resetOnHealthyTask } = input;
  return { enable, rollback, resetOnHealthyTask };
}

/**
 * Refuses what ECS refuses about a service and its task definition together; answers the definition.
 * @param current the ARN of the definition that the service has and may keep even when it is inactive by now
 */
export function checkService(
  control: EcsControl,
  input: ServiceInput,
  loadBalancers: ServiceRecord["loadBalancers"],
  current: string,
): TaskDefinitionRecord {
  const definition =
    input.taskDefinition === undefined
      ? findTaskDefinition(control, current)
      : findActiveDefinition(control, input.taskDefinition);
  for (const { targetGroupArn, containerName, containerPort } of loadBalancers) {
    const container = containersOf(definition).find(({ name }) => name === containerName);
    if (container === undefined) {
      throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
    }
    if (!container.portMappings?.some((mapping) => mapping.containerPort === containerPort)) {
      throw invalidParameter(
        `The container ${containerName} did not have a container port ${containerPort} defined.`,
      );
    }
    // Groups that the service has already may be gone: it must still be possible to scale it to 0.
    if (input.loadBalancers !== undefined) checkTargetGroup(control, targetGroupArn ?? "");
  }
  if (input.healthCheckGracePeriodSeconds !== undefined && loadBalancers.length === 0) {
    throw invalidParameter(
      "Health check grace period is only valid for services configured to use load balancers",
    );
  }
  return definition;
}

function findActiveDefinition(control: EcsControl, reference: string): TaskDefinitionRecord {
  const definition = findTaskDefinition(control, reference);
  if (definition.deregisteredAtMs === undefined) return definition;
  throw new AwsError("ClientException", "TaskDefinition is inactive");
}

function checkTargetGroup(control: EcsControl, targetGroupArn: string): void {
  if (isInUse(control, targetGroupArn)) return;
  throw invalidParameter(
    `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
  );
}

function isInUse({ targets }: EcsControl, targetGroupArn: string): boolean {
  try {
    return targets.isInUse(targetGroupArn);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidParameter(`The target group ${targetGroupArn} does not exist: ${error.message}`);
  }
}

/** Refuses what ECS refuses about a service's capacity providers and its cluster together. */
export function checkCapacity(
  { capacityProviders }: ClusterRecord,
  { capacityProviderStrategy: strategy = [] }: ServiceInput,
): void {
  if (strategy.length === 0) return;
  if (!strategy.every(({ capacityProvider }) => capacityProviders.includes(capacityProvider))) {
    throw invalidParameter(
      "The specified capacity provider strategy cannot contain a capacity provider that is not associated with the " +
        "cluster. Associate the capacity provider with the cluster or specify a valid capacity provider and try again.",
    );
  }
  if (!strategy.some(({ weight = 0 }) => weight > 0)) {
    throw invalidParameter("At least one capacity provider must have a weight value greater than zero.");
  }
}
