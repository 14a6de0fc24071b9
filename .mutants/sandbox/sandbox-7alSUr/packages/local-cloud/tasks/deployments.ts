import type { DeploymentRecord, ServiceRecord } from "./model.ts";
import { primaryOf } from "./model.ts";

/** The deployment that has a right to `desiredCount` tasks: the newest, or after its failure the last completed one. */
export function servingDeploymentId(service: ServiceRecord): string | undefined {
  const primary = primaryOf(service);
  if (primary.rolloutState !== "FAILED") return primary.id;
  return service.deployments.find((deployment) => deployment.id === service.lastCompletedId)?.id;
}

/** Makes a new deployment the PRIMARY one. `id` is `ecs-svc/<digits>`. */
export function beginDeployment(
  service: ServiceRecord,
  taskDefinition: string,
  id: string,
  nowMs: number,
): void {
  const deployment: DeploymentRecord = {
    id,
    taskDefinition,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    failedTasks: 0,
  };
  service.deployments = [deployment, ...service.deployments];
}

/**
 * Amazon ECS, "How the deployment circuit breaker detects failures": half the desired count, rounded up, at least 3
 * and at most 200 failed tasks.
 */
export function failureThreshold(desiredCount: number): number {
  return Math.min(200, Math.max(3, Math.ceil(desiredCount / 2)));
}

/**
 * Counts a task that failed to start or to stay healthy, and trips the circuit breaker when there were too many:
 * the deployment has FAILED and, with `rollback`, the last completed one is PRIMARY again. Returns event messages.
 */
export function countFailedTask(service: ServiceRecord, deploymentId: string, nowMs: number): string[] {
  const primary = primaryOf(service);
  if (primary.id !== deploymentId || primary.rolloutState !== "IN_PROGRESS") return [];
  primary.failedTasks += 1;
  primary.updatedAtMs = nowMs;
  if (!service.circuitBreaker.enable) return [];
  if (primary.failedTasks < failureThreshold(service.desiredCount)) return [];

  primary.rolloutState = "FAILED";
  primary.rolloutStateReason = "ECS deployment circuit breaker: tasks failed to start.";
  const failed = `(deployment ${primary.id}) deployment failed: tasks failed to start.`;
  const previous = service.deployments.find(
    (deployment) => deployment.id === service.lastCompletedId && deployment !== primary,
  );
  if (!service.circuitBreaker.rollback || previous === undefined) return [failed];

  previous.rolloutState = "IN_PROGRESS";
  previous.rolloutStateReason = `ECS deployment circuit breaker: rolling back to deploymentId ${previous.id}.`;
  previous.failedTasks = 0;
  previous.updatedAtMs = nowMs;
  service.deployments = [previous, ...service.deployments.filter((deployment) => deployment !== previous)];
  return [failed, `rolling back to deployment ${previous.id}.`];
}

/** ECS API, DeploymentCircuitBreaker.resetOnHealthyTask: a task that becomes healthy sets the count back to 0. */
export function countHealthyTask(service: ServiceRecord, deploymentId: string): void {
  const primary = primaryOf(service);
  if (primary.id !== deploymentId || primary.rolloutState !== "IN_PROGRESS") return;
  if (service.circuitBreaker.resetOnHealthyTask) primary.failedTasks = 0;
}

export interface DeploymentTasks {
  /** Healthy tasks that have not been told to stop. */
  readonly healthy: number;
  /** Tasks that are not STOPPED, with those on their way out. */
  readonly alive: number;
}

/**
 * Ends the PRIMARY deployment when all its tasks are healthy and no task of another deployment is left, and forgets
 * deployments that are over. Returns event messages.
 */
export function settleDeployments(
  service: ServiceRecord,
  tasksOf: (deploymentId: string) => DeploymentTasks,
  nowMs: number,
): string[] {
  const primary = primaryOf(service);
  const others = service.deployments.slice(1).filter((deployment) => tasksOf(deployment.id).alive > 0);
  const tasks = tasksOf(primary.id);
  const filled = tasks.healthy === service.desiredCount && tasks.alive === service.desiredCount;
  if (primary.rolloutState === "IN_PROGRESS" && filled && others.length === 0) {
    primary.rolloutState = "COMPLETED";
    primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
    primary.updatedAtMs = nowMs;
    service.lastCompletedId = primary.id;
    service.deployments = [primary];
    return [`(deployment ${primary.id}) deployment completed.`];
  }
  service.deployments = service.deployments.filter(
    (deployment) =>
      deployment === primary || others.includes(deployment) || deployment.id === service.lastCompletedId,
  );
  return [];
}

/** Amazon ECS, "Service throttle logic". */
const LONGEST_BACK_OFF_MS = 27 * 60_000;

/**
 * Virtual milliseconds to wait after so many failed starts in a row. Amazon ECS, "Service throttle logic": the time
 * between starts grows up to a maximum; how it grows is not published, so that is ours.
 */
export function backOffMs(consecutiveFailures: number): number {
  if (consecutiveFailures === 0) return 0;
  return Math.min(LONGEST_BACK_OFF_MS, 10_000 * 2 ** (consecutiveFailures - 1));
}
