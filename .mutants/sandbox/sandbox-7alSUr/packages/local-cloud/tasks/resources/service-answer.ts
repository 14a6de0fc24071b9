import type { Deployment, Service } from "@aws-sdk/client-ecs";
import { arnOf } from "../../arn.ts";
import { tasksOfService } from "../control.ts";
import type { EcsControl } from "../control.ts";
import { servingDeploymentId } from "../deployments.ts";
import type { DeploymentRecord, ServiceRecord, TaskRecord } from "../model.ts";
import { primaryOf } from "../model.ts";
import { fromTags } from "./input.ts";

const PENDING = new Set(["PROVISIONING", "PENDING", "ACTIVATING"]);
const FARGATE = { platformVersion: "1.4.0", platformFamily: "Linux" };

/** The service as DescribeServices answers it. */
export function serviceAnswer(control: EcsControl, service: ServiceRecord, withTags: boolean): Service {
  const tasks = tasksOfService(control, service);
  const { networkConfiguration, recorded } = service;
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: arnOf("ecs", control.region, `cluster/${service.cluster}`),
    status: service.status,
    desiredCount: service.desiredCount,
    ...countsOf(tasks),
    ...capacityOf(service),
    ...FARGATE,
    taskDefinition: primaryOf(service).taskDefinition,
    loadBalancers: service.loadBalancers,
    serviceRegistries: [],
    deploymentConfiguration: {
      deploymentCircuitBreaker: service.circuitBreaker,
      minimumHealthyPercent: service.minimumHealthyPercent,
      maximumPercent: service.maximumPercent,
      strategy: "ROLLING",
    },
    deployments: service.deployments.map((deployment) => deploymentAnswer(service, deployment, tasks)),
    events: service.events.map(({ id, atMs, message }) => ({ id, createdAt: new Date(atMs), message })),
    createdAt: new Date(service.createdAtMs),
    placementConstraints: [],
    placementStrategy: [],
    networkConfiguration,
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    schedulingStrategy: "REPLICA",
    deploymentController: { type: "ECS" },
    // Accepted from the user under the names of these members, and answered as given.
    ...(recorded as Pick<Service, "enableExecuteCommand" | "enableECSManagedTags" | "propagateTags">),
    ...(withTags ? { tags: fromTags(service.tags) } : {}),
  };
}

function deploymentAnswer(
  service: ServiceRecord,
  deployment: DeploymentRecord,
  tasks: readonly TaskRecord[],
): Deployment {
  const { id, taskDefinition, failedTasks, rolloutState, rolloutStateReason } = deployment;
  return {
    id,
    status: deployment === primaryOf(service) ? "PRIMARY" : "ACTIVE",
    taskDefinition,
    desiredCount: servingDeploymentId(service) === id ? service.desiredCount : 0,
    ...countsOf(tasks.filter((task) => task.deploymentId === id)),
    failedTasks,
    createdAt: new Date(deployment.createdAtMs),
    updatedAt: new Date(deployment.updatedAtMs),
    ...capacityOf(service),
    ...FARGATE,
    networkConfiguration: service.networkConfiguration,
    rolloutState,
    rolloutStateReason,
  };
}

function countsOf(tasks: readonly TaskRecord[]): { runningCount: number; pendingCount: number } {
  return {
    runningCount: tasks.filter(({ status }) => status === "RUNNING").length,
    pendingCount: tasks.filter(({ status }) => PENDING.has(status)).length,
  };
}

function capacityOf(service: ServiceRecord): Pick<Service, "launchType" | "capacityProviderStrategy"> {
  if (service.capacityProviderStrategy.length === 0) return { launchType: service.launchType };
  return { capacityProviderStrategy: service.capacityProviderStrategy };
}
