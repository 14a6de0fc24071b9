import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, until, type World } from "../support/world.ts";

const LONG = 400_000;
const SPEED = process.env["BLUEGREEN_ENGINE"] === "cli" ? 15 : 30;
const VIRTUAL_MINUTE_MS = 60_000 / SPEED;

describe.each([
  ["one datapoint in twenty is three minutes late", "late=0.05:180"],
  ["one datapoint in twenty shows half of its value first", "revised=0.05:0.5:180"],
  [
    "one count of good answers in twenty comes four minutes after its requests",
    "HTTPCode_Target_2XX_Count=0.05:240",
  ],
] as const)("where %s", (_world, points) => {
  let world: World;

  beforeAll(async () => {
    world = await aStack({
      speed: SPEED,
      cloud: ["--late-points", points],
      rollout: {
        steps: [50, 100],
        bakeMinutes: 12,
        minRequests: 100,
        maxBlindSpots: [0.2],
        metricLagSeconds: 120,
      },
      blue: { image: "digits:1", modelVersion: "1" },
    });
  }, LONG);
  afterAll(() => world.close(), LONG);

  const retreats = async () => {
    const { stdout } = await world.pulumi("config", "get", "release");
    // The release as the tools wrote it.
    return (JSON.parse(stdout) as { readonly retreats: readonly unknown[] }).retreats;
  };

  it(
    "a good model is promoted, and its users are never given back",
    async () => {
      await world.deploy("digits:2", "2");
      const users = world.users(600);
      expect(await world.rollout("--skip-tests")).toMatchObject({ exitCode: 0, result: "promoted" });
      await users.leave();
      expect(await retreats()).toEqual([]);
      expect(users.failures()).toEqual([]);
    },
    LONG,
  );

  it(
    "one that fails a fifth of its requests loses its users",
    async () => {
      await world.deploy("digits:3-flaky", "3");
      const users = world.users(600);
      const verb = world.start("rollout", "--skip-tests", "--json");
      await until(async () => ((await world.see.live())?.blue ?? 0) > 0);
      const sinceMs = Date.now();
      await until(async () => (await world.see.live())?.blue === 0);
      const minutes = (Date.now() - sinceMs) / VIRTUAL_MINUTE_MS;
      const { exitCode } = world.verdictOf(await verb.ended);
      await users.leave();
      // Three minutes of failures, of which the last counts when it is final.
      expect(minutes).toBeLessThan(9);
      // Rolled back, or given back so often that it waits for a person without users.
      expect([10, 20]).toContain(exitCode);
      expect((await world.see.live()).blue).toBe(0);
    },
    LONG,
  );
});
