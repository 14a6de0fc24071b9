import type { DescribeTasksResponse, ListTasksResponse, Task } from "@aws-sdk/client-ecs";
import * as v from "valibot";
import { AwsError } from "../../aws-api/errors.ts";
import type { Operations } from "../../aws-api/operations.ts";
import { arnOf, nameIn } from "../../arn.ts";
import { findCluster, findTaskDefinition, serviceKey, servicesIn, tasksOfService } from "../control.ts";
import type { Control } from "../control.ts";
import type { ClusterRecord, ServiceRecord, TaskRecord } from "../model.ts";
import { count, ecsInput, page, recorded, strings, text, unsupported } from "./input.ts";

const List = v.strictObject({
  cluster: v.optional(v.string()),
  serviceName: v.optional(v.string()),
  family: v.optional(v.string()),
  startedBy: v.optional(v.string()),
  desiredStatus: v.optional(v.picklist(["RUNNING", "PENDING", "STOPPED"]), "RUNNING"),
  launchType: v.optional(v.picklist(["EC2", "FARGATE", "EXTERNAL"])),
  containerInstance: unsupported,
  daemonName: unsupported,
  nextToken: v.optional(v.string()),
  maxResults: v.optional(count(1, 100), 100),
});
const Describe = v.strictObject({
  cluster: v.optional(v.string()),
  tasks: v.pipe(strings, v.minLength(1, "Tasks cannot be empty."), v.maxLength(100, "at most 100 tasks")),
  include: recorded,
});
const Stop = v.strictObject({
  cluster: v.optional(v.string()),
  task: text,
  reason: v.optional(v.string(), "Task stopped by user"),
});

export function taskOperations(control: Control): Operations {
  return {
    ListTasks: (input) => listTasks(control, input),
    DescribeTasks(raw): DescribeTasksResponse {
      const input = ecsInput("DescribeTasks", Describe, raw);
      const cluster = findCluster(control, input.cluster);
      const found = input.tasks.map((name) => ({ name, owned: findTask(control, cluster, name) }));
      return {
        tasks: found.flatMap(({ owned }) => (owned === undefined ? [] : [taskAnswer(control, owned)])),
        failures: found
          .filter(({ owned }) => owned === undefined)
          .map(({ name }) => ({
            arn: arnOf("ecs", control.region, `task/${cluster.name}/${nameIn(name)}`),
            reason: "MISSING",
          })),
      };
    },
    StopTask(raw) {
      const input = ecsInput("StopTask", Stop, raw);
      const owned = findTask(control, findCluster(control, input.cluster), input.task);
      if (owned === undefined) {
        throw new AwsError("InvalidParameterException", "The referenced task was not found.");
      }
      const { service, task } = owned;
      control.runners.get(serviceKey(service.cluster, service.name))?.stopTask(task.id, input.reason);
      return { task: taskAnswer(control, owned) };
    },
  };
}

interface OwnedTask {
  readonly service: ServiceRecord;
  readonly task: TaskRecord;
}

function tasksIn(control: Control, cluster: ClusterRecord): OwnedTask[] {
  return servicesIn(control, cluster).flatMap((service) =>
    tasksOfService(control, service).map((task) => ({ service, task })),
  );
}

function findTask(control: Control, cluster: ClusterRecord, idOrArn: string): OwnedTask | undefined {
  return tasksIn(control, cluster).find(({ task }) => task.id === nameIn(idOrArn));
}

function listTasks(control: Control, raw: Record<string, unknown>): ListTasksResponse {
  const input = ecsInput("ListTasks", List, raw);
  const cluster = findCluster(control, input.cluster);
  const services = servicesIn(control, cluster);
  const { serviceName, family, startedBy } = input;
  if (serviceName !== undefined && !services.some(({ name }) => name === nameIn(serviceName))) {
    throw new AwsError("ServiceNotFoundException", "Service not found.");
  }
  // ECS API, ListTasks: no task ever has the desired status PENDING; filtering by it answers nothing.
  const arns = tasksIn(control, cluster)
    .filter(({ service }) => serviceName === undefined || service.name === nameIn(serviceName))
    .filter(({ task }) => task.desiredStatus === input.desiredStatus)
    .filter(({ task }) => startedBy === undefined || task.deploymentId === startedBy)
    .filter(({ task }) => family === undefined || nameIn(task.taskDefinition).split(":")[0] === family)
    .filter(() => input.launchType === undefined || input.launchType === "FARGATE")
    .map(({ task }) => task.arn);
  const { items, nextToken } = page(arns, input.maxResults, input.nextToken);
  return { taskArns: items, nextToken };
}

function taskAnswer(control: Control, { service, task }: OwnedTask): Task {
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
    containers: [
      {
        containerArn: arnOf("ecs", control.region, `container/${service.cluster}/${task.id}/${task.id}`),
        taskArn: task.arn,
        name: task.containerName,
        image: task.image,
        lastStatus: task.status === "STOPPED" ? "STOPPED" : task.pid === undefined ? "PENDING" : "RUNNING",
        exitCode: task.exitCode,
        // The process, for whoever wants to look at it or to kill it.
        ...(task.pid === undefined ? {} : { runtimeId: String(task.pid) }),
        ...(task.stopCode === "TaskFailedToStart" ? { reason: task.stoppedReason } : {}),
        networkBindings:
          task.port === undefined
            ? []
            : [
                {
                  bindIP: "127.0.0.1",
                  hostPort: task.port,
                  containerPort: containerPortOf(service),
                  protocol: "tcp",
                },
              ],
        networkInterfaces: [],
        healthStatus: "UNKNOWN",
      },
    ],
  };
}

function containerPortOf(service: ServiceRecord): number | undefined {
  return service.loadBalancers[0]?.containerPort;
}
