import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sendLateLabels } from "../support/late-labels.ts";
import { aStack, type World } from "../support/world.ts";

const LONG = 400_000;
const SPEED = 30;
const LATE_MINUTES = 10;

describe("given a stack whose users tell ten minutes later what was right, by the ids of their requests", () => {
  let world: World;

  beforeAll(async () => {
    world = await aStack({
      speed: SPEED,
      rollout: { bakeMinutes: 20, minRequests: 100 },
      signals: [{ name: "wrong", source: { from: "labels", labelAfterMinutes: LATE_MINUTES + 5 } }],
      blue: { image: "digits:2", modelVersion: "2" },
    });
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "a release that answers everything with 200 and mixes up two classes is rolled back for its labels alone",
    async () => {
      await world.deploy("digits:3-classes-swapped", "3");
      const users = world.users(300);
      const labels = sendLateLabels(world, users, LATE_MINUTES, SPEED);
      const release = await world.rollout("--skip-tests");
      await users.leave();
      await labels.stop();
      expect(release.sentence).toMatch(/wrong/);
      expect(release).toMatchObject({ exitCode: 20, result: "rolledBack" });
      expect(users.failures()).toEqual([]);
      expect(labels.taken()).toBeGreaterThan(100);
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
    },
    LONG,
  );

  it(
    "a good release is promoted, with its labels counted",
    async () => {
      await world.deploy("digits:3", "3");
      const users = world.users(300);
      const labels = sendLateLabels(world, users, LATE_MINUTES, SPEED);
      const release = await world.rollout("--skip-tests");
      await users.leave();
      await labels.stop();
      expect(release).toMatchObject({ exitCode: 0, result: "promoted" });
      expect(release.sentence).toMatch(/; v3 is promoted; [\d,]+ labels of the split so far; /);
    },
    LONG,
  );
});
