import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reconcile } from "../../tasks/reconcile.ts";
import type { Action, ServiceView, TaskView } from "../../tasks/reconcile.ts";

const NOW = 1_000_000;

function task(id: string, more: Partial<TaskView> = {}): TaskView {
  return { id, deploymentId: "new", wasRunning: true, health: "healthy", graceOver: true, ...more };
}

function view(more: Partial<ServiceView>): ServiceView {
  return {
    desiredCount: 2,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    servingDeploymentId: "new",
    startNotBeforeMs: 0,
    tasks: [],
    ...more,
  };
}

const old = { deploymentId: "old" };
const starting = { wasRunning: false, health: "waiting" } as const;
const failed = { wasRunning: false, health: "unhealthy" } as const;
const sick = { health: "unhealthy" } as const;
const start = (count: number): Action => ({ kind: "start", deploymentId: "new", count });
const stop = (taskId: string, reason: "scaling" | "unhealthy" = "scaling"): Action => ({
  kind: "stop",
  taskId,
  reason,
});

const CASES: [title: string, view: Partial<ServiceView>, actions: Action[]][] = [
  ["starts what is missing", {}, [start(2)]],
  ["does nothing when all is well", { tasks: [task("a"), task("b")] }, []],
  ["waits for tasks that are starting", { tasks: [task("a", starting), task("b", starting)] }, []],
  ["stops the newest of too many", { tasks: [task("a"), task("b"), task("c")] }, [stop("c")]],
  [
    "stops one that is starting rather than one that is healthy",
    { tasks: [task("a", starting), task("b"), task("c")] },
    [stop("a")],
  ],
  [
    "stops all at a desired count of 0",
    { desiredCount: 0, tasks: [task("a"), task("b", old)] },
    [stop("a"), stop("b")],
  ],
  [
    "starts nothing before the end of the back-off",
    { startNotBeforeMs: NOW + 1 },
    [{ kind: "wake", atMs: NOW + 1 }],
  ],
  ["starts at the end of the back-off", { startNotBeforeMs: NOW }, [start(2)]],
  ["starts the new deployment beside the old one", { tasks: [task("a", old), task("b", old)] }, [start(2)]],
  [
    "stops an old task for each new one that is healthy",
    { tasks: [task("a", old), task("b", old), task("c"), task("d", starting)] },
    [stop("b")],
  ],
  [
    "stops old tasks first where the minimum allows it and the maximum demands it",
    { minimumHealthyPercent: 50, maximumPercent: 100, tasks: [task("a", old), task("b", old)] },
    [stop("b")],
  ],
  [
    "rounds the minimum up and the maximum down",
    {
      desiredCount: 3,
      minimumHealthyPercent: 50,
      maximumPercent: 150,
      tasks: ["a", "b", "c"].map((id) => task(id, old)),
    },
    [start(1), stop("c")],
  ],
  [
    "says that neither a start nor a stop is allowed",
    { minimumHealthyPercent: 100, maximumPercent: 100, tasks: [task("a", old), task("b", old)] },
    [{ kind: "blocked" }],
  ],
  [
    "stops a task that never got healthy at once",
    { tasks: [task("a"), task("b", failed)] },
    [stop("b", "unhealthy"), start(1)],
  ],
  [
    "leaves it alone during its grace period",
    { tasks: [task("a"), task("b", { ...failed, graceOver: false })] },
    [],
  ],
  ["replaces an unhealthy task before it stops it", { tasks: [task("a"), task("b", sick)] }, [start(1)]],
  [
    "stops an unhealthy task when its replacement is healthy",
    { tasks: [task("a"), task("b", sick), task("c")] },
    [stop("b", "unhealthy")],
  ],
  [
    "stops one unhealthy task when there is no room for a replacement",
    { maximumPercent: 100, tasks: [task("a", sick), task("b", sick)] },
    [stop("a", "unhealthy")],
  ],
  [
    "stops everything when no deployment has a right to tasks",
    { servingDeploymentId: undefined, tasks: [task("a")] },
    [stop("a")],
  ],
];

describe("reconcile", () => {
  test.each(CASES)("%s", (_title, given, actions) => {
    expect(reconcile(view(given), NOW)).toEqual(actions);
  });
});

const anyTask = fc.record({
  deploymentId: fc.constantFrom("new", "old", "older"),
  wasRunning: fc.boolean(),
  health: fc.constantFrom("waiting", "healthy", "unhealthy"),
  graceOver: fc.boolean(),
});
const anyView = fc
  .record({
    desiredCount: fc.integer({ min: 0, max: 6 }),
    minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
    maximumPercent: fc.integer({ min: 100, max: 300 }),
    servingDeploymentId: fc.constantFrom("new", undefined),
    startNotBeforeMs: fc.constant(0),
    tasks: fc.array(anyTask, { maxLength: 12 }),
  })
  .map((given) => ({ ...given, tasks: given.tasks.map((each, index) => ({ ...each, id: String(index) })) }));

const started = (actions: readonly Action[]) =>
  actions.reduce((sum, action) => sum + (action.kind === "start" ? action.count : 0), 0);
const stopped = (actions: readonly Action[]) =>
  actions.flatMap((action) => (action.kind === "stop" ? [action.taskId] : []));

describe("reconcile, for any service", () => {
  test("starts never lead above the maximum", () => {
    fc.assert(
      fc.property(anyView, (given) => {
        let total = given.tasks.length;
        for (const action of reconcile(given, NOW)) {
          if (action.kind === "stop") total -= 1;
          if (action.kind !== "start") continue;
          total += action.count;
          expect(total).toBeLessThanOrEqual((given.desiredCount * given.maximumPercent) / 100);
        }
      }),
    );
  });

  test("stops never lead below the minimum of healthy tasks, unless they were below it before", () => {
    fc.assert(
      fc.property(anyView, (given) => {
        const gone = new Set(stopped(reconcile(given, NOW)));
        const healthy = given.tasks.filter((each) => each.health === "healthy");
        const left = healthy.filter((each) => !gone.has(each.id));
        const desired = given.servingDeploymentId === undefined ? 0 : given.desiredCount;
        const lower = Math.ceil((desired * given.minimumHealthyPercent) / 100);
        expect(left.length).toBeGreaterThanOrEqual(Math.min(lower, healthy.length));
      }),
    );
  });

  test("names each task once, and only tasks that exist", () => {
    fc.assert(
      fc.property(anyView, (given) => {
        const gone = stopped(reconcile(given, NOW));
        expect(new Set(gone).size).toBe(gone.length);
        expect(gone.every((id) => given.tasks.some((each) => each.id === id))).toBe(true);
      }),
    );
  });

  test("leads to the desired count of healthy tasks of one deployment when what starts gets healthy", () => {
    fc.assert(
      fc.property(anyView, (given) => {
        const canMove = Math.floor((given.desiredCount * given.maximumPercent) / 100) > given.desiredCount;
        fc.pre(canMove || given.minimumHealthyPercent === 0 || given.desiredCount === 0);
        let tasks: TaskView[] = given.tasks;
        for (let pass = 0; pass < 30; pass += 1) {
          const actions = reconcile({ ...given, tasks }, NOW);
          const gone = new Set(stopped(actions));
          const fresh = Array.from({ length: started(actions) }, (_, index) => task(`${pass}-${index}`));
          tasks = [...tasks.filter((each) => !gone.has(each.id)), ...fresh].map((each) =>
            each.health === "waiting"
              ? { ...each, health: "healthy", wasRunning: true }
              : { ...each, graceOver: true },
          );
        }
        const desired = given.servingDeploymentId === undefined ? 0 : given.desiredCount;
        expect(tasks).toHaveLength(desired);
        expect(tasks.every((each) => each.health === "healthy" && each.deploymentId === "new")).toBe(true);
      }),
    );
  });
});
