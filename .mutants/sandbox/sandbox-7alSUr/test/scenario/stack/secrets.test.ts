import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filesWith } from "../support/files-with.ts";
import { aStack, type World } from "../support/world.ts";

const LONG = 240_000;
const SECRET = "correct-horse-battery-staple-4711";
const OTHER = "another-secret-4712";

describe("given a stack whose configuration has a secret in a slot's environment", () => {
  let world: World;

  beforeAll(async () => {
    world = await aStack({ speed: 30, blue: { image: "digits:1", modelVersion: "1" } });
    const set = ["config", "set", "--path"];
    await world.pulumi(...set, "green.image", "digits:2");
    await world.pulumi(...set, "green.modelVersion", "2");
    await world.pulumi(...set, "--secret", "green.overrides.environment.API_KEY", SECRET);
    await world.pulumi("up", "--yes", "--skip-preview");
  }, LONG);
  afterAll(() => world.close(), LONG);

  it("the model has it", async () => {
    expect((await world.see.environment("green"))["API_KEY"]).toBe(SECRET);
  });

  it("no file of the engine, the tools or the person has it in clear", async () => {
    expect(await filesWith(world.place.directory, SECRET)).toEqual([]);
  });

  it("nor does anything that Pulumi shows: outputs, export, history, preview", async () => {
    const shown = await Promise.all(
      [
        ["stack", "output", "--json"],
        ["stack", "history", "--json"],
        ["preview", "--diff"],
        ["config", "--json"],
      ].map((args) => world.pulumi(...args)),
    );
    for (const { stdout, stderr } of shown) expect(stdout + stderr).not.toContain(SECRET);
  });

  it(
    "nor after the tools have read and written",
    async () => {
      const quiet = async (...verb: string[]) => {
        const { stdout, stderr, exitCode } = await world.run(...verb, "--json");
        expect([verb[0], exitCode]).toEqual([verb[0], 0]);
        expect(stdout + stderr).not.toContain(SECRET);
      };
      for (const verb of ["status", "history", "diff", "sync"]) await quiet(verb);
      // The next model takes the place of the one with the secret, and brings none.
      await quiet("deploy", "digits:3", "--model-version", "3");
      await quiet("rollout", "--skip-tests", "--one-step");
      await quiet("revert");
      expect(await world.see.standing()).toMatchObject({
        activeSlot: "blue",
        live: { blue: 100, green: 0 },
        images: { green: "digits:3" },
      });
      expect(await filesWith(world.place.directory, SECRET)).toEqual([]);
    },
    LONG,
  );

  it(
    "a change of one under users is refused by its key and without its value",
    async () => {
      await world.pulumi("config", "set", "--path", "--secret", "blue.overrides.environment.TOKEN", OTHER);
      const { exitCode, stdout, stderr } = await world.run("pulumi", "up", "--yes", "--skip-preview");
      expect(exitCode).not.toBe(0);
      const said = stdout + stderr;
      expect(said).toContain("blue.overrides.environment.TOKEN is changed");
      expect(said).not.toContain("service.environment is");
      expect(said).not.toContain(OTHER);
      expect(await filesWith(world.place.directory, OTHER)).toEqual([]);
    },
    LONG,
  );
});
