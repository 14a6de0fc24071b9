import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, type World } from "../support/world.ts";
import type { Users } from "../support/users.ts";

/** A release takes some virtual minutes for each step, and a machine may be busy. */
const LONG = 240_000;

describe("given 200 requests a minute on digits:1 and a good release of digits:2 before a bad one", () => {
  let world: World;
  let users: Users;
  beforeAll(async () => {
    world = await aStack({
      speed: 50,
      rollout: { steps: [10, 100], minRequests: 100, maxBlindSpots: [0.2] },
    });
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "the first model of a stack gets all users as soon as it is healthy",
    async () => {
      const first = await world.deploy("digits:1", "1");
      expect(first).toMatchObject({ exitCode: 0, slot: "blue" });
      expect(await world.see.standing()).toMatchObject({ activeSlot: "blue", releaseState: "promoted" });
      expect(await world.ask(10)).toEqual({ "1": 10 });
    },
    LONG,
  );

  it(
    "deploy puts it onto the idle slot, where it has no users",
    async () => {
      expect(await world.deploy("digits:2", "2")).toMatchObject({ exitCode: 0, slot: "green" });
      expect(await world.see.standing()).toMatchObject({
        activeSlot: "blue",
        live: { blue: 100, green: 0 },
        releaseState: "deployed",
      });
      expect(await world.ask(50)).toEqual({ "1": 50 });
      users = world.users(200);
    },
    LONG,
  );

  it(
    "rollout refuses it before its pre-traffic tests, which it passes",
    async () => {
      expect(await world.rollout()).toMatchObject({ exitCode: 10, error: { code: "BG182" } });
      expect(await world.test()).toMatchObject({ exitCode: 0, outcome: "passed", slot: "green" });
    },
    LONG,
  );

  it(
    "rollout promotes it, and no user sees a failure",
    async () => {
      expect(await world.rollout()).toMatchObject({ exitCode: 0, result: "promoted" });
      expect(await world.see.standing()).toEqual({
        activeSlot: "green",
        shifted: { blue: 0, green: 0 },
        live: { blue: 0, green: 100 },
        releaseState: "promoted",
        images: { blue: "digits:1", green: "digits:2" },
      });
      expect(users.failures()).toEqual([]);
    },
    LONG,
  );

  it(
    "leaves the former model as a warm standby, to which revert takes everyone",
    async () => {
      expect(await world.see.healthyTargets("blue")).toBe(1);
      const back = await world.revert("--reason", "the numbers look odd");
      expect(back).toMatchObject({ exitCode: 0, to: "blue" });
      expect(await world.see.standing()).toMatchObject({
        activeSlot: "blue",
        live: { blue: 100, green: 0 },
        releaseState: "rolledBack",
      });
      expect(users.failures()).toEqual([]);
      expect(await world.ask(10)).toEqual({ "1": 10 });
    },
    LONG,
  );

  it("the update history tells the story", async () => {
    const history = await world.see.history();
    const messages = history.map(({ message }) => message).filter((message) => message !== "");
    // The local cloud's tags are deployed with the digest of what they stand for.
    expect(messages.toReversed().map((message) => message.replace(/@sha256:[0-9a-f]{64}/, ""))).toEqual([
      "bluegreen: 1 (digits:1) onto blue",
      "bluegreen: release v1-g1 is the stack's first and is promoted; blue is asked as bluegreen",
      "bluegreen: 2 (digits:2) onto green",
      "bluegreen: green is asked as bluegreen",
      "bluegreen: release v2-g3: pre-traffic tests passed",
      "bluegreen: release v2-g3 starts at 10 %",
      "bluegreen: release v2-g3 advances to 100 %",
      "bluegreen: release v2-g3 is promoted",
      "bluegreen: everyone to blue: the numbers look odd",
    ]);
    const [, release] =
      Object.entries(history[0]?.config ?? {}).find(([key]) => key.endsWith(":release")) ?? [];
    expect(release?.objectValue).toMatchObject({
      state: "rolledBack",
      reason: "the numbers look odd",
    });
  });

  it(
    "rolls the next one back, in which one request in five fails, and nobody else sees a failure",
    async () => {
      await world.deploy("digits:3-flaky", "3");
      expect(await world.rollout("--skip-tests")).toMatchObject({ exitCode: 20, result: "rolledBack" });
      expect(await world.see.standing()).toMatchObject({
        activeSlot: "blue",
        live: { blue: 100, green: 0 },
        releaseState: "rolledBack",
      });
      await users.leave();
      expect(new Set(users.failures().map(({ version }) => version))).toEqual(new Set(["3"]));
      expect(users.answers().at(-1)?.version).toBe("1");
    },
    LONG,
  );
});
