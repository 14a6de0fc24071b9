import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../../clock.ts";
import { parseStat, readUsage } from "../../tasks/process-usage.ts";
import type { Usage } from "../../tasks/process-usage.ts";
import { createWorld, userOf } from "./world.ts";
import type { World } from "./world.ts";

const MINUTE_MS = 60_000;
const MIB = 1024 * 1024;

describe("what processes use", () => {
  test("is read behind a program's name with spaces and brackets", () => {
    const stat = "77 (my (odd) name) S 1 77 70 0 -1 4194560 0 0 0 0 150 50 25 75 20 0 1 0 100 1000 10";
    expect(parseStat(stat)).toEqual({ session: 70, cpuSeconds: 3 });
  });

  test.skipIf(!existsSync("/proc/self/stat"))("comes from /proc for every session of the machine", () => {
    const usages = [...(readUsage()?.values() ?? [])];
    expect(usages.some(({ memoryBytes }) => memoryBytes > 10 * MIB)).toBe(true);
    expect(usages.some(({ cpuSeconds }) => cpuSeconds > 0)).toBe(true);
  });

  test("is unknown where there is no /proc", () => {
    expect(readUsage("/no/such/folder")).toBeUndefined();
  });
});

describe("the metrics of a service", () => {
  let world: World;
  let usage: Map<number, Usage> | undefined;

  beforeEach(async () => {
    world = await createWorld();
    usage = new Map();
  });
  afterEach(() => world.close());

  async function run(desiredCount: number) {
    const ecs = world.newEcs({ readUsage: () => usage });
    const user = userOf(ecs, world.controlPort);
    user.createCluster();
    user.createService(user.register("model:1"), { desiredCount });
    await world.until("the deployment is completed", () => user.isCompleted());
    return user;
  }
  const set = (values: readonly [cpuSeconds: number, memoryMib: number][]) => {
    usage = new Map(
      world.processes.map(({ pid }, index) => {
        const [cpuSeconds, memoryMib] = values[index] ?? [0, 0];
        return [pid, { cpuSeconds, memoryBytes: memoryMib * MIB }];
      }),
    );
  };
  const values = (name: string) =>
    world.points.filter(({ metricName }) => metricName === name).map(({ value }) => value);

  test("are percent of what the task definition reserves, per task and virtual minute", async () => {
    await run(2);
    // A quarter of a CPU for a minute is 15 CPU seconds.
    set([
      [7.5, 256],
      [15, 512],
    ]);
    const startMs = world.clock.now();
    world.clock.advance(MINUTE_MS);
    expect(values("CPUUtilization").sort((a, b) => a - b)).toEqual([50, 100]);
    expect(values("MemoryUtilization").sort((a, b) => a - b)).toEqual([50, 100]);
    expect(world.points[0]).toMatchObject({
      dimensions: { ClusterName: "models", ServiceName: "blue" },
      timestampMs: startMs,
    });
    world.points.length = 0;
    set([
      [7.5, 256],
      [18, 512],
    ]);
    world.clock.advance(MINUTE_MS);
    expect(values("CPUUtilization").sort((a, b) => a - b)).toEqual([0, 20]);
  });

  test("come once a minute from a clock whose timers fire early", async () => {
    const early: Clock = {
      speed: 1,
      now: () => world.clock.now(),
      after: (virtualMs, action) => world.clock.after(virtualMs > 1 ? virtualMs - 1 : virtualMs, action),
    };
    const ecs = world.newEcs({ readUsage: () => usage, clock: early });
    const user = userOf(ecs, world.controlPort);
    user.createCluster();
    user.createService(user.register("model:1"));
    await world.until("the deployment is completed", () => user.isCompleted());
    set([[15, 256]]);
    world.clock.advance(MINUTE_MS);
    world.clock.advance(10);
    expect(values("CPUUtilization")).toHaveLength(1);
    expect(world.points[0]?.timestampMs).toBe(world.clock.now() - MINUTE_MS - 10);
  });

  test("are absent for a service without running tasks", async () => {
    const user = await run(1);
    user.update({ desiredCount: 0 });
    await world.until("it has stopped", () => user.tasks("STOPPED")[0]?.lastStatus === "STOPPED");
    set([[1, 1]]);
    world.clock.advance(MINUTE_MS);
    expect(world.points).toEqual([]);
  });

  test("are absent where the system does not tell, and one line says so", async () => {
    await run(1);
    usage = undefined;
    world.clock.advance(3 * MINUTE_MS);
    expect(world.points).toEqual([]);
    expect(world.logged).toEqual([
      "no /proc on this system: AWS/ECS CPUUtilization and MemoryUtilization are not published",
    ]);
  });
});
