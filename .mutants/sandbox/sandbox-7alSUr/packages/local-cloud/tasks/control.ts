import type { Clock } from "../clock.ts";
import { AwsError } from "../aws-api/errors.ts";
import { nameIn } from "../arn.ts";
import type { ClusterRecord, EcsModel, ServiceRecord, TaskDefinitionRecord, TaskRecord } from "./model.ts";
import type { ServiceRunner } from "./service-runner.ts";
import type { TargetRegistry } from "./target-registry.ts";

/** What the operations of ECS and of its scaling work on. */
export interface EcsControl {
  readonly model: EcsModel;
  readonly clock: Clock;
  readonly region: string;
  readonly targets: TargetRegistry;
  /** By `cluster/service`. */
  readonly runners: Map<string, ServiceRunner>;
  /** Starts what keeps the service's tasks. */
  run(service: ServiceRecord): void;
  /** Tells the listeners that an answer or the snapshot has changed. */
  changed(): void;
}

export function serviceKey(cluster: string, service: string): string {
  return `${cluster}/${service}`;
}

/** @param nameOrArn absent: the cluster `default`, as on AWS. */
export function findCluster(control: EcsControl, nameOrArn: string | undefined): ClusterRecord {
  const cluster = control.model.clusters[nameIn(nameOrArn ?? "default")];
  if (cluster === undefined || cluster.status === "INACTIVE") {
    throw new AwsError("ClusterNotFoundException", "Cluster not found.");
  }
  return cluster;
}

/** The service whatever its status, or undefined. */
export function lookUpService(
  control: EcsControl,
  cluster: ClusterRecord,
  nameOrArn: string,
): ServiceRecord | undefined {
  return control.model.services[serviceKey(cluster.name, nameIn(nameOrArn))];
}

/** @throws AwsError ServiceNotFoundException, or ServiceNotActiveException when it is being or was deleted. */
export function findActiveService(
  control: EcsControl,
  clusterNameOrArn: string | undefined,
  nameOrArn: string,
): ServiceRecord {
  const service = lookUpService(control, findCluster(control, clusterNameOrArn), nameOrArn);
  if (service === undefined) throw new AwsError("ServiceNotFoundException", "Service not found.");
  if (service.status !== "ACTIVE") {
    throw new AwsError("ServiceNotActiveException", "Service was not ACTIVE.");
  }
  return service;
}

/** @param reference `family`, `family:revision` or the ARN; a family alone is its newest active revision. */
export function findTaskDefinition(control: EcsControl, reference: string): TaskDefinitionRecord {
  const name = nameIn(reference);
  const found = name.includes(":") ? control.model.taskDefinitions[name] : newestActive(control, name);
  if (found === undefined) throw new AwsError("ClientException", "Unable to describe task definition.");
  return found;
}

function newestActive(control: EcsControl, family: string): TaskDefinitionRecord | undefined {
  return Object.values(control.model.taskDefinitions)
    .filter(
      ({ definition, deregisteredAtMs }) => definition.family === family && deregisteredAtMs === undefined,
    )
    .sort((a, b) => (b.definition.revision ?? 0) - (a.definition.revision ?? 0))[0];
}

/** The service's tasks, the newest first, with the last stopped ones. */
export function tasksOfService(control: EcsControl, service: ServiceRecord): TaskRecord[] {
  return control.runners.get(serviceKey(service.cluster, service.name))?.tasks() ?? [];
}

export function servicesIn(control: EcsControl, cluster: ClusterRecord): ServiceRecord[] {
  return Object.values(control.model.services).filter((service) => service.cluster === cluster.name);
}
