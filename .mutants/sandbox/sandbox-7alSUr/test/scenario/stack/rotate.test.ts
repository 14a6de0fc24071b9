import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, until, type World } from "../support/world.ts";

const LONG = 300_000;
const OLD = "correct-horse-battery-staple-4711";
const NEW = "another-secret-4712";
/** It stands for AWS's own state, which shows a task definition's environment to whoever may describe it. */
const OF_THE_CLOUD = "cloud.json";

async function filesWith(directory: string, text: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((one) => one.isFile() && one.name !== OF_THE_CLOUD)
    .map((one) => join(one.parentPath, one.name));
  const texts = await Promise.all(paths.map((path) => readFile(path, "latin1")));
  return paths.filter((_, index) => texts[index]?.includes(text));
}

describe("given two models that run with a secret of service, and users on one of them", () => {
  let world: World;
  let users: ReturnType<World["users"]>;
  const up = () => world.pulumi("up", "--yes", "--skip-preview");
  const setSecret = (value: string, key = "service.environment.API_KEY") =>
    world.pulumi("config", "set", "--path", "--secret", key, value);
  const keyOf = async (slot: "blue" | "green") => (await world.see.environment(slot))["API_KEY"];
  const pids = async () => [await world.see.taskPids("blue"), await world.see.taskPids("green")] as const;
  const rotate = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await world.run("rotate", ...args, "--json");
    for (const secret of [OLD, NEW]) expect(stdout + stderr).not.toContain(secret);
    return { exitCode, stdout, stderr };
  };
  /** Requests come in while it is looked. */
  const seen = async (more: number) => {
    const before = users.answers().length;
    await until(
      async () => (await world.see.healthyTargets("green")) >= 0 && users.answers().length > before + more,
    );
  };

  beforeAll(async () => {
    world = await aStack({ speed: 30 });
    await setSecret(OLD);
    await up();
    for (const [image, version] of [
      ["digits:1", "1"],
      ["digits:2", "2"],
    ] as const) {
      const { exitCode, sentence } = await world.deploy(image, version);
      if (exitCode !== 0) throw new Error(sentence);
    }
    await world.pulumi("config", "set", "activeSlot", "green");
    await up();
    users = world.users(600);
    await seen(20);
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "another value of the secret touches neither of them",
    async () => {
      const before = await pids();
      await setSecret(NEW);
      expect(await rotate()).toMatchObject({ exitCode: 64, stderr: expect.stringContaining("BG274") });
      await up();
      expect(await pids()).toEqual(before);
      expect([await keyOf("blue"), await keyOf("green")]).toEqual([OLD, OLD]);
    },
    LONG,
  );

  it(
    "rotate gives it to both, with new tasks, while no request fails",
    async () => {
      const before = await pids();
      const { exitCode, stdout } = await rotate();
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        rotated: [
          { slot: "blue", renewed: ["blue.service.environment.API_KEY"], healthyTasks: 1 },
          { slot: "green", renewed: ["green.service.environment.API_KEY"], healthyTasks: 1 },
        ],
      });
      expect([await keyOf("blue"), await keyOf("green")]).toEqual([NEW, NEW]);
      const after = await pids();
      expect(after.flat().filter((pid) => before.flat().includes(pid))).toEqual([]);
      await seen(100);
      expect(users.failures()).toEqual([]);
      expect(await world.ask(50)).toEqual({ "2": 50 });
    },
    LONG,
  );

  it("no file of the engine, the tools or the person has it in clear", async () => {
    for (const secret of [OLD, NEW]) expect(await filesWith(world.place.directory, secret)).toEqual([]);
  });

  it(
    "a slot that is named is renewed alone, with the same values",
    async () => {
      const [blue, green] = await pids();
      expect(await rotate("green")).toMatchObject({ exitCode: 0 });
      const [blueAfter, greenAfter] = await pids();
      expect(blueAfter).toEqual(blue);
      expect(greenAfter.filter((pid) => green.includes(pid))).toEqual([]);
      expect(await keyOf("green")).toBe(NEW);
      await seen(50);
      expect(users.failures()).toEqual([]);
    },
    LONG,
  );

  it(
    "the same edit manually is refused, and everyone can still go back",
    async () => {
      await setSecret(OLD, "green.service.environment.API_KEY");
      const { exitCode, stdout, stderr } = await world.run("pulumi", "up", "--yes", "--skip-preview");
      expect(exitCode).not.toBe(0);
      expect(stdout + stderr).toContain("green.service.environment.API_KEY is changed");
      expect(await world.revert("--to", "blue")).toMatchObject({ exitCode: 0 });
      expect(await world.ask(50)).toEqual({ "1": 50 });
      await users.leave();
      expect(users.failures()).toEqual([]);
    },
    LONG,
  );
});
