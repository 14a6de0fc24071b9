import { backOffMs, countFailedTask, countHealthyTask, servingDeploymentId } from "./deployments.ts";
import type { DeploymentTasks } from "./deployments.ts";
import type { ServiceRecord, TaskRecord } from "./model.ts";
import type { ServiceView, TaskView } from "./reconcile.ts";
import { addEvent } from "./service-events.ts";
import { isAlive } from "./task.ts";
import type { RunningTask } from "./task.ts";

/** STOPPED tasks that stay describable; ECS keeps them for about an hour. */
const STOPPED_TASKS_KEPT = 20;

/** The tasks of one service and what was learned from their failures. */
export interface ServiceTasks {
  readonly service: ServiceRecord;
  /** Real milliseconds that a process has to get healthy for the first time, even without a grace period. */
  readonly startAllowanceMs: number;
  /** The newest first. */
  tasks: RunningTask[];
  /** Undefined: none has failed to start since a task was last healthy. */
  backOff: BackOff | undefined;
  /** Messages not to be repeated until the service is steady again. */
  readonly told: Set<string>;
}

/** The pause after starts that failed. It is the deployment's own: the next one starts without. */
export interface BackOff {
  readonly deploymentId: string;
  /** In a row. */
  readonly failures: number;
  /** Virtual epoch milliseconds. */
  readonly untilMs: number;
}

/** Not STOPPED, with those on their way out. */
export function aliveTasks(state: ServiceTasks): RunningTask[] {
  return state.tasks.filter((task) => isAlive(task.record));
}

/** Those that have not been told to stop. */
export function activeTasks(state: ServiceTasks): RunningTask[] {
  return state.tasks.filter((task) => task.record.desiredStatus === "RUNNING");
}

export function isServing(task: RunningTask): boolean {
  return task.record.status === "RUNNING" && task.health() === "healthy";
}

export function tellOnce(state: ServiceTasks, message: string, nowMs: number): void {
  if (!state.told.has(message)) addEvent(state.service, message, nowMs);
  state.told.add(message);
}

/**
 * Real milliseconds until the task's health counts against it; 0 or less: it does. Real time, since a process that
 * loads its model takes the time it takes, whatever the speed of the clock.
 */
export function graceLeftMs(state: ServiceTasks, task: RunningTask): number {
  const graceMs = state.service.healthCheckGracePeriodSeconds * 1000;
  const neverHealthy = task.record.startedAtMs === undefined;
  const untilMs = neverHealthy ? Math.max(graceMs, state.startAllowanceMs) : graceMs;
  return untilMs - (performance.now() - task.startedRealMs);
}

export function viewOf(state: ServiceTasks): ServiceView {
  const { service, backOff } = state;
  const servingId = servingDeploymentId(service);
  return {
    desiredCount: service.desiredCount,
    minimumHealthyPercent: service.minimumHealthyPercent,
    maximumPercent: service.maximumPercent,
    servingDeploymentId: servingId,
    startNotBeforeMs: backOff !== undefined && backOff.deploymentId === servingId ? backOff.untilMs : 0,
    tasks: activeTasks(state)
      .map((task): TaskView => ({
        id: task.record.id,
        deploymentId: task.record.deploymentId,
        wasRunning: task.record.startedAtMs !== undefined,
        health: task.health(),
        graceOver: graceLeftMs(state, task) <= 0,
      }))
      .toReversed(),
  };
}

export function deploymentTasks(state: ServiceTasks, deploymentId: string): DeploymentTasks {
  const own = aliveTasks(state).filter((task) => task.record.deploymentId === deploymentId);
  return { healthy: own.filter(isServing).length, alive: own.length };
}

/**
 * ACTIVATING becomes RUNNING with the first healthy verdict of all target groups. AWS calls a task RUNNING once it is
 * registered; here a task that crashes while it starts never counts as running, so that waiting for
 * `runningCount == desiredCount` (the SDK's ServicesStable) means what people take it for.
 */
export function noteHealth(state: ServiceTasks, nowMs: number): void {
  for (const task of activeTasks(state)) {
    if (task.record.status === "ACTIVATING" && task.health() === "healthy") {
      task.record.status = "RUNNING";
      task.record.startedAtMs = nowMs;
      state.backOff = undefined;
      countHealthyTask(state.service, task.record.deploymentId);
    }
    for (const arn of task.groupsThatAre("unused")) {
      tellOnce(state, `(target-group ${arn}) gets no health checks: no listener rule forwards to it.`, nowMs);
    }
  }
}

/** Counts the task when it failed to start, and forgets the oldest stopped tasks. */
export function noteStopped(state: ServiceTasks, task: RunningTask, nowMs: number): void {
  const { record } = task;
  if (record.stopCode === "TaskFailedToStart") {
    addEvent(state.service, `was unable to place a task. Reason: ${record.stoppedReason}.`, nowMs);
  }
  const byItself = record.stopCode === "TaskFailedToStart" || record.stopCode === "EssentialContainerExited";
  if (byItself && record.startedAtMs === undefined) noteFailure(state, record, nowMs);
  const forgotten = state.tasks.filter((task) => !isAlive(task.record)).slice(STOPPED_TASKS_KEPT);
  state.tasks = state.tasks.filter((task) => !forgotten.includes(task));
}

/**
 * A task failed to start, or to pass its health checks: counted for the circuit breaker. Amazon ECS, "Service throttle
 * logic": only one that never got to run makes the next start wait.
 */
export function noteFailure(
  state: ServiceTasks,
  { deploymentId, startedAtMs }: TaskRecord,
  nowMs: number,
): void {
  if (startedAtMs === undefined) backOff(state, deploymentId, nowMs);
  for (const message of countFailedTask(state.service, deploymentId, nowMs)) {
    addEvent(state.service, message, nowMs);
  }
}

function backOff(state: ServiceTasks, deploymentId: string, nowMs: number): void {
  const before = state.backOff?.deploymentId === deploymentId ? state.backOff.failures : 0;
  const failures = before + 1;
  state.backOff = { deploymentId, failures, untilMs: nowMs + backOffMs(failures) };
  if (failures === 3) {
    addEvent(state.service, "is unable to consistently start tasks successfully.", nowMs);
  }
}
