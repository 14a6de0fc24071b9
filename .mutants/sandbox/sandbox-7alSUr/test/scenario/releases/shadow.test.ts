import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filesWith } from "../support/files-with.ts";
import { aStack, type World } from "../support/world.ts";

const LONG = 300_000;
const SPEED = process.env["BLUEGREEN_ENGINE"] === "cli" ? 15 : 30;
const OTHER_TOKEN = "abcdefghij0123456789abcdefghij0123456789";

/** A clock that runs faster needs lines, and a look for a candidate, more often than each minute. */
const AGENT = {
  everySeconds: 1,
  front: {},
  shadow: { paths: ["/predict"], sample: 20, restSeconds: 1, prediction: ["/prediction"] },
};

describe("given a model whose agent shadows it, users, and a policy that wants a shadow before the first of them", () => {
  let world: World;
  let users: ReturnType<World["users"]>;
  beforeAll(async () => {
    world = await aStack({
      speed: SPEED,
      service: { agent: AGENT },
      rollout: { shadow: { pairs: 150, action: "hold" } },
    });
    const { exitCode, sentence } = await world.deploy("digits:2", "2");
    if (exitCode !== 0) throw new Error(sentence);
    users = world.users(120);
  }, LONG);
  afterAll(() => world.close(), LONG);

  const token = async () => (await world.pulumi("config", "get", "testToken")).stdout.trim();

  it(
    "another test token touches no task of it, and none stands anywhere in clear",
    async () => {
      const before = await world.see.taskPids("blue");
      const first = await token();
      await world.pulumi("config", "set", "--secret", "testToken", `${OTHER_TOKEN},${first}`);
      await world.pulumi("up", "--yes", "--skip-preview");
      expect(await world.see.taskPids("blue")).toEqual(before);
      expect(await filesWith(world.place.directory, first)).toEqual([]);
      expect(await filesWith(world.place.directory, OTHER_TOKEN)).toEqual([]);
    },
    LONG,
  );

  it(
    "a candidate that answers 200, and mostly otherwise, gets none of them, and that is said with its numbers",
    async () => {
      expect(await world.deploy("digits:2-preprocessing-mismatch", "2-mismatch")).toMatchObject({
        exitCode: 0,
      });
      const rollout = world.start("rollout", "--skip-tests", "--json");
      await rollout.saw("it differs more than the active model from itself");
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
      const status = await world.run("status");
      expect(status.stdout).toMatch(
        /shadow: green answers [\d.]+ % of \d+ requests otherwise than blue, blue itself 0 %/,
      );
      await rollout.kill9();
      expect((await rollout.ended).stderr).toMatch(
        /green at 0 %: not ready for users: shadow: green answers/,
      );
      expect(users.answers().some(({ version }) => version === "2-mismatch")).toBe(false);
    },
    LONG,
  );

  it(
    "one that answers alike gets them, and of the users' own requests none failed",
    async () => {
      expect(await world.deploy("digits:3", "3")).toMatchObject({ exitCode: 0, slot: "green" });
      const { exitCode, result, stderr } = await world.rollout("--skip-tests");
      expect({ exitCode, result }).toEqual({ exitCode: 0, result: "promoted" });
      expect(stderr).toMatch(
        /shadow: green answers 0 % of \d+ requests otherwise than blue, blue itself 0 %/,
      );
      await users.leave();
      expect(users.answers().some(({ version }) => version === "3")).toBe(true);
      expect(users.failures()).toEqual([]);
      expect(await filesWith(world.place.directory, OTHER_TOKEN)).toEqual([]);
    },
    LONG,
  );
});
