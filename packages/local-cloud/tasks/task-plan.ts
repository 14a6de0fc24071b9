import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import { arnOf } from "../arn.ts";
import type { ContainerPlan } from "./containers/container.ts";
import type { DeploymentRecord, ServiceRecord, TaskDefinitionRecord } from "./model.ts";
import { containerLog } from "./log-files.ts";
import type { TaskPlan } from "./task.ts";

/** AWS Fargate: 30 seconds between SIGTERM and SIGKILL unless the container says otherwise. */
const DEFAULT_STOP_TIMEOUT_SECONDS = 30;

export interface PlanInput {
  readonly service: ServiceRecord;
  readonly deployment: DeploymentRecord;
  readonly definition: TaskDefinitionRecord;
  readonly taskId: string;
  readonly logFile: string;
  readonly createLog: () => void;
  readonly region: string;
  readonly killAfterMs: number | undefined;
  readonly nowMs: number;
}

/** What to start for one task of a deployment. */
export function planTask(input: PlanInput): TaskPlan {
  const { service, deployment, taskId } = input;
  const containers = inOrder(containersOf(input.definition)).map((container, _index, all) =>
    planContainer(container, all.length > 1, input),
  );
  return {
    record: {
      id: taskId,
      arn: arnOf("ecs", input.region, `task/${service.cluster}/${taskId}`),
      deploymentId: deployment.id,
      taskDefinition: deployment.taskDefinition,
      containers: containers.map(({ record }) => record),
      createdAtMs: input.nowMs,
      status: "PROVISIONING",
      desiredStatus: "RUNNING",
    },
    containers,
    createLog: input.createLog,
    registrations: service.loadBalancers.map(({ targetGroupArn, containerName, containerPort }) => ({
      targetGroupArn: targetGroupArn ?? "",
      containerName: containerName ?? "",
      containerPort: containerPort ?? 0,
    })),
  };
}

function planContainer(
  container: ContainerDefinition,
  isOneOfMany: boolean,
  { logFile, killAfterMs }: PlanInput,
): ContainerPlan {
  const { name = "", image = "", essential = true, stopTimeout = DEFAULT_STOP_TIMEOUT_SECONDS } = container;
  return {
    record: {
      name,
      image,
      essential,
      logFile: isOneOfMany ? containerLog(logFile, name) : logFile,
      bindings: [],
      status: "PENDING",
      pid: undefined,
    },
    environment: Object.fromEntries(
      (container.environment ?? []).map((variable) => [variable.name ?? "", variable.value ?? ""]),
    ),
    command: container.command ?? [],
    containerPorts: (container.portMappings ?? []).flatMap(({ containerPort }) => containerPort ?? []),
    dependsOn: dependenciesOf(container),
    killAfterMs: killAfterMs ?? stopTimeout * 1000,
  };
}

/** The containers of a task definition; registration refuses one without any. */
export function containersOf({ definition }: TaskDefinitionRecord): readonly ContainerDefinition[] {
  return definition.containerDefinitions ?? [];
}

/** As much of a container definition as says what it starts after. */
interface Dependent {
  readonly name?: string | undefined;
  readonly dependsOn?: readonly { readonly containerName?: string | undefined }[] | undefined;
}

const dependenciesOf = ({ dependsOn = [] }: Dependent): readonly string[] =>
  dependsOn.flatMap(({ containerName }) => containerName ?? []);

/** Each container after those that it depends on. What is missing depends on itself: registration refuses that. */
export function inOrder<C extends Dependent>(containers: readonly C[]): readonly C[] {
  const ordered: C[] = [];
  let waiting = containers;
  for (;;) {
    const isIn = (name: string) => ordered.some((one) => one.name === name);
    const ready = waiting.filter((container) => dependenciesOf(container).every(isIn));
    if (ready.length === 0) return ordered;
    ordered.push(...ready);
    waiting = waiting.filter((container) => !ready.includes(container));
  }
}
