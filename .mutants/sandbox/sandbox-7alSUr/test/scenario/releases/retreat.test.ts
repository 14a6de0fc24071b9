import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Slot } from "../../../contract/slot.ts";
import { localClock } from "../../../validation/adapters/clock.ts";
import type { Clock } from "../../../validation/ports.ts";
import type { Users } from "../support/users.ts";
import { aStack, until, type World } from "../support/world.ts";

const LONG = 400_000;
/** 600 requests a minute are 150 in a real second. */
const SPEED = 15;
const TASKS = 3;
/** Real requests a second that one task of the users' model answers: too few for all users, and its own minimum. */
const ROOM = 100;
const MODEL = "node test/scenario/fixtures/odd-model.ts";

describe("given 600 requests a minute on three tasks, which one could not answer, and a release at 95 %", () => {
  let world: World;
  let users: Users;
  let clock: Clock;
  let ecs: ECSClient;
  let scaling: ApplicationAutoScalingClient;
  let fault: string;

  const deploy = async (version: string, command: string) => {
    const done = await world.run("deploy", "digits:1", "--model-version", version, "--command", command);
    expect(`${done.exitCode} ${done.stderr}`).toMatch(/^0 /);
  };
  /** What a target-tracking policy does in the end to a slot that almost nobody asks: as few tasks as it may. */
  const scaleIn = async (slot: Slot): Promise<number | undefined> => {
    const { clusterName, slots } = await world.see.outputs();
    const service = slots[slot].running?.serviceName;
    const resource = `service/${clusterName}/${service}`;
    const { ScalableTargets = [] } = await scaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", ResourceIds: [resource] }),
    );
    const least = ScalableTargets[0]?.MinCapacity;
    await ecs.send(new UpdateServiceCommand({ cluster: clusterName, service, desiredCount: least }));
    await until(async () => (await world.see.healthyTargets(slot)) === least);
    return least;
  };

  const retreats = async () => {
    const { stdout } = await world.pulumi("config", "get", "release");
    // The release as the tools wrote it.
    return (JSON.parse(stdout) as { readonly retreats: readonly unknown[] }).retreats;
  };

  beforeAll(async () => {
    world = await aStack({
      speed: SPEED,
      rollout: {
        steps: [95, 100],
        bakeMinutes: 30,
        minRequests: 100,
        maxBlindSpots: [0.2],
        metricLagSeconds: 120,
      },
      // The comparison is to be in doubt before the alarm ends the release.
      thresholds: { maxErrorRate: 0.5 },
    });
    clock = await localClock(world.endpoint.url);
    ecs = new ECSClient(world.see.sdk);
    scaling = new ApplicationAutoScalingClient(world.see.sdk);
    fault = join(world.place.directory, "fault");
    await deploy("1", `${MODEL} room ${ROOM}`);
    const { clusterName, slots } = await world.see.outputs();
    // As scaling has done for the users of the morning.
    const service = slots.blue.running?.serviceName;
    await ecs.send(new UpdateServiceCommand({ cluster: clusterName, service, desiredCount: TASKS }));
    await until(async () => (await world.see.healthyTargets("blue")) === TASKS);
    users = world.users(600);
  }, LONG);
  afterAll(async () => {
    ecs.destroy();
    scaling.destroy();
    await rm(fault, { force: true });
    await world.close();
  }, LONG);

  it(
    "a retreat loses no request but those that the candidate itself failed",
    async () => {
      await deploy("2", `${MODEL} fails ${fault}`);
      const verb = world.start("rollout", "--skip-tests", "--json");
      await until(async () => (await world.see.live()).green === 95);
      expect(await scaleIn("blue")).toBe(TASKS);
      await writeFile(fault, "");
      await until(async () => (await world.see.live()).green === 0);
      await until(async () => (await retreats()).length > 0);
      const backMs = clock.now();
      await until(async () => clock.now() - backMs > 3 * 60_000);
      await verb.kill9();
      await users.leave();
      // What it had started ends by itself, and on a busy machine not at once.
      await until(async () => {
        await world.see.live();
        return !verb.isAlive();
      });

      expect(await retreats()).toEqual([expect.objectContaining({ from: 95 })]);
      const failures = users.failures();
      expect(failures.length).toBeGreaterThan(0);
      expect(failures.filter(({ version, status }) => version !== "2" || status !== 500)).toEqual([]);
      const since = users.answers().slice(-1_000);
      expect(since.filter(({ version }) => version === "1").length).toBeGreaterThan(900);
    },
    LONG,
  );
});
