/** One task that has not been told to stop. */
export interface TaskView {
  readonly id: string;
  readonly deploymentId: string;
  /** True once it was healthy in all its target groups (at once, without target groups). */
  readonly wasRunning: boolean;
  readonly health: "waiting" | "healthy" | "unhealthy";
  /** The service's health-check grace period has passed since it was started. */
  readonly graceOver: boolean;
}

export interface ServiceView {
  /** Tasks wanted; 0 or more. */
  readonly desiredCount: number;
  /** 0-100 and 100 or more, of `desiredCount`. */
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** The deployment whose tasks are wanted; undefined: none has a right to tasks. */
  readonly servingDeploymentId: string | undefined;
  /** No task is started before this moment of the clock (back-off), epoch milliseconds. */
  readonly startNotBeforeMs: number;
  /** In the order in which they were started. */
  readonly tasks: readonly TaskView[];
}

export type Action =
  | { readonly kind: "start"; readonly deploymentId: string; readonly count: number }
  | { readonly kind: "stop"; readonly taskId: string; readonly reason: "scaling" | "unhealthy" }
  /** Nothing to start before that moment. */
  | { readonly kind: "wake"; readonly atMs: number }
  /** The limits of the deployment configuration allow neither a start nor a stop, and nothing is under way. */
  | { readonly kind: "blocked" };

/**
 * What to do next for one service, in the order to do it in. Amazon ECS, "Service deployment parameters":
 * minimumHealthyPercent is a lower limit on healthy tasks, rounded up; maximumPercent an upper limit on tasks,
 * rounded down. "Task replacement": an unhealthy task is replaced first and stopped afterwards while the upper limit
 * allows it. A task that never was healthy serves nobody, so it goes at once.
 */
export function reconcile(view: ServiceView, nowMs: number): Action[] {
  const desired = view.servingDeploymentId === undefined ? 0 : view.desiredCount;
  const lower = Math.ceil((desired * view.minimumHealthyPercent) / 100);
  const upper = Math.floor((desired * view.maximumPercent) / 100);

  const failed = view.tasks.filter((task) => !task.wasRunning && isUnhealthy(task));
  const alive = view.tasks.filter((task) => !failed.includes(task));
  const serving = alive.filter((task) => task.deploymentId === view.servingDeploymentId);
  const condemned = serving.filter(isUnhealthy);
  const wanted = serving.filter((task) => !isUnhealthy(task));
  const old = alive.filter((task) => task.deploymentId !== view.servingDeploymentId);

  const surplus = byUsefulness(wanted).slice(desired);
  const missing = Math.max(0, desired - wanted.length);
  const room = Math.max(0, upper - (alive.length - surplus.length));

  const staying = alive.filter((task) => !surplus.includes(task));
  let spareHealthy = staying.filter((task) => task.health === "healthy").length - lower;
  const leaving = old.toReversed().filter((task) => {
    if (task.health !== "healthy") return true;
    spareHealthy -= 1;
    return spareHealthy >= 0;
  });
  const enoughHealthy = staying.filter((task) => task.health === "healthy").length >= lower;
  const noWayForward = missing > 0 && room === 0 && leaving.length === 0;
  // Without room one unhealthy task goes first, to make room for its replacement.
  const replaced = enoughHealthy ? condemned : noWayForward ? condemned.slice(0, 1) : [];

  const actions: Action[] = [
    ...stops(failed, "unhealthy"),
    ...stops(surplus, "scaling"),
    ...starts(view, Math.min(missing, room), nowMs),
    ...stops(leaving, "scaling"),
    ...stops(replaced, "unhealthy"),
  ];
  const underWay = alive.some((task) => task.health === "waiting");
  return noWayForward && actions.length === 0 && !underWay ? [{ kind: "blocked" }] : actions;
}

/** Past the grace period only: before it, a failing health check is a model that is still loading. */
function isUnhealthy(task: TaskView): boolean {
  return task.health === "unhealthy" && task.graceOver;
}

function starts(view: ServiceView, count: number, nowMs: number): Action[] {
  if (count === 0 || view.servingDeploymentId === undefined) return [];
  if (nowMs < view.startNotBeforeMs) return [{ kind: "wake", atMs: view.startNotBeforeMs }];
  return [{ kind: "start", deploymentId: view.servingDeploymentId, count }];
}

function stops(tasks: readonly TaskView[], reason: "scaling" | "unhealthy"): Action[] {
  return tasks.map((task) => ({ kind: "stop", taskId: task.id, reason }));
}

/** Healthy before waiting before unhealthy; within that, the longest-running first. */
function byUsefulness(tasks: readonly TaskView[]): TaskView[] {
  const rank = { healthy: 0, waiting: 1, unhealthy: 2 };
  return [...tasks].sort((a, b) => rank[a.health] - rank[b.health]);
}
