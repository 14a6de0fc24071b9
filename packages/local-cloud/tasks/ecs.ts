import { AwsError } from "../aws-api/errors.ts";
import { operationsOf } from "../aws-api/define-operation.ts";
import type { Operations } from "../aws-api/operations.ts";
import { OPERATIONS } from "../operations/index.ts";
import type { Clock } from "../clock.ts";
import type { MetricSink } from "../gateway/metric-sink.ts";
import { logsControl } from "../logs/control.ts";
import { recordLogTimes } from "../logs/log-times.ts";
import { findTaskDefinition, serviceKey, tasksOfService } from "./control.ts";
import type { EcsControl } from "./control.ts";
import { createGuardian } from "./guardian.ts";
import type { ImageCatalog } from "./images.ts";
import { createLogFiles } from "./log-files.ts";
import { publishLogMetrics } from "./log-metrics.ts";
import { emptyModel } from "./model.ts";
import type { EcsModel, ServiceRecord } from "./model.ts";
import { createPorts } from "./process.ts";
import type { Usage } from "./process-usage.ts";
import { createServiceRunner } from "./service-runner.ts";
import type { TargetRegistry } from "./target-registry.ts";
import { publishUsage } from "./usage-metrics.ts";

export interface EcsOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly images: ImageCatalog;
  readonly targets: TargetRegistry;
  readonly metrics: MetricSink;
  /** The tasks' output goes into `<logDirectory>/<service>/`, one file each. */
  readonly logDirectory: string;
  /** Real milliseconds from SIGTERM to SIGKILL for every task, instead of its container's stopTimeout. */
  readonly killAfterMs?: number;
  /** Real milliseconds that a task has to get healthy for the first time, even without a grace period; 10 seconds. */
  readonly startAllowanceMs?: number;
  /** Gets lines for the person who runs the local cloud; standard error unless given. */
  readonly log?: (line: string) => void;
  /** What processes use, by the id of their session; read from /proc unless given. */
  readonly readUsage?: () => Map<number, Usage> | undefined;
  /** The clock of the tasks' processes, epoch milliseconds; `Date.now` unless given. */
  readonly realNow?: () => number;
}

/** ECS on Fargate and its scaling, whose tasks are child processes on 127.0.0.1. */
export interface Ecs {
  readonly operations: Operations;
  /** Application Auto Scaling. */
  readonly autoScalingOperations: Operations;
  /** CloudWatch Logs, of what the tasks write. */
  readonly logsOperations: Operations;
  /** The control plane as JSON; tasks are not part of it. */
  snapshot(): unknown;
  /** Takes over a snapshot and starts the tasks of its services; only before anything was created. */
  restore(snapshot: unknown): void;
  /** Target groups in which services are to have tasks. */
  expectedTargetGroups(): string[];
  /** Calls back after each change of the snapshot or of a task. */
  onChange(listener: () => void): void;
  /** The output of the service's tasks, one file per task, the newest first. */
  logFiles(serviceName: string): string[];
  /** Ends all tasks: SIGTERM, then SIGKILL; settles when none is left. */
  close(): Promise<void>;
}

const SNAPSHOT_VERSION = 1;

export function createEcs(options: EcsOptions): Ecs {
  const { clock, region, targets } = options;
  const model = emptyModel();
  const listeners: (() => void)[] = [];
  let closed = false;
  const guardian = createGuardian();
  const logFiles = createLogFiles(options.logDirectory);
  const host = { clock, images: options.images, targets, logFiles, ports: createPorts(), guardian };

  const control: EcsControl = {
    model,
    clock,
    region,
    targets,
    runners: new Map(),
    run,
    changed: () => listeners.forEach((listener) => listener()),
  };
  const definitionOf = (arn: string) => findTaskDefinition(control, arn);

  function run(service: ServiceRecord): void {
    if (closed) throw new AwsError("ServerException", "the local cloud is being stopped", 503);
    const key = serviceKey(service.cluster, service.name);
    // A deleted service of the same name has no tasks left, but it still listens to its targets.
    void control.runners.get(key)?.close();
    const { killAfterMs, startAllowanceMs } = options;
    const { changed } = control;
    control.runners.set(
      key,
      createServiceRunner(service, { host, region, killAfterMs, startAllowanceMs, definitionOf, changed }),
    );
  }

  const tasksByService = () =>
    Object.values(model.services).map((service) => ({ service, tasks: tasksOfService(control, service) }));
  const publishing = { clock, metrics: options.metrics, log: options.log ?? console.error };
  const stopUsage = publishUsage(
    { definitionOf, services: tasksByService },
    { ...publishing, readUsage: options.readUsage },
  );
  const logsOfTasks = () =>
    tasksByService().flatMap(({ service, tasks }) =>
      tasks.flatMap(({ containers }) =>
        containers.map(({ logFile }) => ({ service: service.name, file: logFile })),
      ),
    );
  const stopLogMetrics = publishLogMetrics(logsOfTasks, { ...publishing, realNow: options.realNow });
  const logTimes = recordLogTimes(clock, () => logsOfTasks().map(({ file }) => file), {
    tell: publishing.log,
  });

  return {
    operations: operationsOf(OPERATIONS, "ecs", control),
    autoScalingOperations: operationsOf(OPERATIONS, "application-autoscaling", control),
    logsOperations: operationsOf(OPERATIONS, "logs", logsControl(control, logFiles.list, logTimes)),
    snapshot: () => structuredClone({ version: SNAPSHOT_VERSION, model }),
    restore(snapshot) {
      takeOver(model, readSnapshot(snapshot));
      for (const service of Object.values(model.services)) {
        if (service.status !== "INACTIVE") run(service);
      }
    },
    expectedTargetGroups: () =>
      Object.values(model.services)
        .filter(({ status, desiredCount }) => status === "ACTIVE" && desiredCount > 0)
        .flatMap(({ loadBalancers }) => loadBalancers.map(({ targetGroupArn }) => targetGroupArn ?? "")),
    onChange: (listener) => listeners.push(listener),
    logFiles: logFiles.list,
    async close() {
      closed = true;
      stopUsage();
      stopLogMetrics();
      logTimes.close();
      await Promise.all([...control.runners.values()].map((runner) => runner.close()));
      await guardian.close();
    },
  };
}

function takeOver(model: EcsModel, saved: EcsModel): void {
  Object.assign(model.clusters, saved.clusters);
  Object.assign(model.taskDefinitions, saved.taskDefinitions);
  Object.assign(model.revisions, saved.revisions);
  Object.assign(model.services, saved.services);
  Object.assign(model.scalableTargets, saved.scalableTargets);
  Object.assign(model.scalingPolicies, saved.scalingPolicies);
}

function readSnapshot(snapshot: unknown): EcsModel {
  // Written by `snapshot` above, in this version or another one; the version says which.
  const { version, model } = structuredClone(snapshot) as { version?: number; model?: EcsModel };
  if (version !== SNAPSHOT_VERSION || model === undefined) {
    throw new Error(`the snapshot of ECS has version ${version}; this local cloud reads ${SNAPSHOT_VERSION}`);
  }
  return model;
}
