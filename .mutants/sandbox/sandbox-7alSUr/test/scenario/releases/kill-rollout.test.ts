import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isRouteUpdate, type Gate } from "../support/gate.ts";
import { ended, killAndRunAgain, type Phase } from "../support/killed.ts";
import type { Users } from "../support/users.ts";
import { aStack, type World } from "../support/world.ts";

const LONG = 120_000;

describe("a rollout that is killed with SIGKILL and started again promotes its release as if nothing had been,", () => {
  let world: World;
  let gate: Gate;
  let users: Users;
  beforeAll(async () => {
    world = await aStack({
      speed: 120,
      rollout: { steps: [100] },
      blue: { image: "digits:1", modelVersion: "1" },
    });
    gate = await world.gate();
    users = world.users(30);
  }, LONG);
  afterAll(() => world.close(), LONG);

  const phases: readonly Phase[] = [
    {
      name: "before the first share is applied",
      comes: (rollout) => rollout.saw("applying: bluegreen: release"),
      live: 0,
      deployed: 0,
    },
    {
      name: "during an update, after the route changed and before the state is saved",
      comes: () => gate.swallow("answer", isRouteUpdate),
      live: 100,
      deployed: 0,
    },
    {
      name: "while baking",
      comes: (rollout) => rollout.saw("at 100 %: not enough evidence"),
      live: 100,
      deployed: 100,
    },
    {
      name: "while promoting",
      comes: async (rollout) => {
        await rollout.saw("live: ");
        await gate.swallow("answer", isRouteUpdate);
      },
      live: 100,
      deployed: 100,
    },
  ];

  // `npm run test:stories` has all of them, `npm test` the one in which the cloud is ahead of the state.
  const isLong = process.env["STORIES"] === "long";
  it.each(phases.filter(({ live, deployed }) => isLong || live !== deployed))(
    "killed $name",
    async (phase) => {
      const { candidate, again } = await killAndRunAgain(world, "digits:2", phase);
      expect(again).toMatchObject({ exitCode: 0, result: "promoted" });
      expect(await world.see.standing()).toMatchObject(ended(candidate, "promoted"));
      expect(users.failures()).toEqual([]);
    },
    LONG,
  );
});
