import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filesWith } from "../support/files-with.ts";
import { aStack, until, type World } from "../support/world.ts";

// Several updates each, of some seconds on an idle machine, and of half a minute on a busy one.
const LONG = 300_000;
const SPEED = 30;
const OTHER = JSON.stringify(["node", join(import.meta.dirname, "../fixtures/other-paths.ts")]);

const tools = (world: () => World) => ({
  set: (...assignments: readonly string[]) => world().pulumi("config", "set", ...assignments),
  up: () => world().pulumi("up", "--yes", "--skip-preview"),
  said: async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await world().run(...args);
    // However the terminal's width has broken the lines.
    return { exitCode, text: `${stdout}${stderr}`.replaceAll(/\s+/g, " ") };
  },
});

describe("given a deployed model whose health is at /health, and users on it", () => {
  let world: World;
  let users: ReturnType<World["users"]>;
  const { set, up, said } = tools(() => world);
  // Each check asks the cloud, so that answers can come in between.
  const seen = (requests: number) =>
    until(async () => (await world.see.healthyTargets("blue")) >= 0 && users.answers().length > requests);
  beforeAll(async () => {
    world = await aStack({ speed: SPEED });
    const { exitCode, sentence } = await world.deploy("digits:1", "1");
    if (exitCode !== 0) throw new Error(sentence);
    users = world.users(600);
    await seen(20);
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "another health path in service is for the next deploy, and touches nobody",
    async () => {
      const before = await world.see.taskPids("blue");
      await set("--path", "service.healthPath", "/v2/health/ready");
      expect((await said("diff")).text).toContain(
        "changes service.healthPath from /health to /v2/health/ready: for the next deploy, touches nothing that runs",
      );
      await up();
      // Long enough for as many checks as a task may fail.
      await seen(users.answers().length + 600);
      expect(await world.see.taskPids("blue")).toEqual(before);
      expect(await world.see.healthyTargets("blue")).toBe(1);
      expect(users.failures()).toEqual([]);
    },
    LONG,
  );

  it(
    "the next model takes it, and its users come to it",
    async () => {
      const deployed = await said("deploy", "digits:2", "--model-version", "2", "--command", OTHER);
      expect(deployed).toMatchObject({ exitCode: 0 });
      await set("activeSlot", "green");
      await up();
      expect(await world.ask(50)).toEqual({ "2": 50 });
    },
    LONG,
  );

  it(
    "the standby has kept its own path, so that everyone can go back to it",
    async () => {
      expect(await world.see.healthyTargets("blue")).toBe(1);
      expect(await world.revert()).toMatchObject({ exitCode: 0 });
      expect(await world.ask(50)).toEqual({ "1": 50 });
      await users.leave();
      expect(users.failures()).toEqual([]);
    },
    LONG,
  );
});

describe("given a model that no deploy has put there", () => {
  let world: World;
  const { set, up, said } = tools(() => world);
  beforeAll(async () => {
    world = await aStack({ speed: SPEED, blue: { image: "digits:1", modelVersion: "1" } });
    await until(async () => (await world.see.healthyTargets("blue")) === 1);
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "an edit that would change it is refused, passes after freeze, and changes nothing that runs",
    async () => {
      const before = await world.see.taskPids("blue");
      await set("--path", "service.healthPath", "/v2/health/ready");
      const refused = await said("pulumi", "up", "--yes", "--skip-preview");
      expect(refused.exitCode).toBe(1);
      expect(refused.text).toContain(
        "service.healthPath is /v2/health/ready; allowed: /health as deployed while blue has users",
      );
      expect(refused.text).toContain("npx bluegreen freeze && npx bluegreen pulumi up");
      expect(await said("freeze")).toMatchObject({
        exitCode: 0,
        text: expect.stringContaining("blue has a copy of service now"),
      });
      await up();
      expect(await world.see.taskPids("blue")).toEqual(before);
      expect(await world.ask(50)).toEqual({ "1": 50 });
    },
    LONG,
  );

  it(
    "a secret of service is one in the copy, too, and its model has it",
    async () => {
      const secret = "correct-horse-battery-staple-4713";
      await set("--path", "--secret", "service.environment.API_KEY", secret);
      await up();
      expect(await world.see.environment("blue")).not.toHaveProperty("API_KEY");
      const own = ["--model-version", "1", "--health-path", "/health"];
      expect(await said("deploy", "digits:1", ...own)).toMatchObject({ exitCode: 0 });
      expect((await world.see.environment("green"))["API_KEY"]).toBe(secret);
      // The template may have another one now; the copy keeps its own.
      await set("--path", "--secret", "service.environment.API_KEY", "another-secret-4714");
      await up();
      expect((await world.see.environment("green"))["API_KEY"]).toBe(secret);
      expect(await filesWith(world.place.directory, secret)).toEqual([]);
    },
    LONG,
  );
});
