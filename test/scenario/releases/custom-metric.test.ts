import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, type World } from "../support/world.ts";

const LONG = 240_000;
const SPEED = process.env["BLUEGREEN_ENGINE"] === "cli" ? 15 : 30;

/** As docs/decision.md has it. */
const UNSURE = { name: "unsure", namespace: "Digits", metricName: "Unsure", dimensions: { Slot: "{slot}" } };
const REFUSED = {
  name: "refused",
  namespace: "AWS/ApplicationELB",
  metricName: "HTTPCode_Target_4XX_Count",
  dimensions: { TargetGroup: "{targetGroup}", LoadBalancer: "{loadBalancer}" },
};

describe("given a model that counts the answers that it is not sure of, by the slot that it is told", () => {
  let world: World;

  beforeAll(async () => {
    world = await aStack({
      speed: SPEED,
      rollout: {
        steps: [10, 100],
        minRequests: 100,
        maxBlindSpots: [0.2],
        customMetrics: [UNSURE, REFUSED],
      },
    });
    await world.deploy("digits:2", "2");
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "a release that answers everything with 200, in time and mostly wrong, is rolled back for that count alone",
    async () => {
      const deployed = await world.deploy("digits:2-preprocessing-mismatch", "2-mismatch");
      expect(deployed.exitCode).toBe(0);
      const users = world.users(600);
      const release = await world.rollout("--skip-tests");
      await users.leave();
      expect(release).toMatchObject({ exitCode: 20, result: "rolledBack" });
      expect(release.sentence).toMatch(/unsure: \d+ of \d+ requests .*, 0 of \d+ requests/);
      expect(users.failures()).toEqual([]);
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
    },
    LONG,
  );

  it("its container was told slot, stack, version and release, and a task definition has no trace of who is active", async () => {
    const told = await world.see.environment("green");
    expect(told).toEqual({
      AWS_EMF_ENVIRONMENT: "Local",
      MODEL_VERSION: "2-mismatch",
      PORT: "8080",
      RELEASE: expect.stringMatching(/^v2-mismatch-g\d+$/),
      SLOT: "green",
      STACK: "local",
    });
  });
});
