import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isPublicNode } from "../../tasks/containers/public-node.ts";
import type { Usage } from "../../tasks/process-usage.ts";
import { createWorld, GROUP, isGone, TEST_GROUP, userOf } from "./world.ts";
import type { World } from "./world.ts";

const NODE = `public.ecr.aws/docker/library/node:24-alpine@sha256:${"a0".repeat(32)}`;

/** Stands before the model, knows only the ports that the task definition names, and reports like the model does. */
const FRONT = `
  const http = require("node:http");
  const { connect } = require("node:net");
  console.log(process.env.LINE ?? "the front starts");
  const server = http.createServer(async (request, response) => {
    const model = await fetch("http://localhost:8080" + request.url);
    const again = await new Promise((resolve) => http.get({ port: 8080 }, (answer) => resolve(answer.resume().statusCode)));
    response.end(JSON.stringify({ front: process.env, again, model: await model.json() }));
  });
  server.listen(9000, "0.0.0.0", () => {
    const { address, port } = server.address();
    const control = connect(Number(process.env.CONTROL_PORT), "127.0.0.1");
    control.write(port + " " + process.pid + " front-on-" + address + "\\n");
  });
  process.on("SIGTERM", () => process.exit(0));
`;

let world: World;
let usage: Map<number, Usage> | undefined;
beforeEach(async () => {
  world = await createWorld();
  usage = undefined;
});
afterEach(() => world.close());

const variables = (given: Readonly<Record<string, string>>) =>
  Object.entries({ CONTROL_PORT: String(world.controlPort), ...given }).map(([name, value]) => ({
    name,
    value,
  }));
const model = (more: object = {}, given: Readonly<Record<string, string>> = {}) => ({
  name: "model",
  image: "model:1",
  portMappings: [{ containerPort: 8080 }],
  environment: variables({ VERSION: "model", ...given }),
  ...more,
});
const front = (more: object = {}, given: Readonly<Record<string, string>> = {}) => ({
  name: "front",
  image: NODE,
  command: ["node", "-e", FRONT],
  portMappings: [{ containerPort: 9000 }],
  environment: variables({ PORT: "9000", ...given }),
  dependsOn: [{ containerName: "model", condition: "START" }],
  ...more,
});

/** A service whose deployment has completed, behind `entry`, and so many processes of whose one task are up. */
async function started(containerDefinitions: readonly object[], entry: readonly [string, number], up = 2) {
  const ecs = world.newEcs({ readUsage: () => usage });
  const user = userOf(ecs, world.controlPort);
  user.createCluster();
  const [containerName, containerPort] = entry;
  const loadBalancers = [GROUP, TEST_GROUP].map((targetGroupArn) => ({
    targetGroupArn,
    containerName,
    containerPort,
  }));
  user.createService(user.register("", {}, {}, containerDefinitions), { loadBalancers });
  await world.until("the deployment is completed", () => user.isCompleted());
  await world.until("its processes are up", () => world.processes.length === up);
  return { ecs, user };
}
const FRONT_DOOR = ["front", 9000] as const;
const processOf = (name: string) => world.processes.find(({ version }) => version.startsWith(name));
const pidOf = (name: string) => processOf(name)?.pid ?? 0;

describe("a task with a container before its model", () => {
  test("gets its target groups' requests at the container that they name, which reaches the other by the ports of the definition", async () => {
    const { user } = await started([front(), model()], FRONT_DOOR);
    const [port] = world.targets.portsIn(GROUP);
    expect(processOf("front")).toMatchObject({ port, version: "front-on-127.0.0.1" });
    const answer: unknown = await (await fetch(`http://127.0.0.1:${port}/`)).json();
    const modelPort = processOf("model")?.port;
    expect(answer).toMatchObject({
      again: 200,
      front: { PORT: "9000" },
      model: { PORT: String(modelPort), VERSION: "model" },
    });
    const [task] = user.tasks();
    expect(task?.containers).toEqual([
      expect.objectContaining({
        name: "model",
        lastStatus: "RUNNING",
        runtimeId: String(pidOf("model")),
        networkBindings: [expect.objectContaining({ containerPort: 8080, hostPort: modelPort })],
      }),
      expect.objectContaining({
        name: "front",
        networkBindings: [expect.objectContaining({ containerPort: 9000, hostPort: port })],
      }),
    ]);
  });

  test("ends with each of them that is essential, and is replaced", async () => {
    const { user } = await started([model(), front()], FRONT_DOOR);
    const [task] = user.tasks();
    const pids = [pidOf("model"), pidOf("front")];
    process.kill(pidOf("front"), "SIGKILL");
    await world.until("there is another task", () => world.processes.length === 4 && user.isCompleted());
    const stopped = user.tasks("STOPPED").find(({ taskArn }) => taskArn === task?.taskArn);
    expect(stopped).toMatchObject({ stopCode: "EssentialContainerExited" });
    expect(stopped?.containers).toEqual([
      expect.objectContaining({ name: "model", exitCode: 0, lastStatus: "STOPPED" }),
      expect.objectContaining({ name: "front", exitCode: 137 }),
    ]);
    expect(pids.every(isGone)).toBe(true);
  });

  test("stops what depends on another container before that", async () => {
    const { user } = await started([model({}, { BEHAVIOUR: "ignoreTerm" }), front()], FRONT_DOOR);
    user.update({ desiredCount: 0 });
    await processOf("model")?.gotTerm;
    expect(isGone(pidOf("front"))).toBe(true);
    process.kill(pidOf("model"), "SIGKILL");
    await world.until("no task is left", () => user.tasks().length === 0);
  });
});

describe("a task with a container that is not essential", () => {
  const beside = (more: object = {}) => front({ essential: false, ...more });
  const DOOR = ["model", 8080] as const;

  test("goes on without it", async () => {
    const { user } = await started([model(), beside()], DOOR);
    process.kill(pidOf("front"), "SIGKILL");
    await world.until("the container has stopped", () =>
      user.tasks()[0]?.containers?.some(({ exitCode }) => exitCode === 137),
    );
    expect(user.service()).toMatchObject({ runningCount: 1 });
    expect(world.processes.filter(({ version }) => version === "model")).toHaveLength(1);
    expect(isGone(pidOf("model"))).toBe(false);
  });

  test("goes on when that has no image, and says so", async () => {
    const { user } = await started([model(), beside({ image: "nobody:1" })], DOOR, 1);
    expect(user.tasks()[0]?.containers).toEqual([
      expect.objectContaining({ name: "model", lastStatus: "RUNNING" }),
      expect.objectContaining({
        name: "front",
        lastStatus: "STOPPED",
        reason: expect.stringContaining("failed to resolve ref nobody:1"),
      }),
    ]);
  });

  test("has a log for each of them, counts the metrics in both, and uses what they use together", async () => {
    const line = (word: string) =>
      JSON.stringify({
        _aws: {
          Timestamp: Date.now(),
          CloudWatchMetrics: [{ Namespace: "Own", Dimensions: [["Word"]], Metrics: [{ Name: "Said" }] }],
        },
        Word: word,
        Said: 1,
      });
    const script = `console.log(process.env.LINE);${FRONT}`;
    const { ecs } = await started(
      [
        model(
          { image: NODE, command: ["node", "-e", script.replace("9000", "8080")] },
          { LINE: line("model") },
        ),
        beside({ environment: variables({ LINE: line("front") }) }),
      ],
      DOOR,
    );
    const logs = ecs.logFiles("blue");
    expect(logs.map((file) => basename(file).replace(/^.*@/, "")).toSorted()).toEqual([
      "front.log",
      "model.log",
    ]);
    const own = logs.find((file) => file.endsWith("@front.log")) ?? "";
    expect(readFileSync(own, "utf8")).toContain('"Word":"front"');
    usage = new Map(
      world.processes.map(({ pid }) => [pid, { cpuSeconds: 3, memoryBytes: 128 * 1024 * 1024 }]),
    );
    world.clock.advance(60_000);
    const said = world.points.filter(({ metricName }) => metricName === "Said");
    expect(new Set(said.map(({ dimensions }) => dimensions["Word"]))).toEqual(new Set(["model", "front"]));
    // A quarter of a vCPU for a minute is 15 CPU seconds, and the task has 512 MiB.
    const used = (name: string) => world.points.filter(({ metricName }) => metricName === name);
    expect(used("CPUUtilization").map(({ value }) => value)).toEqual([40]);
    expect(used("MemoryUtilization").map(({ value }) => value)).toEqual([50]);
  });
});

test.each([
  ["node", true],
  ["node:24-alpine", true],
  ["docker.io/library/node@sha256:00", true],
  [NODE, true],
  ["someone/node:24", false],
  ["public.ecr.aws/someone/node", false],
  ["nodered:4", false],
])("%s is a public image of Node: %s", (image, expected) => {
  expect(isPublicNode(image)).toBe(expected);
});
