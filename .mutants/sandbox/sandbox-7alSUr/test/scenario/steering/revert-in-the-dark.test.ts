import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringInto } from "../../kill/given.ts";
import { bringStateBack, garbleState } from "../support/dark.ts";
import { isCloudWatch, type Gate } from "../support/gate.ts";
import type { Users } from "../support/users.ts";
import { startVerb } from "../support/verb.ts";
import { aStack, type World } from "../support/world.ts";

const LONG = 240_000;
const NO_ENGINE = join(import.meta.dirname, "../support/no-engine.ts");

describe("given a running release, a state that is garbage, no engine, and a CloudWatch that answers errors", () => {
  let world: World;
  let gate: Gate;
  let users: Users;
  beforeAll(async () => {
    world = await aStack({
      speed: 60,
      blue: { image: "digits:1", modelVersion: "1" },
      green: { image: "digits:2", modelVersion: "2" },
    });
    gate = await world.gate();
    await bringInto(world, { greenWeight: 50, release: {} });
    users = world.users(60);
    gate.fail(isCloudWatch);
    await garbleState(world);
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "revert puts all traffic back, and says that the state is pending",
    async () => {
      const args = ["revert", "--reason", "it is dark", "--json"];
      const reverted = world.verdictOf(await startVerb(world.place, args, ["--import", NO_ENGINE]).ended);
      expect(reverted).toMatchObject({ exitCode: 20, to: "blue", pulumi: "pending", before: { green: 50 } });
      expect(reverted.sentence).toMatch(/^all users are back after [\d.]+ s on blue; state pending: /);
      expect(reverted.sentence).toContain("there is no");
    },
    LONG,
  );

  it(
    "another revert, with the engine back and the state still garbage, leaves them there and says the same",
    async () => {
      expect(await world.revert()).toMatchObject({ exitCode: 20, to: "blue", pulumi: "pending" });
    },
    LONG,
  );

  it(
    "once the state is back, the next step completes it, and nobody has lost a request",
    async () => {
      await bringStateBack(world);
      const everyone = { blue: 100, green: 0 };
      expect(await world.see.standing()).toMatchObject({ live: everyone, shifted: { green: 50 } });
      const completed = world.verdictOf(await world.run("step", "--json"));
      expect(completed).toMatchObject({ exitCode: 20, situation: "reverted", split: everyone });
      expect(await world.see.standing()).toMatchObject({
        activeSlot: "blue",
        live: everyone,
        shifted: { blue: 0, green: 0 },
        releaseState: "rolledBack",
      });
      expect(users.failures()).toEqual([]);
    },
    LONG,
  );
});
