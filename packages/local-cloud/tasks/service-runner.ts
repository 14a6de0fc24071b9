import { randomUUID } from "node:crypto";
import { settleDeployments } from "./deployments.ts";
import type { ServiceRecord, TaskDefinitionRecord, TaskRecord } from "./model.ts";
import { primaryOf } from "./model.ts";
import { reconcile } from "./reconcile.ts";
import type { Action } from "./reconcile.ts";
import { addEvent } from "./service-events.ts";
import {
  activeTasks,
  aliveTasks,
  deploymentTasks,
  graceLeftMs,
  isServing,
  noteFailure,
  noteHealth,
  noteStopped,
  tellOnce,
  viewOf,
} from "./service-tasks.ts";
import type { ServiceTasks } from "./service-tasks.ts";
import { planTask } from "./task-plan.ts";
import { isAlive, startTask } from "./task.ts";
import type { RunningTask, StopCode, TaskHost } from "./task.ts";

/** Keeps the tasks of one service as its record wants them. */
export interface ServiceRunner {
  /** The record has changed. */
  wake(): void;
  /** The newest first, with the last stopped ones. */
  tasks(): TaskRecord[];
  /** Stops one task at a user's request; the service replaces it. */
  stopTask(taskId: string, reason: string): void;
  /** Stops all tasks without draining and starts none any more; settles when none is left. */
  close(): Promise<void>;
}

export interface RunnerOptions {
  readonly host: TaskHost;
  readonly region: string;
  /** Real milliseconds from SIGTERM to SIGKILL for every task, instead of the container's stopTimeout. */
  readonly killAfterMs: number | undefined;
  /** Real milliseconds that a process has to get healthy for the first time, even without a grace period. */
  readonly startAllowanceMs: number | undefined;
  definitionOf(arn: string): TaskDefinitionRecord;
  /** Something that an answer shows has changed. */
  changed(): void;
}

/**
 * ELB API: health checks come at most every 5 seconds, and 2 failures make a target unhealthy. So no task on AWS is
 * given up before 10 seconds, which a fast clock would turn into less than a process takes to start.
 */
const START_ALLOWANCE_MS = 10_000;

/** What the functions below share. */
interface Running extends ServiceTasks {
  readonly options: RunnerOptions;
  readonly now: () => number;
  wake(): void;
}

/**
 * Each event (a change of the record, of a target's health, of a task; a timer) leads to one pass: look, decide
 * (reconcile, pure), act. Nothing polls.
 */
export function createServiceRunner(service: ServiceRecord, options: RunnerOptions): ServiceRunner {
  const { clock, targets } = options.host;
  let closed = false;
  let scheduled = false;
  let steady = false;
  let answered = "";
  let cancelTimers = () => {};

  const wake = () => {
    if (scheduled || closed) return;
    scheduled = true;
    // One pass for everything that changes in the same turn.
    queueMicrotask(() => {
      scheduled = false;
      if (!closed) pass();
    });
  };
  const running: Running = {
    service,
    startAllowanceMs: options.startAllowanceMs ?? START_ALLOWANCE_MS,
    options,
    now: () => clock.now(),
    wake,
    tasks: [],
    backOff: undefined,
    told: new Set(),
  };

  const pass = () => {
    cancelTimers();
    noteHealth(running, clock.now());
    const timers = [
      graceTimer(running),
      ...reconcile(viewOf(running), clock.now()).map((action) => perform(running, action)),
    ];
    cancelTimers = () => timers.forEach((cancel) => cancel());
    const tasksOf = (deploymentId: string) => deploymentTasks(running, deploymentId);
    for (const message of settleDeployments(service, tasksOf, clock.now()))
      addEvent(service, message, clock.now());
    steady = noteSteadyState(running, steady);
    if (service.status === "DRAINING" && aliveTasks(running).length === 0) service.status = "INACTIVE";
    const answer = JSON.stringify([service, running.tasks.map((task) => task.record)]);
    if (answer !== answered) options.changed();
    answered = answer;
  };

  const stopListening = targets.onHealthChange(wake);
  wake();
  return {
    wake,
    tasks: () => running.tasks.map((task) => task.record),
    stopTask(taskId, reason) {
      const task = activeTasks(running).find(({ record }) => record.id === taskId);
      if (task !== undefined) stop(running, task, "UserInitiated", reason);
    },
    async close() {
      closed = true;
      cancelTimers();
      stopListening();
      const reason = "The local cloud was stopped";
      const stopNow = (task: RunningTask) => task.stop("ServiceSchedulerInitiated", reason, { drain: false });
      await Promise.all(aliveTasks(running).map(stopNow));
    },
  };
}

/** Wakes at the end of the next grace period that protects an unhealthy task; returns its cancellation. */
function graceTimer(running: Running): () => void {
  const leftMs = activeTasks(running)
    .filter((task) => task.health() === "unhealthy")
    .map((task) => graceLeftMs(running, task))
    .filter((left) => left > 0);
  if (leftMs.length === 0) return () => {};
  // A timer may fire up to a millisecond early.
  const timer = setTimeout(running.wake, Math.ceil(Math.min(...leftMs)) + 1);
  timer.unref();
  return () => clearTimeout(timer);
}

/** Carries out one action; returns the cancellation of what it left pending. */
function perform(running: Running, action: Action): () => void {
  switch (action.kind) {
    case "start":
      start(running, action.deploymentId, action.count);
      break;
    case "stop":
      stopByScheduler(running, action.taskId, action.reason);
      break;
    case "wake":
      return running.options.host.clock.after(action.atMs - running.now(), running.wake);
    case "blocked":
      tellOnce(
        running,
        "was unable to stop or start tasks during a deployment because of the service deployment configuration. " +
          "Update the minimumHealthyPercent or maximumPercent value and try again.",
        running.now(),
      );
  }
  return () => {};
}

function start(running: Running, deploymentId: string, count: number): void {
  const { service, options } = running;
  const deployment = service.deployments.find(({ id }) => id === deploymentId);
  if (deployment === undefined) throw new Error(`service ${service.name} has no deployment ${deploymentId}`);
  const definition = options.definitionOf(deployment.taskDefinition);
  const isRunning = (id: string) => aliveTasks(running).some((task) => task.record.id === id);
  const started = Array.from({ length: count }, () => {
    const taskId = randomUUID().replaceAll("-", "");
    const { logFiles } = options.host;
    const logging = { id: taskId, taskDefinition: deployment.taskDefinition };
    const plan = planTask({
      service,
      deployment,
      definition,
      taskId,
      logFile: logFiles.of(service.name, logging),
      createLog: () => void logFiles.create(service.name, logging, isRunning),
      ...options,
      nowMs: running.now(),
    });
    const task = startTask(options.host, plan, () => {
      if (!isAlive(task.record)) noteStopped(running, task, running.now());
      running.wake();
    });
    running.tasks = [task, ...running.tasks];
    return task;
  });
  const names = started.map((task) => `(task ${task.record.id})`).join(" ");
  addEvent(service, `has started ${count} tasks: ${names}.`, running.now());
}

function stopByScheduler(running: Running, taskId: string, why: "scaling" | "unhealthy"): void {
  const task = running.tasks.find(({ record }) => record.id === taskId);
  if (task === undefined) return;
  if (why === "scaling") {
    const initiator = primaryOf(running.service).id;
    stop(
      running,
      task,
      "ServiceSchedulerInitiated",
      `Scaling activity initiated by (deployment ${initiator})`,
    );
    return;
  }
  const groups = task.groupsThatAre("unhealthy");
  const where = `in (target-group ${groups.join(", ")})`;
  const message = `(port ${task.portIn(groups[0] ?? "")}) is unhealthy ${where} due to (reason ${task.whyUnhealthy().join(", ")}).`;
  addEvent(running.service, message, running.now());
  noteFailure(running, task.record, running.now());
  stop(running, task, "ServiceSchedulerInitiated", `Task failed ELB health checks ${where}`);
}

function stop(running: Running, task: RunningTask, code: StopCode, reason: string): void {
  const { service } = running;
  if (service.loadBalancers.length > 0) {
    addEvent(service, "has begun draining connections on 1 tasks.", running.now());
  }
  void task.stop(code, reason).then(() => {
    addEvent(service, `has stopped 1 running tasks: (task ${task.record.id}).`, running.now());
    running.wake();
  });
}

/** Says once that the service has reached a steady state. */
function noteSteadyState(running: Running, wasSteady: boolean): boolean {
  const { service } = running;
  const alive = aliveTasks(running);
  const settled = alive.every(isServing) && alive.length === service.desiredCount;
  const isSteady = settled && primaryOf(service).rolloutState === "COMPLETED";
  if (isSteady && !wasSteady) {
    addEvent(service, "has reached a steady state.", running.now());
    running.told.clear();
  }
  return isSteady;
}
