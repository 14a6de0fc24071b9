import type {
  Attachment,
  CapacityProviderStrategyItem,
  ClusterSetting,
  LoadBalancer,
  NetworkConfiguration,
  TaskDefinition,
} from "@aws-sdk/client-ecs";

/** The control plane's records. Plain JSON: they are the snapshot. Times are epoch milliseconds of the clock. */
export interface EcsModel {
  readonly clusters: Record<string, ClusterRecord>;
  /** By `family:revision`. */
  readonly taskDefinitions: Record<string, TaskDefinitionRecord>;
  /** Highest revision ever given, by family; ECS never gives a revision twice. */
  readonly revisions: Record<string, number>;
  /** By `cluster/service`. */
  readonly services: Record<string, ServiceRecord>;
  readonly scalableTargets: Record<string, ScalableTargetRecord>;
  readonly scalingPolicies: Record<string, ScalingPolicyRecord>;
}

export type Tags = Record<string, string>;

export interface ClusterRecord {
  readonly name: string;
  readonly arn: string;
  status: "ACTIVE" | "INACTIVE";
  settings: ClusterSetting[];
  capacityProviders: string[];
  defaultCapacityProviderStrategy: CapacityProviderStrategyItem[];
  tags: Tags;
}

export interface TaskDefinitionRecord {
  /** As registered, in the shape of the answer, without its dates and status. */
  readonly definition: Omit<TaskDefinition, "registeredAt" | "deregisteredAt" | "status">;
  readonly registeredAtMs: number;
  deregisteredAtMs?: number;
  tags: Tags;
}

export interface DeploymentRecord {
  readonly id: string;
  /** ARN. */
  readonly taskDefinition: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
  rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  rolloutStateReason: string;
  /** Tasks of this deployment that failed to start or to stay healthy while it was in progress. */
  failedTasks: number;
}

export interface CircuitBreaker {
  readonly enable: boolean;
  readonly rollback: boolean;
  readonly resetOnHealthyTask: boolean;
}

export interface ServiceEventRecord {
  readonly id: string;
  readonly atMs: number;
  readonly message: string;
}

export interface ServiceRecord {
  readonly name: string;
  readonly arn: string;
  readonly cluster: string;
  status: "ACTIVE" | "DRAINING" | "INACTIVE";
  desiredCount: number;
  readonly createdAtMs: number;
  /** The newest (PRIMARY) first; the last completed one stays while a newer one is in progress, to roll back to. */
  deployments: DeploymentRecord[];
  lastCompletedId: string | undefined;
  loadBalancers: LoadBalancer[];
  minimumHealthyPercent: number;
  maximumPercent: number;
  circuitBreaker: CircuitBreaker;
  healthCheckGracePeriodSeconds: number;
  networkConfiguration: NetworkConfiguration | undefined;
  capacityProviderStrategy: CapacityProviderStrategyItem[];
  launchType: "FARGATE" | undefined;
  /** Accepted and answered as given; nothing acts on it here. */
  recorded: Record<string, unknown>;
  /** Newest first. */
  events: ServiceEventRecord[];
  tags: Tags;
}

export interface ScalableTargetRecord {
  readonly resourceId: string;
  readonly arn: string;
  readonly createdAtMs: number;
  minCapacity: number;
  maxCapacity: number;
  roleArn: string;
  suspendedState: {
    dynamicScalingInSuspended: boolean;
    dynamicScalingOutSuspended: boolean;
    scheduledScalingSuspended: boolean;
  };
}

export interface ScalingPolicyRecord {
  readonly name: string;
  readonly arn: string;
  readonly resourceId: string;
  readonly createdAtMs: number;
  policyType: string;
  configuration: Record<string, unknown>;
}

export type TaskStatus =
  | "PROVISIONING"
  | "PENDING"
  | "ACTIVATING"
  | "RUNNING"
  | "DEACTIVATING"
  | "STOPPING"
  | "STOPPED";

/** One container of a task as it is answered. */
export interface ContainerRecord {
  readonly name: string;
  readonly image: string;
  /** Amazon ECS: when it stops, all containers of its task are stopped. */
  readonly essential: boolean;
  /** What it writes. */
  readonly logFile: string;
  /** Ports that its definition names, and those of this machine that stand for them. */
  bindings: { readonly containerPort: number; readonly hostPort: number }[];
  status: "PENDING" | "RUNNING" | "STOPPED";
  pid: number | undefined;
  exitCode?: number;
  reason?: string;
}

/** One task as it is answered; not part of the snapshot, since no process survives the local cloud. */
export interface TaskRecord {
  readonly id: string;
  readonly arn: string;
  readonly deploymentId: string;
  readonly taskDefinition: string;
  /** In the order in which they start. */
  readonly containers: readonly ContainerRecord[];
  readonly createdAtMs: number;
  status: TaskStatus;
  desiredStatus: "RUNNING" | "STOPPED";
  startedAtMs?: number;
  stoppingAtMs?: number;
  stoppedAtMs?: number;
  stopCode?: "TaskFailedToStart" | "EssentialContainerExited" | "UserInitiated" | "ServiceSchedulerInitiated";
  stoppedReason?: string;
  attachments?: Attachment[];
}

export function emptyModel(): EcsModel {
  return {
    clusters: table(),
    taskDefinitions: table(),
    revisions: table(),
    services: table(),
    scalableTargets: table(),
    scalingPolicies: table(),
  };
}

/** Without a prototype, since users choose the keys: a service may be called `constructor`. */
function table<Row>(): Record<string, Row> {
  // Object.create is typed `any`.
  return Object.create(null) as Record<string, Row>;
}

export function primaryOf(service: ServiceRecord): DeploymentRecord {
  const primary = service.deployments[0];
  if (primary === undefined) throw new Error(`service ${service.name} has no deployment`);
  return primary;
}
