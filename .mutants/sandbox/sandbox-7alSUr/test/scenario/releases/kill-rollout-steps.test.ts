import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isRouteUpdate, type Gate } from "../support/gate.ts";
import { ended, killAndRunAgain } from "../support/killed.ts";
import type { Users } from "../support/users.ts";
import { aStack, type World } from "../support/world.ts";

const LONG = 120_000;

describe("given a rollout in two steps", () => {
  let world: World;
  let gate: Gate;
  let users: Users;
  beforeAll(async () => {
    world = await aStack({ speed: 120, blue: { image: "digits:1", modelVersion: "1" } });
    gate = await world.gate();
    users = world.users(60);
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "killed while it advances, with the lock in its hands, and started again, it promotes the release",
    async () => {
      const { candidate, again } = await killAndRunAgain(world, "digits:2", {
        name: "while advancing",
        comes: async (rollout) => {
          await rollout.saw("live: ");
          await gate.swallow("call", isRouteUpdate);
        },
        live: 50,
        deployed: 50,
      });
      expect(again).toMatchObject({ exitCode: 0, result: "promoted" });
      expect(again.stderr).toMatch(/cancelling the update of .*: its process is gone/);
      expect(await world.see.standing()).toMatchObject(ended(candidate, "promoted"));
      expect(users.failures()).toEqual([]);
    },
    LONG,
  );

  it(
    "killed between the emergency write and Pulumi's update, and started again, it has rolled the release back",
    async () => {
      const { active, again } = await killAndRunAgain(world, "digits:3-flaky", {
        name: "while rolling back",
        comes: (rollout) => rollout.saw("all traffic is on "),
        live: 0,
        deployed: 50,
      });
      expect(again).toMatchObject({ exitCode: 20, result: "rolledBack" });
      expect(await world.see.standing()).toMatchObject(ended(active, "rolledBack"));
    },
    LONG,
  );
});
