import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, GROUP, isGone, MODEL, TEST_GROUP, userOf } from "./world.ts";
import type { World } from "./world.ts";

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

afterEach(() => world.close());

function start(options: { killAfterMs?: number } = {}) {
  const ecs = world.newEcs(options);
  const user = userOf(ecs, world.controlPort);
  user.createCluster();
  return { ecs, user };
}

/** A service whose deployment has completed. */
async function startService(more: object = {}, environment: Record<string, string> = {}) {
  const started = start();
  started.user.createService(started.user.register("model:1", environment), more);
  await world.until("the deployment is completed", () => started.user.isCompleted());
  return started;
}

test("a service starts its tasks, registers them in all its target groups, and is stable only when they are healthy", async () => {
  world.targets.healthyWhenUp = false;
  const { user } = start();
  user.createService(user.register("model:1"), { desiredCount: 2 });
  await world.until("both processes are up", () => world.processes.length === 2);
  const ports = world.processes.map(({ port }) => port).sort();
  expect(world.targets.portsIn(GROUP).sort()).toEqual(ports);
  expect(world.targets.portsIn(TEST_GROUP).sort()).toEqual(ports);
  expect(user.service()).toMatchObject({ runningCount: 0, pendingCount: 2 });
  expect(user.tasks().map(({ lastStatus }) => lastStatus)).toEqual(["ACTIVATING", "ACTIVATING"]);

  for (const port of ports) world.targets.setHealth(port, "healthy", GROUP);
  await Promise.resolve();
  expect(user.isStable()).toBe(false);
  for (const port of ports) world.targets.setHealth(port, "healthy", TEST_GROUP);
  await world.until("the deployment is completed", () => user.isCompleted());
  expect(user.service()).toMatchObject({ runningCount: 2, pendingCount: 0, status: "ACTIVE" });
  expect(user.messages()[0]).toBe("(service blue) has reached a steady state.");
});

test("a container's own command runs in place of the image's", async () => {
  const { user } = start();
  const command = ["env", "GREETING=hello", process.execPath, MODEL];
  user.createService(user.register("model:1", {}, { command }));
  await world.until("the deployment is completed", () => user.isCompleted());
  const [port] = world.targets.portsIn(GROUP);
  const answer: unknown = await (await fetch(`http://127.0.0.1:${port}/`)).json();
  expect(answer).toMatchObject({ GREETING: "hello", PORT: String(port) });
});

test("an image's environment and further ports reach its task, in its command too, and the container's environment wins", async () => {
  const { user } = start();
  user.createService(user.register("model:ports", { MODEL_FILE: "of-the-container", GRPC_PORT: "1" }));
  await world.until("the deployment is completed", () => user.isCompleted());
  const [port] = world.targets.portsIn(GROUP);
  const answer = (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as Record<string, string>; // Its environment.
  const { GRPC_PORT, METRICS_PORT } = answer;
  expect(new Set([String(port), GRPC_PORT, METRICS_PORT]).size).toBe(3);
  expect(answer).toMatchObject({
    WORD: `${port} ${GRPC_PORT} {other}`,
    METRICS: `127.0.0.1:${METRICS_PORT}`,
    MODEL_FILE: "of-the-container",
  });
  for (const one of [GRPC_PORT, METRICS_PORT]) expect(Number(one)).toBeGreaterThanOrEqual(20_000);
});

test("a task gets its port, its host and the container's environment, and nothing secret of the user's", async () => {
  process.env.AWS_SECRET_ACCESS_KEY = "of the person at the keyboard";
  const { user } = await startService({}, { PORT: "8080", MODEL_FILE: "v1.json" });
  delete process.env.AWS_SECRET_ACCESS_KEY;
  const [port] = world.targets.portsIn(GROUP);
  const answer: unknown = await (await fetch(`http://127.0.0.1:${port}/`)).json();
  expect(answer).toMatchObject({ PORT: String(port), HOST: "127.0.0.1", MODEL_FILE: "v1.json" });
  expect(answer).not.toHaveProperty("AWS_SECRET_ACCESS_KEY");
  expect(user.tasks()[0]?.containers?.[0]?.networkBindings).toEqual([
    { bindIP: "127.0.0.1", hostPort: port, containerPort: 8080, protocol: "tcp" },
  ]);
});

test("what a task prints is in a file of its own", async () => {
  const { ecs } = await startService();
  const [file = ""] = ecs.logFiles("blue");
  expect(readFileSync(file, "utf8")).toContain("version model:1 starts on");
});

test("a task that was killed is replaced at once and leaves its target groups", async () => {
  const { user } = await startService();
  const [first] = world.processes;
  process.kill(first?.pid ?? 0, "SIGKILL");
  await world.until("another process is up", () => world.processes.length === 2);
  await world.until("the service is steady again", () => user.isCompleted());
  expect(world.targets.portsIn(GROUP)).toEqual([world.processes[1]?.port]);
  const [stopped] = user.tasks("STOPPED");
  expect(stopped).toMatchObject({
    lastStatus: "STOPPED",
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
  });
  expect(stopped?.containers?.[0]?.exitCode).toBe(137);
});

test("the workers of a killed task end with it", async () => {
  await startService({}, { BEHAVIOUR: "worker" });
  const worker = await world.until("the worker is up", () => world.workers[0]);
  process.kill(world.processes[0]?.pid ?? 0, "SIGKILL");
  await expect(worker.ended).resolves.toBeUndefined();
});

test("the desired count is followed up and down", async () => {
  const { user } = await startService();
  user.update({ desiredCount: 3 });
  await world.until("three run", () => user.service().runningCount === 3);
  user.update({ desiredCount: 1 });
  await world.until("one is left", () => user.tasks("STOPPED").filter((task) => task.stoppedAt).length === 2);
  expect(user.service().runningCount).toBe(1);
  expect(user.service().deployments).toHaveLength(1);
  expect(user.tasks("STOPPED")[0]?.stoppedReason).toMatch(
    /^Scaling activity initiated by \(deployment ecs-svc\//,
  );
});

test("a task is drained in all its target groups before it gets SIGTERM", async () => {
  const { user } = await startService();
  world.targets.drainsAtOnce = false;
  user.update({ desiredCount: 0 });
  await world.until("the task is draining", () => user.tasks("STOPPED")[0]?.lastStatus === "DEACTIVATING");
  const [first] = world.processes;
  const answer = await fetch(`http://127.0.0.1:${first?.port}/`);
  expect(answer.status).toBe(200);
  await answer.text();
  world.targets.endDraining();
  await world.until("it has stopped", () => user.tasks("STOPPED")[0]?.lastStatus === "STOPPED");
  expect(user.tasks("STOPPED")[0]?.containers?.[0]?.exitCode).toBe(0);
});

test("a task that ignores SIGTERM is killed after the stop timeout", async () => {
  const { user } = start({ killAfterMs: 50 });
  user.createService(user.register("model:1", { BEHAVIOUR: "ignoreTerm" }));
  await world.until("it runs", () => user.isCompleted());
  user.update({ desiredCount: 0 });
  await world.processes[0]?.gotTerm;
  await world.until("it has stopped", () => user.tasks("STOPPED")[0]?.lastStatus === "STOPPED");
  expect(user.tasks("STOPPED")[0]?.containers?.[0]?.exitCode).toBe(137);
});

test("an unhealthy task is replaced first and stopped afterwards", async () => {
  const { user } = await startService({ healthCheckGracePeriodSeconds: 0 });
  const [first] = world.processes;
  world.targets.setHealth(first?.port ?? 0, "unhealthy", GROUP);
  await world.until(
    "the unhealthy one has stopped",
    () => user.tasks("STOPPED")[0]?.lastStatus === "STOPPED",
  );
  expect(world.processes).toHaveLength(2);
  expect(user.tasks("STOPPED")[0]?.stoppedReason).toBe(
    `Task failed ELB health checks in (target-group ${GROUP})`,
  );
  expect(isGone(world.processes[1]?.pid ?? 0)).toBe(false);
});

test("a task that has served and fails its health checks is replaced without a pause, every time", async () => {
  const { user } = await startService({ healthCheckGracePeriodSeconds: 0 });
  for (const turn of [0, 1, 2]) {
    const serving = await world.until(`process ${turn} is up`, () => world.processes[turn]);
    world.targets.setHealth(serving.port, "unhealthy", GROUP);
    await serving.ended;
  }
  await world.until("another one is up", () => world.processes.length === 4);
  expect(user.tasks("STOPPED")).toHaveLength(3);
});

test("within the grace period an unhealthy task stays", async () => {
  const { user } = await startService({ healthCheckGracePeriodSeconds: 3600 });
  world.targets.setHealth(world.processes[0]?.port ?? 0, "unhealthy");
  await world.until("the change was seen", () => user.service().runningCount === 1);
  expect(user.tasks()[0]?.desiredStatus).toBe("RUNNING");
  // A shorter grace period counts at once.
  user.update({ healthCheckGracePeriodSeconds: 0 });
  await world.until("it was replaced", () => user.tasks("STOPPED").length === 1);
});

test("a process has time to start, even without a grace period and at any speed of the clock", async () => {
  world.targets.healthyWhenUp = false;
  const ecs = world.newEcs();
  const user = userOf(ecs, world.controlPort);
  user.createCluster();
  user.createService(user.register("model:1"), { healthCheckGracePeriodSeconds: 0 });
  const { port } = await world.until("it is up", () => world.processes[0]);
  world.targets.setHealth(port, "unhealthy");
  await world.until("the verdict was seen", () => true);
  world.targets.setHealth(port, "healthy");
  await world.until("it runs", () => user.isCompleted());
  expect(world.processes).toHaveLength(1);
});

test("the end of the grace period counts without any other event", async () => {
  const { user } = await startService({ healthCheckGracePeriodSeconds: 1 });
  const startedMs = performance.now();
  world.targets.setHealth(world.processes[0]?.port ?? 0, "unhealthy");
  await world.until("it was replaced", () => user.tasks("STOPPED").length === 1);
  // The process took some of the second to start.
  expect(performance.now() - startedMs).toBeGreaterThan(100);
});

test("a target group that is deleted under its service leaves its tasks waiting, and says so", async () => {
  const { user } = await startService();
  world.targets.deleted.add(TEST_GROUP);
  world.targets.setHealth(0, "healthy");
  await world.until("it is told", () => user.messages().some((message) => message.includes(TEST_GROUP)));
  user.update({ desiredCount: 0 });
  await world.until("it was stopped", () => user.tasks("STOPPED")[0]?.stoppedAt);
  expect(user.service()).toMatchObject({ desiredCount: 0, runningCount: 0 });
});

test("a stopped task is replaced and says who stopped it", async () => {
  const { user } = await startService();
  user.call("StopTask", { cluster: "models", task: user.tasks()[0]?.taskArn, reason: "for a test" });
  await world.until("it was replaced", () => world.processes.length === 2 && user.isCompleted());
  expect(user.tasks("STOPPED")[0]).toMatchObject({ stopCode: "UserInitiated", stoppedReason: "for a test" });
});

test("a deleted service drains, ends its tasks, and is INACTIVE", async () => {
  const { user } = await startService();
  const remove = (force: boolean) => () =>
    user.call("DeleteService", { cluster: "models", service: "blue", force });
  expect(remove(false)).toThrow("The service cannot be stopped while it is scaled above 0.");
  remove(true)();
  expect(user.service().status).toBe("DRAINING");
  await world.until("it is inactive", () => user.service().status === "INACTIVE");
  await world.processes[0]?.ended;
  expect(remove(true)).toThrow("Service was not ACTIVE.");
  user.createService(user.register("model:1"));
  await world.until("a new service of that name runs", () => user.isCompleted());
});

test("after a restore the services' tasks run again", async () => {
  const { ecs, user } = await startService({ desiredCount: 2 });
  const snapshot: unknown = JSON.parse(JSON.stringify(ecs.snapshot()));
  const arn = user.service().serviceArn;
  await ecs.close();
  const restored = world.newEcs();
  restored.restore(snapshot);
  const again = userOf(restored, world.controlPort);
  await world.until("both tasks run again", () => again.isCompleted());
  expect(again.service()).toMatchObject({ serviceArn: arn, runningCount: 2 });
  expect(world.processes).toHaveLength(4);
});

test("closing ends tasks that drain or ignore SIGTERM, too", async () => {
  const { ecs, user } = start({ killAfterMs: 50 });
  user.createService(user.register("model:1", { BEHAVIOUR: "ignoreTerm" }), { desiredCount: 2 });
  await world.until("both run", () => user.isCompleted());
  world.targets.drainsAtOnce = false;
  user.update({ desiredCount: 1 });
  await world.until("one is draining", () => user.tasks("STOPPED").length === 1);
  await ecs.close();
  expect(world.processes.filter(({ pid }) => !isGone(pid))).toEqual([]);
});
