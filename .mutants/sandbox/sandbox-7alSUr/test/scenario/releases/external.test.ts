import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anOwner, type Owner, type Server } from "../support/owner.ts";
import type { Users } from "../support/users.ts";
import { aStack, type World } from "../support/world.ts";

/** A release takes some virtual minutes for each step, and a machine may be busy. */
const LONG = 600_000;
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

describe("given blue on ECS with 300 requests a minute, and an owner of servers who fills green", () => {
  let world: World;
  let owner: Owner;
  let users: Users;
  let second: readonly Server[];
  const external = (letter: string, version: string, ...flags: string[]) =>
    ["deploy", "--external", "--digest", digest(letter), "--model-version", version, ...flags] as const;
  const verdict = async (...args: string[]) => world.verdictOf(await world.run(...args, "--json"));
  beforeAll(async () => {
    world = await aStack({
      speed: 20,
      rollout: { steps: [10, 100], minRequests: 100, maxBlindSpots: [0.2] },
    });
    owner = anOwner(world);
  }, LONG);
  afterAll(async () => {
    await owner?.leave();
    await world.close();
  }, LONG);

  it(
    "deploy waits for as many healthy targets as were promised, in both target groups",
    async () => {
      expect(await world.deploy("digits:1", "1")).toMatchObject({ exitCode: 0, slot: "blue" });
      users = world.users(300);
      second = [await owner.start("--model", "2"), await owner.start("--model", "2")];
      const waiting = world.start(...external("2", "2", "--min-tasks", "2"), "--json");
      await waiting.saw("green: 0 of 2 targets healthy");
      const [one, other] = second;
      if (one === undefined || other === undefined) throw new Error("there are two servers");
      await owner.register("green", one);
      await waiting.saw("green: 1 of 2 targets healthy");
      await owner.register("green", other);
      const deployed = world.verdictOf(await waiting.ended);
      expect(deployed).toMatchObject({ exitCode: 0, slot: "green", healthyTasks: 2 });
      expect(deployed.sentence).toContain("2 targets");
      expect(await world.see.standing()).toMatchObject({
        live: { blue: 100, green: 0 },
        images: { blue: "digits:1", green: "external" },
      });
      // ECS has the tasks of blue alone.
      expect((await world.see.outputs()).slots.green.running?.serviceName).toBeUndefined();
      expect(await world.see.taskPids()).toHaveLength(1);
    },
    LONG,
  );

  it(
    "finds out how its servers are asked, tests them, and promotes them without one failed request",
    async () => {
      expect(await world.test()).toMatchObject({ exitCode: 0, outcome: "passed", slot: "green" });
      const rollout = await world.rollout();
      expect(rollout).toMatchObject({ exitCode: 0, result: "promoted" });
      expect(await world.see.live()).toEqual({ blue: 0, green: 100 });
      expect(await world.ask(20)).toEqual({ "2": 20 });
      expect(users.failures()).toEqual([]);
    },
    LONG,
  );

  it(
    "status says who fills which slot, and leaves out what ECS alone measures",
    async () => {
      const status = await world.run("status");
      expect(status.stdout).toContain("filled by something else: 2 healthy of 2 targets at least");
      expect(status.stdout).not.toContain("missing");
      expect(await verdict("logs", "green")).toMatchObject({ error: { code: "BG353" } });
    },
    LONG,
  );

  it(
    "revert goes back to the tasks of ECS, and an external slot is refilled and released again",
    async () => {
      expect(await world.revert("--reason", "a look at it")).toMatchObject({ exitCode: 0, to: "blue" });
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
      const third = await owner.start("--model", "2", "--version", "3");
      await owner.register("green", third);
      await owner.deregister("green", ...second);
      for (const server of second) await server.stop();
      expect(await verdict(...external("3", "3", "--min-tasks", "1"))).toMatchObject({
        exitCode: 0,
        healthyTasks: 1,
      });
      expect(await world.test()).toMatchObject({ exitCode: 0, outcome: "passed" });
      expect(await world.rollout()).toMatchObject({ exitCode: 0, result: "promoted" });
      expect(await world.ask(20)).toEqual({ "3": 20 });
      await users.leave();
      expect(users.failures()).toEqual([]);
      second = [third];
    },
    LONG,
  );

  it(
    "tasks of ECS are refused beside targets of others, and take the slot when these are gone",
    async () => {
      expect(await world.revert("--reason", "ECS again")).toMatchObject({ exitCode: 0, to: "blue" });
      const retired = await verdict("retire", "--give-up-standby");
      expect(retired).toMatchObject({ exitCode: 10, slot: "green", tasks: 1 });
      expect(retired.sentence).toContain("whoever registered them must remove them");
      const onEcs = ["deploy", "digits:2", "--model-version", "2", "--min-tasks", "1"];
      expect(await verdict(...onEcs)).toMatchObject({ error: { code: "BG352" } });
      await owner.deregister("green", ...second);
      expect(await verdict(...onEcs)).toMatchObject({ exitCode: 0, slot: "green" });
      expect(await world.see.taskPids("green")).toHaveLength(1);
      expect(await world.see.healthyTargets("green")).toBe(1);
    },
    LONG,
  );
});
