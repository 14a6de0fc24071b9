import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, until, type World } from "../support/world.ts";

const LONG = 180_000;

// The figures of a plain Pulumi user: a preview or a refresh that shows changes nobody made hides those that somebody did.
describe("directly after an update, neither a refresh nor a preview finds a change", () => {
  let world: World;
  beforeAll(async () => {
    world = await aStack({ speed: 60, blue: { image: "digits:1", modelVersion: "1" } });
    await until(async () => (await world.see.healthyTargets("blue")) === 1);
  }, LONG);
  afterAll(() => world.close(), LONG);

  const set = async (...assignments: readonly string[]) => {
    await world.pulumi("config", "set", ...assignments);
    await world.pulumi("up", "--yes", "--skip-preview");
  };
  const UPDATES: readonly [name: string, update: () => Promise<unknown>][] = [
    ["the first one", async () => {}],
    ["a deploy", () => world.deploy("digits:2", "2")],
    ["a change of weight", () => set("greenWeight", "25")],
    ["a revert", () => world.revert("--reason", "look")],
    ["a switch", () => set("activeSlot", "green")],
  ];

  it.for(UPDATES)("%s", { timeout: LONG }, async ([, update]) => {
    await update();
    const [newest] = await world.see.history();
    expect(newest?.result).toBe("succeeded");
    await world.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await world.pulumi("preview", "--expect-no-changes");
  });
});
