import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, GROUP, isGone, TEST_GROUP, userOf } from "./world.ts";
import type { World } from "./world.ts";

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

afterEach(() => world.close());

const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };

async function startService(more: object = {}) {
  const ecs = world.newEcs({ startAllowanceMs: 0 });
  const user = userOf(ecs, world.controlPort);
  user.createCluster();
  user.createService(user.register("model:1"), more);
  await world.until("the deployment is completed", () => user.isCompleted());
  return user;
}

test("new tasks are healthy before old ones stop, and the old deployment is gone when it is done", async () => {
  const user = await startService({ desiredCount: 2 });
  const old = [...world.processes];
  world.targets.healthyWhenUp = false;
  user.update({ taskDefinition: user.register("model:2") });
  await world.until("both new processes are up", () => world.processes.length === 4);
  expect(user.service()).toMatchObject({ runningCount: 2, pendingCount: 2, desiredCount: 2 });
  expect(user.isStable()).toBe(false);
  expect(old.some(({ pid }) => isGone(pid))).toBe(false);

  world.targets.setHealth(world.processes[2]?.port ?? 0, "healthy");
  await world.until("one old task is gone", () => user.tasks("STOPPED")[0]?.lastStatus === "STOPPED");
  expect(user.service().runningCount).toBe(2);
  world.targets.setHealth(world.processes[3]?.port ?? 0, "healthy");
  await world.until("the deployment is completed", () => user.isCompleted());
  await Promise.all(old.map(({ ended }) => ended));
  expect(world.targets.portsIn(GROUP)).toHaveLength(2);
  expect(user.service().taskDefinition).toMatch(/:2$/);
});

test("without room above the desired count one old task makes way at a time", async () => {
  const limits = { minimumHealthyPercent: 50, maximumPercent: 100 };
  const user = await startService({ desiredCount: 2, deploymentConfiguration: limits });
  world.targets.healthyWhenUp = false;
  user.update({ taskDefinition: user.register("model:2") });
  await world.until("one new process is up", () => world.processes.length === 3);
  expect(user.tasks()).toHaveLength(2);
  world.targets.setHealth(world.processes[2]?.port ?? 0, "healthy");
  await world.until("the other new process is up", () => world.processes.length === 4);
  world.targets.setHealth(world.processes[3]?.port ?? 0, "healthy");
  await world.until("the deployment is completed", () => user.isCompleted());
});

test("limits that allow no step are told, once", async () => {
  const limits = { minimumHealthyPercent: 100, maximumPercent: 100 };
  const user = await startService({ deploymentConfiguration: limits });
  user.update({ taskDefinition: user.register("model:2") });
  const isTold = (message: string) => message.includes("because of the service deployment configuration");
  await world.until("it is told", () => user.messages().some(isTold));
  world.targets.setHealth(0, "healthy");
  await world.until("the event is seen", () => true);
  expect(user.messages().filter(isTold)).toHaveLength(1);
  expect(user.service().runningCount).toBe(1);
});

test("a forced deployment replaces the tasks of the same definition", async () => {
  const user = await startService();
  const [before] = user.service().deployments ?? [];
  user.update({ forceNewDeployment: true });
  expect(user.service().deployments).toHaveLength(2);
  await world.until("the deployment is completed", () => user.isCompleted());
  await world.processes[0]?.ended;
  expect(user.service().deployments?.[0]?.id).not.toBe(before?.id);
});

test("the circuit breaker brings the last completed deployment back after three failed starts", async () => {
  const user = await startService({ deploymentConfiguration: BREAKER });
  const [before] = user.service().deployments ?? [];
  const crashing = user.register("model:2", { BEHAVIOUR: "crash" });
  user.update({ taskDefinition: crashing });
  // The pauses between the starts are 10 and 20 seconds of the cloud's time.
  for (const failures of [1, 2]) {
    await world.until(
      `start ${failures} has failed`,
      () => user.service().deployments?.[0]?.failedTasks === failures,
    );
    expect(user.tasks()).toHaveLength(1);
    world.clock.advance(10_000 * failures);
  }
  await world.until(
    "it is rolled back",
    () => user.isCompleted() && user.service().deployments?.[0]?.id === before?.id,
  );
  expect(user.service().taskDefinition).toBe(before?.taskDefinition);
  expect(world.processes).toHaveLength(1);
  const failed = user.messages().find((message) => message.includes("deployment failed"));
  expect(failed).toMatch(/\(deployment ecs-svc\/\d{19}\) deployment failed: tasks failed to start\.$/);
  expect(user.messages()).toContain(`(service blue) rolling back to deployment ${before?.id}.`);
  expect(user.tasks("STOPPED")[0]?.containers?.[0]?.exitCode).toBe(3);
});

test("a new deployment starts at once, however often the last one has failed", async () => {
  const user = await startService();
  user.update({ taskDefinition: user.register("model:2", { BEHAVIOUR: "crash" }) });
  await world.until("a start has failed", () => user.service().deployments?.[0]?.failedTasks === 1);
  user.update({ taskDefinition: user.register("model:2") });
  await world.until("it is completed while no time has passed", () => user.isCompleted());
  expect(user.service().taskDefinition).toMatch(/:3$/);
});

test("a deployment whose tasks never get healthy is failed by the circuit breaker, too", async () => {
  const user = await startService({ deploymentConfiguration: BREAKER, healthCheckGracePeriodSeconds: 0 });
  world.targets.healthyWhenUp = false;
  user.update({ taskDefinition: user.register("model:2") });
  for (const attempt of [1, 2, 3]) {
    const up = await world.until(`process ${attempt} is up`, () => world.processes[attempt]);
    world.targets.setHealth(up.port, "unhealthy", TEST_GROUP);
    await up.ended;
    world.clock.advance(10_000 * 2 ** attempt);
  }
  await world.until("the first definition is back", () => user.isCompleted());
  expect(user.service().taskDefinition).toMatch(/:1$/);
  expect(isGone(world.processes[0]?.pid ?? 0)).toBe(false);
});

test("a first deployment that fails stays failed, and starts nothing any more", async () => {
  // What processes use is read from the system in each of the day's minutes.
  const ecs = world.newEcs({ readUsage: () => undefined });
  const user = userOf(ecs, world.controlPort);
  user.createCluster();
  user.createService(user.register("model:1", { BEHAVIOUR: "crash" }), {
    desiredCount: 3,
    deploymentConfiguration: BREAKER,
  });
  const state = () => user.service().deployments?.[0];
  await world.until("it has failed", () => state()?.rolloutState === "FAILED");
  world.clock.advance(24 * 3_600_000);
  await world.until("the day is over", () => true);
  expect(user.tasks()).toEqual([]);
  expect(user.service()).toMatchObject({ desiredCount: 3, runningCount: 0, pendingCount: 0 });
  expect(state()).toMatchObject({
    desiredCount: 0,
    failedTasks: 3,
    rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
  });
  expect(user.isStable()).toBe(false);
});

test("an image that nobody mapped names those that are known", async () => {
  const ecs = world.newEcs();
  const user = userOf(ecs, world.controlPort);
  user.createCluster();
  user.createService(user.register("model:9"));
  const stopped = await world.until("the task has stopped", () => user.tasks("STOPPED")[0]);
  expect(stopped).toMatchObject({
    stopCode: "TaskFailedToStart",
    stoppedReason:
      "CannotPullContainerError: failed to resolve ref model:9: not found (known images: model:1, model:2, model:ports, model:worker)",
  });
  expect(user.messages().some((message) => message.includes("was unable to place a task"))).toBe(true);
});

test("a target group that no rule forwards to is named, and the service does not become stable", async () => {
  world.targets.healthyWhenUp = false;
  const ecs = world.newEcs();
  const user = userOf(ecs, world.controlPort);
  user.createCluster();
  user.createService(user.register("model:1"));
  const { port } = await world.until("the process is up", () => world.processes[0]);
  world.targets.setHealth(port, "unused", TEST_GROUP);
  world.targets.setHealth(port, "healthy", GROUP);
  await world.until("it is told", () => user.messages().some((message) => message.includes(TEST_GROUP)));
  expect(user.isStable()).toBe(false);
});

test("a task whose log cannot be made fails to start, is told, and the next one waits", async () => {
  const logs = join(world.directory, "logs");
  // Like a full disk: no folder can be made below it.
  writeFileSync(logs, "");
  const ecs = world.newEcs();
  const user = userOf(ecs, world.controlPort);
  user.createCluster();
  user.createService(user.register("model:1"));
  const stopped = await world.until("the task has stopped", () => user.tasks("STOPPED")[0]);
  expect(stopped).toMatchObject({
    stopCode: "TaskFailedToStart",
    stoppedReason: expect.stringMatching(/^CannotStartContainerError: E(EXIST|NOTDIR)/),
  });
  expect(user.messages().some((message) => message.includes("was unable to place a task"))).toBe(true);
  expect(user.tasks()).toEqual([]);
  rmSync(logs);
  world.clock.advance(10_000);
  await world.until("the next task serves", () => user.isCompleted());
});
