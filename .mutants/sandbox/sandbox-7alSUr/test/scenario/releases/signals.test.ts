import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, type World } from "../support/world.ts";

const LONG = 240_000;
const SPEED = process.env["BLUEGREEN_ENGINE"] === "cli" ? 15 : 30;

/** As docs/signals/signals.md has them. */
const UNSURE = { name: "unsure", source: { from: "log", numerator: "Unsure", denominator: "Classified" } };
const REFUSED = { name: "refused", source: { from: "log", numerator: "Refused", denominator: "Answers" } };
const CLIENTS = {
  name: "clients",
  source: {
    from: "cloudwatch",
    namespace: "AWS/ApplicationELB",
    numerator: "HTTPCode_Target_4XX_Count",
    denominator: "requests",
    dimensions: { TargetGroup: "{targetGroup}", LoadBalancer: "{loadBalancer}" },
  },
};
const SURENESS = { name: "sureness", kind: "scores", source: { from: "log", numerator: "Sureness" } };

describe("given a model that counts its answers in the embedded metric format, by the slot and the stack that it is told", () => {
  let world: World;

  beforeAll(async () => {
    world = await aStack({
      speed: SPEED,
      signals: [UNSURE, REFUSED, CLIENTS, SURENESS],
      rollout: { steps: [10, 100], minRequests: 100, maxBlindSpots: [0.2] },
    });
    await world.deploy("digits:2", "2");
  }, LONG);
  afterAll(() => world.close(), LONG);

  it.each([
    [
      "answers everything with 200, in time and mostly wrong, is rolled back because it is unsure of it",
      { image: "digits:2-preprocessing-mismatch", version: "2-mismatch" },
      /unsure: \d+ of \d+ classified .*, 0 of \d+ classified/i,
    ],
    [
      "answers a fifth with 200 and without a digit is rolled back because it refuses",
      { image: "digits:3-refusing", version: "3-refusing" },
      /refused: \d+ of \d+ answers .*, 0 of \d+ answers/i,
    ],
  ])(
    "a release that %s",
    async (_title, { image, version }, sentence) => {
      const deployed = await world.deploy(image, version);
      expect(deployed.exitCode).toBe(0);
      const users = world.users(600);
      const release = await world.rollout("--skip-tests");
      await users.leave();
      expect(release).toMatchObject({ exitCode: 20, result: "rolledBack" });
      expect(release.sentence).toMatch(sentence);
      expect(users.failures()).toEqual([]);
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
    },
    LONG,
  );

  it("its container was told slot, stack, version and release, and a task definition has no trace of who is active", async () => {
    const told = await world.see.environment("green");
    expect(told).toEqual({
      AWS_EMF_ENVIRONMENT: "Local",
      MODEL_VERSION: "3-refusing",
      PORT: "8080",
      RELEASE: expect.stringMatching(/^v3-refusing-g\d+$/),
      SLOT: "green",
      STACK: expect.stringMatching(/^[a-z-]+\/local$/),
    });
  });
});
