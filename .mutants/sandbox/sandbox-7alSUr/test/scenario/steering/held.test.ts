import { ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, type World } from "../support/world.ts";

const LONG = 240_000;

describe("given users whom scaling has given more tasks than the model's own", () => {
  let world: World;
  let ecs: ECSClient;
  let own: number | undefined;
  const leastTasks = async () => {
    const { blue, green } = (await world.see.outputs()).slots;
    return { blue: blue.running?.minTasks, green: green.running?.minTasks };
  };

  beforeAll(async () => {
    world = await aStack({ speed: 60, rollout: { steps: [50, 100], minRequests: 20, maxBlindSpots: [0.5] } });
    ecs = new ECSClient(world.see.sdk);
    await world.deploy("digits:1", "1");
    world.users(120);
    const { clusterName, slots } = await world.see.outputs();
    const service = slots.blue.running?.serviceName;
    own = slots.blue.running?.minTasks;
    await ecs.send(new UpdateServiceCommand({ cluster: clusterName, service, desiredCount: 3 }));
  }, LONG);
  afterAll(async () => {
    ecs.destroy();
    await world.close();
  }, LONG);

  it(
    "their slot keeps that number while a release is open, and both slots have their own again after it",
    async () => {
      await world.deploy("digits:2", "2");
      expect(await leastTasks()).toEqual({ blue: 3, green: 3 });
      const done = await world.run("rollout", "--skip-tests");
      expect(done.exitCode).toBe(0);
      expect(await leastTasks()).toEqual({ blue: own, green: own });
    },
    LONG,
  );
});
