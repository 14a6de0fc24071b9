import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import { arnOf } from "../arn.ts";
import type { DeploymentRecord, ServiceRecord, TaskDefinitionRecord } from "./model.ts";
import type { TaskPlan } from "./task.ts";

/** AWS Fargate: 30 seconds between SIGTERM and SIGKILL unless the container says otherwise. */
const DEFAULT_STOP_TIMEOUT_SECONDS = 30;

export interface PlanInput {
  readonly service: ServiceRecord;
  readonly deployment: DeploymentRecord;
  readonly definition: TaskDefinitionRecord;
  readonly taskId: string;
  readonly logFile: string;
  readonly region: string;
  readonly killAfterMs: number | undefined;
  readonly nowMs: number;
}

/** What to start for one task of a deployment. */
export function planTask(input: PlanInput): TaskPlan {
  const { service, deployment, taskId } = input;
  const container = containerOf(input.definition);
  return {
    record: {
      id: taskId,
      arn: arnOf("ecs", input.region, `task/${service.cluster}/${taskId}`),
      deploymentId: deployment.id,
      taskDefinition: deployment.taskDefinition,
      containerName: container.name ?? "",
      image: container.image ?? "",
      createdAtMs: input.nowMs,
      status: "PROVISIONING",
      desiredStatus: "RUNNING",
      port: undefined,
      pid: undefined,
    },
    logFile: input.logFile,
    environment: Object.fromEntries(
      (container.environment ?? []).map(({ name, value }) => [name ?? "", value ?? ""]),
    ),
    command: container.command ?? [],
    targetGroupArns: service.loadBalancers.map(({ targetGroupArn }) => targetGroupArn ?? ""),
    killAfterMs: input.killAfterMs ?? (container.stopTimeout ?? DEFAULT_STOP_TIMEOUT_SECONDS) * 1000,
  };
}

/** The one container of a task definition; registration refuses more. */
export function containerOf(record: TaskDefinitionRecord): ContainerDefinition {
  const container = record.definition.containerDefinitions?.[0];
  if (container === undefined) throw new Error(`${record.definition.taskDefinitionArn} has no container`);
  return container;
}
