import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Role } from "../../contract/aws-calls.ts";
import { aStack, type World } from "./support/world.ts";

const LONG = 120_000;
const ROLE = "BLUEGREEN_LOCAL_ROLE";

describe("given a cloud in which every call needs a right of its role", () => {
  let world: World;
  beforeAll(async () => {
    world = await aStack({
      speed: 60,
      cloud: ["--authorize"],
      rollout: { keepStandbyHours: 0 },
      blue: { image: "digits:1", modelVersion: "1" },
    });
  }, LONG);
  afterAll(() => world.close(), LONG);
  afterEach(() => {
    delete process.env[ROLE];
  });

  const as = (role: Role) => {
    process.env[ROLE] = role;
  };
  /** A verb that nothing was denied to. */
  const done = async (...args: string[]) => {
    const ran = await world.run(...args, "--json");
    const said = `${ran.stdout}${ran.stderr}`;
    expect(said).not.toContain("not authorized");
    expect([args[0], ran.exitCode, said]).toEqual([args[0], 0, said]);
  };

  it(
    "deploy, test and a rollout to its promotion have the rights that they need",
    async () => {
      world.users(600);
      await done("deploy", "digits:2", "--model-version", "2");
      await done("test");
      await done("rollout");
      expect(await world.see.standing()).toMatchObject({ activeSlot: "green", releaseState: "promoted" });
    },
    LONG,
  );

  it(
    "a preview may look at everything, and write nothing: its revert is refused and changes no weight",
    async () => {
      as("preview");
      await done("status");
      await done("history");
      const refused = await world.revert();
      expect(refused.exitCode).toBe(70);
      expect(refused.stderr).toContain("not authorized to perform: elasticloadbalancing:ModifyRule");
      expect((await world.see.live()).green).toBe(100);
    },
    LONG,
  );

  it(
    "a revert has the rights that it needs, with nothing known but the route's tags",
    async () => {
      as("revert");
      await done("revert", "--wait");
      expect(await world.see.standing()).toMatchObject({ activeSlot: "blue", live: { blue: 100 } });
    },
    LONG,
  );

  it(
    "retire, tasks brought back by hand and sync have the rights that they need",
    async () => {
      await done("retire", "--give-up-standby");
      await world.pulumi("config", "set", "--path", "green.minTasks", "1");
      await world.pulumi("up", "--yes", "--skip-preview");
      await done("sync");
    },
    LONG,
  );
});
