import type { Container, Task } from "@aws-sdk/client-ecs";
import { arnOf, nameIn } from "../../arn.ts";
import { findTaskDefinition, servicesIn, tasksOfService } from "../control.ts";
import type { EcsControl } from "../control.ts";
import type { ClusterRecord, ContainerRecord, ServiceRecord, TaskRecord } from "../model.ts";

/** A task, and the service that it belongs to. */
export interface OwnedTask {
  readonly service: ServiceRecord;
  readonly task: TaskRecord;
}

export function tasksIn(control: EcsControl, cluster: ClusterRecord): OwnedTask[] {
  return servicesIn(control, cluster).flatMap((service) =>
    tasksOfService(control, service).map((task) => ({ service, task })),
  );
}

export function findTask(
  control: EcsControl,
  cluster: ClusterRecord,
  idOrArn: string,
): OwnedTask | undefined {
  return tasksIn(control, cluster).find(({ task }) => task.id === nameIn(idOrArn));
}

/** The task as DescribeTasks answers it. */
export function taskAnswer(control: EcsControl, { service, task }: OwnedTask): Task {
  const { definition } = findTaskDefinition(control, task.taskDefinition);
  const at = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms));
  return {
    taskArn: task.arn,
    taskDefinitionArn: task.taskDefinition,
    clusterArn: arnOf("ecs", control.region, `cluster/${service.cluster}`),
    group: `service:${service.name}`,
    startedBy: task.deploymentId,
    launchType: "FARGATE",
    platformVersion: "1.4.0",
    platformFamily: "Linux",
    cpu: definition.cpu,
    memory: definition.memory,
    lastStatus: task.status,
    desiredStatus: task.desiredStatus,
    // ECS: the health of containers with a health check of their own; target health is the load balancer's.
    healthStatus: "UNKNOWN",
    createdAt: new Date(task.createdAtMs),
    startedAt: at(task.startedAtMs),
    stoppingAt: at(task.stoppingAtMs),
    stoppedAt: at(task.stoppedAtMs),
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    attachments: [],
    containers: task.containers.map((container) => containerAnswer(control, { service, task }, container)),
  };
}

function containerAnswer(
  { region }: EcsControl,
  { service, task }: OwnedTask,
  container: ContainerRecord,
): Container {
  const { name, image, pid, status, exitCode, bindings } = container;
  const reason = container.reason ?? (task.stopCode === "TaskFailedToStart" ? task.stoppedReason : undefined);
  return {
    containerArn: arnOf("ecs", region, `container/${service.cluster}/${task.id}/${task.id}-${name}`),
    taskArn: task.arn,
    name,
    image,
    lastStatus: status,
    exitCode,
    // The process, for whoever wants to look at it or to kill it.
    ...(pid === undefined ? {} : { runtimeId: String(pid) }),
    ...(reason === undefined ? {} : { reason }),
    networkBindings: bindings.map(({ containerPort, hostPort }) => ({
      bindIP: "127.0.0.1",
      hostPort,
      containerPort,
      protocol: "tcp",
    })),
    networkInterfaces: [],
    healthStatus: "UNKNOWN",
  };
}
