import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, type World } from "../support/world.ts";

const LONG = 240_000;

describe("given a fresh local machine, where nobody asks the model", () => {
  let world: World;
  beforeAll(async () => {
    world = await aStack({
      speed: 60,
      blue: { image: "digits:1", modelVersion: "1" },
      rollout: { minRequests: 200 },
    });
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "`local --traffic` beside the running cloud sends what a rollout waits for, until it is stopped",
    async () => {
      const traffic = world.start("local", "--traffic", "600");
      await traffic.saw("traffic: 600 requests a minute of the golden set to http://127.0.0.1:");
      await world.deploy("digits:2", "2");
      expect(await world.rollout("--skip-tests")).toMatchObject({ exitCode: 0, result: "promoted" });
      process.kill(traffic.pid, "SIGTERM");
      const { exitCode, stderr } = await traffic.ended;
      expect(exitCode).toBe(0);
      const [, sent = ""] = /traffic: (\d+) requests sent, 0 not answered well/.exec(stderr) ?? [];
      expect(Number(sent)).toBeGreaterThan(200);
    },
    LONG,
  );
});
