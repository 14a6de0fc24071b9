import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sentMs } from "../support/users.ts";
import { aStack, until, type World } from "../support/world.ts";

const LONG = 120_000;

describe("given a stack with a model on each slot and nothing but Pulumi's own commands", () => {
  let world: World;
  beforeAll(async () => {
    world = await aStack({
      speed: 60,
      blue: { image: "digits:1", modelVersion: "1" },
      green: { image: "digits:2", modelVersion: "2", minTasks: 2 },
    });
    await until(async () => (await world.see.healthyTargets("blue")) === 1);
    await until(async () => (await world.see.healthyTargets("green")) === 2);
  }, LONG);
  afterAll(() => world.close(), LONG);

  const set = (...assignments: readonly string[]) => world.pulumi("config", "set", ...assignments);
  /** One `pulumi up`, which must have changed one resource and created, replaced and deleted none. */
  const upOfOneResource = async () => {
    const { stdout } = await world.pulumi("up", "--yes", "--skip-preview");
    const [newest] = await world.see.history();
    const { same: _same, read: _read, ...changes } = newest?.resourceChanges ?? {};
    expect({ changes, result: newest?.result }).toEqual({ changes: { update: 1 }, result: "succeeded" });
    expect(stdout).toContain("aws:lb:ListenerRule route updated");
  };

  it(
    "greenWeight 25 shifts green a quarter of the users in exactly one update operation",
    async () => {
      await set("greenWeight", "25");
      await upOfOneResource();
      expect(await world.see.live()).toEqual({ blue: 75, green: 25 });
      const counts = await world.ask(800);
      // Binomial(800, 0.25): a share outside of these bounds comes once in a million runs.
      expect(counts["2"]).toBeGreaterThan(140);
      expect(counts["2"]).toBeLessThan(260);
      expect(counts).toEqual({ "1": 800 - (counts["2"] ?? 0), "2": counts["2"] });
    },
    LONG,
  );

  it(
    "greenWeight 0 rolls it back to the last user",
    async () => {
      await set("greenWeight", "0");
      await upOfOneResource();
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
      expect(await world.ask(200)).toEqual({ "1": 200 });
    },
    LONG,
  );

  it(
    "activeSlot green alone switches everything",
    async () => {
      await set("activeSlot", "green");
      await upOfOneResource();
      expect(await world.see.live()).toEqual({ blue: 0, green: 100 });
      expect(await world.ask(200)).toEqual({ "2": 200 });
    },
    LONG,
  );

  it(
    "a killed task of two loses at most the requests that were out, and comes back",
    async () => {
      const users = world.users(600);
      await until(async () => (await world.see.taskPids()).length === 3 && users.answers().length > 100);
      const [victim = 0, other] = await world.see.taskPids("green");
      const killedMs = Date.now();
      process.kill(victim, "SIGKILL");
      await until(async () => !(await world.see.taskPids("green")).includes(victim));
      const noticedMs = Date.now();
      expect(noticedMs - killedMs).toBeLessThan(2_000);

      await until(async () => (await world.see.taskPids("green")).length === 2);
      await until(async () => (await world.see.healthyTargets("green")) === 2);
      expect(await world.see.taskPids("green")).toContain(other);
      await users.leave();
      const lost = users.failures().map(sentMs);
      expect(lost.filter((ms) => ms > noticedMs)).toEqual([]);
      expect(users.answers().at(-1)?.status).toBe(200);
    },
    LONG,
  );

  it(
    "a configuration that is refused shows in the preview what fixes it, and changes nothing",
    async () => {
      const before = await world.see.history();
      await set("greenWeight", "25");
      const preview = await world.run("pulumi", "preview");
      expect(preview.exitCode).toBe(1);
      expect(preview.stdout).toContain(
        "greenWeight is 25; allowed: 0 or nothing while green is the active slot",
      );
      expect(preview.stdout).toContain(
        "pulumi config set-all --plaintext activeSlot=green --plaintext greenWeight=0",
      );
      expect(`${preview.stdout}${preview.stderr}`).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
      expect(await world.see.history()).toEqual(before);
      expect(await world.see.live()).toEqual({ blue: 0, green: 100 });
    },
    LONG,
  );
});
