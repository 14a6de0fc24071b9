import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, type World } from "../support/world.ts";
import type { Users } from "../support/users.ts";

const LONG = 900_000;
const EVERYONE = 4;
/** With 20 % headroom: what 10, 25, 50 and 100 % of the users of four tasks need. */
const STEPS = [
  { share: 10, tasks: 1 },
  { share: 25, tasks: 2 },
  { share: 50, tasks: 3 },
  { share: 100, tasks: 4 },
] as const;

describe("given users on four tasks of digits:1, and a candidate whose tasks follow its share", () => {
  let world: World;
  let users: Users;
  beforeAll(async () => {
    world = await aStack({
      speed: 20,
      rollout: { steps: STEPS.map(({ share }) => share), capacity: "share", warmSeconds: 0 },
      blue: { image: "digits:1", modelVersion: "1", minTasks: EVERYONE },
    });
    users = world.users(120);
  }, LONG);
  afterAll(() => world.close(), LONG);

  const healthy = () => Promise.all([world.see.healthyTargets("blue"), world.see.healthyTargets("green")]);

  /** One turn of a rollout, until the candidate has its next share. */
  const advance = () => world.rollout("--one-step", "--skip-tests");

  it(
    "has the tasks of a share before its users, and gives them back whole from every one",
    async () => {
      for (const { share: last, tasks } of STEPS) {
        expect(await world.deploy("digits:2", "2")).toMatchObject({ exitCode: 0, slot: "green" });
        for (const { share } of STEPS.filter((step) => step.share <= last)) {
          expect(await advance()).toMatchObject({ exitCode: 0 });
          expect((await world.see.standing()).live.green).toBe(share);
        }
        expect(await healthy()).toEqual([EVERYONE, tasks]);
        const back = await world.revert("--reason", `from ${last} %`);
        expect(back).toMatchObject({ exitCode: 0, to: "blue" });
        expect(await healthy()).toEqual([EVERYONE, tasks]);
        expect(users.failures()).toEqual([]);
      }
    },
    LONG,
  );

  it(
    "is promoted with everyone's tasks, and the former model stands by with all of its own",
    async () => {
      expect(await world.deploy("digits:3", "3")).toMatchObject({ exitCode: 0, slot: "green" });
      const released = await world.rollout("--skip-tests");
      expect(released).toMatchObject({ exitCode: 0, result: "promoted" });
      // Tasks and users move in different updates, and the former model's tasks are gone before the first users.
      const updates = released.stderr.split("\n").filter((line) => line.startsWith("applying: "));
      expect(updates.filter((line) => !line.includes("again, after"))).toEqual([
        expect.stringContaining("scaling may give green up to 4 tasks again before it gets 10 %, after 1"),
        expect.stringContaining("starts at 10 %"),
        expect.stringContaining("green gets 2 tasks before it gets 25 %, after 1"),
        expect.stringContaining("advances to 25 %"),
        expect.stringContaining("green gets 3 tasks before it gets 50 %, after 2"),
        expect.stringContaining("advances to 50 %"),
        expect.stringContaining("green gets 4 tasks before it gets 100 %, after 3"),
        expect.stringContaining("advances to 100 %"),
        expect.stringContaining("is promoted"),
      ]);
      expect(await healthy()).toEqual([EVERYONE, EVERYONE]);
      const back = await world.revert("--reason", "after all");
      expect(back).toMatchObject({ exitCode: 0, to: "blue" });
      await users.leave();
      expect(users.failures()).toEqual([]);
      expect(users.answers().length).toBeGreaterThan(500);
    },
    LONG,
  );
});
