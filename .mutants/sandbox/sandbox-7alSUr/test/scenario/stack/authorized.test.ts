import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Role } from "../../../contract/iam/aws-calls.ts";
import { aStack, type World } from "../support/world.ts";

const LONG = 240_000;
const ROLE = "BLUEGREEN_LOCAL_ROLE";

describe("given a cloud in which every call needs a permission of its role", () => {
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
  /** How a verb ended, and what was denied to it. */
  const ran = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await world.run(...args, "--json");
    return [args[0], exitCode, /not authorized.*/.exec(`${stdout}${stderr}`)?.[0]];
  };

  it(
    "deploy, test and a rollout to its promotion have the permissions that they need",
    async () => {
      world.users(600);
      expect(await ran("deploy", "digits:2", "--model-version", "2")).toEqual(["deploy", 0, undefined]);
      expect(await ran("test")).toEqual(["test", 0, undefined]);
      expect(await ran("rollout")).toEqual(["rollout", 0, undefined]);
      expect(await world.see.standing()).toMatchObject({ activeSlot: "green", releaseState: "promoted" });
    },
    LONG,
  );

  it(
    "a preview may look at everything, and write nothing: its revert is refused and changes no weight",
    async () => {
      as("preview");
      expect(await ran("status")).toEqual(["status", 0, undefined]);
      expect(await ran("history")).toEqual(["history", 0, undefined]);
      const refused = await world.revert();
      expect(refused).toMatchObject({ exitCode: 64, error: { code: "BG190" } });
      expect(refused.stderr).toContain("not authorized to perform: elasticloadbalancing:ModifyRule");
      expect((await world.see.live()).green).toBe(100);
    },
    LONG,
  );

  it(
    "a revert has the permissions that it needs, with nothing known but the route's tags",
    async () => {
      as("revert");
      expect(await ran("revert", "--wait")).toEqual(["revert", 0, undefined]);
      expect(await world.see.standing()).toMatchObject({ activeSlot: "blue", live: { blue: 100 } });
    },
    LONG,
  );

  it(
    "retire, tasks brought back manually and sync have the permissions that they need",
    async () => {
      expect(await ran("retire", "--give-up-standby")).toEqual(["retire", 0, undefined]);
      await world.pulumi("config", "set", "--path", "green.minTasks", "1");
      await world.pulumi("up", "--yes", "--skip-preview");
      expect(await ran("sync")).toEqual(["sync", 0, undefined]);
    },
    LONG,
  );
});
