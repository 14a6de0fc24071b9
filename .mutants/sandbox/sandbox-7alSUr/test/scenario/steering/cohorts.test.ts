import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, until, type World } from "../support/world.ts";

const LONG = 240_000;
const TIMES = 50;

describe("given digits:1 with everyone on blue, and digits:2 deployed onto green with a group for cohorts", () => {
  let world: World;
  let url: string;

  /** Versions that answer requests with this header. */
  async function answering(headers: Readonly<Record<string, string>>): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (let turn = 0; turn < TIMES; turn++) {
      const { statusCode, body } = await request(`${url}/predict`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ features: Array.from({ length: 64 }, () => 0) }),
      });
      const text = await body.text();
      // The models of the example say their version.
      const version =
        statusCode === 200 ? (JSON.parse(text) as { modelVersion: string }).modelVersion : "none";
      counts[version] = (counts[version] ?? 0) + 1;
    }
    return counts;
  }
  const team = { "x-team": "ml" };
  const add = (...flags: string[]) =>
    world.run("cohort", "add", "internal", "--header", "x-team=ml", "--slot", "green", ...flags, "--json");

  beforeAll(async () => {
    world = await aStack({
      speed: 60,
      service: { stickinessSeconds: 3600 },
      signals: [
        {
          name: "sure",
          better: "higher",
          action: "report",
          source: { from: "log", numerator: "Sure", denominator: "Answers" },
        },
      ],
      blue: { image: "digits:1", modelVersion: "1" },
    });
    await until(async () => (await world.see.healthyTargets("blue")) === 1);
    url = world.see.url();
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "a cohort is refused until its slot was deployed for it, and then goes there alone, until it is removed",
    async () => {
      await world.deploy("digits:2", "2");
      const early = world.verdictOf(await add());
      expect(early.error).toMatchObject({ code: "BG380" });

      await world.pulumi("config", "set", "--path", "rollout.cohorts", "true");
      await world.pulumi("up", "--yes", "--skip-preview");
      expect(world.verdictOf(await add()).error).toMatchObject({ code: "BG380" });
      await world.deploy("digits:3", "3");
      expect(await answering(team)).toEqual({ "1": TIMES });

      expect(world.verdictOf(await add()).sentence).toContain(
        "cohort internal: x-team=ml goes to green until",
      );
      expect(await answering(team)).toEqual({ "3": TIMES });
      expect(await answering({ "x-team": "ops" })).toEqual({ "1": TIMES });
      expect((await world.run("status")).stdout).toContain("cohort internal: x-team=ml goes to green");

      await world.run("cohort", "remove", "internal");
      expect(await answering(team)).toEqual({ "1": TIMES });
    },
    LONG,
  );

  it(
    "an experiment gives its candidate the split and no more, and waits for a person when it is stopped",
    async () => {
      const started = world.verdictOf(
        await world.run("experiment", "start", "--signal", "sure", "--split", "50", "--json"),
      );
      expect(started).toMatchObject({ exitCode: 0 });
      await world.rollout("--one-step", "--skip-tests");
      expect(await world.see.live()).toEqual({ blue: 50, green: 50 });
      const stepped = world.verdictOf(await world.run("step", "--json"));
      expect(stepped.sentence).toContain("experiment on sure: ");
      const status = world.verdictOf(await world.run("experiment", "status", "--json"));
      expect(status.sentence).toContain("it ends at");
      const stopped = world.verdictOf(await world.run("experiment", "stop", "--json"));
      expect(stopped.sentence).toContain("is stopped");
      expect(await world.see.live()).toEqual({ blue: 50, green: 50 });
      expect((await world.revert()).exitCode).toBe(0);
    },
    LONG,
  );
});
