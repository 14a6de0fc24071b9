import { setTimeout } from "node:timers/promises";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Users } from "../support/users.ts";
import { aStack, until, type World } from "../support/world.ts";

const LONG = 240_000;
const TIMES = 50;

/** The version that answered; `none`: no model did. */
async function answerOf(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const { statusCode, body } = await request(`${url}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ features: Array.from({ length: 64 }, () => 0) }),
  });
  const text = await body.text();
  // The models of the example say their version.
  return statusCode === 200 ? (JSON.parse(text) as { modelVersion: string }).modelVersion : "none";
}

describe("given digits:1 with everyone on blue, and digits:2 deployed onto green with a group for cohorts", () => {
  let world: World;
  let url: string;

  /** Versions that answer requests with this header. */
  async function answering(headers: Readonly<Record<string, string>>): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (let turn = 0; turn < TIMES; turn++) {
      const version = await answerOf(url, headers);
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

describe("given steps that begin with the team, and users and a team at work", () => {
  let world: World;
  let users: Users;
  let team: Team;

  beforeAll(async () => {
    world = await aStack({
      speed: 20,
      rollout: { cohorts: true, steps: [{ cohort: "internal", bakeMinutes: 3 }, 50, 100] },
      blue: { image: "digits:1", modelVersion: "1" },
    });
    await until(async () => (await world.see.healthyTargets("blue")) === 1);
  }, LONG);
  afterAll(async () => {
    await team.leave();
    await world.close();
  }, LONG);

  it(
    "a rollout is refused until there is a team; then a good model gets it first, and everyone after it",
    async () => {
      await world.deploy("digits:2", "2");
      users = world.users(200);
      team = teamAt(world.see.url());
      expect(world.verdictOf(await world.run("rollout", "--skip-tests", "--json")).error).toMatchObject({
        code: "BG383",
      });
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
      await world.run("cohort", "add", "internal", "--header", "x-team=ml", "--slot", "green");
      const released = await world.rollout("--skip-tests");
      expect(released).toMatchObject({ exitCode: 0, result: "promoted" });
      expect(await team.next(20)).toEqual({ "2": 20 });
    },
    2 * LONG,
  );

  it(
    "a model that fails the team is rolled back before any user has met it, and the team with it",
    async () => {
      await world.deploy("digits:3-flaky", "3");
      const released = await world.rollout("--skip-tests");
      expect(released).toMatchObject({ exitCode: 20, result: "rolledBack" });
      expect(released.sentence).toContain("error-rate of cohort internal");
      expect(released.sentence).toContain("cohort internal is back on green");
      expect(await team.next(20)).toEqual({ "2": 20 });
      expect(users.answers().filter(({ version }) => version === "3")).toEqual([]);
      expect(await world.see.live()).toEqual({ blue: 0, green: 100 });
    },
    2 * LONG,
  );

  it(
    "a revert takes the team back from a model that nobody else has",
    async () => {
      await world.deploy("digits:3", "4");
      await world.rollout("--skip-tests", "--one-step");
      expect(await team.next(20)).toEqual({ "3": 20 });
      expect(await world.see.live()).toEqual({ blue: 0, green: 100 });
      expect((await world.run("status")).stdout).toContain("is running with cohort internal on blue");
      expect((await world.revert()).sentence).toContain("cohort internal is back on green");
      expect(await team.next(20)).toEqual({ "2": 20 });
      const again = world.verdictOf(await world.run("step", "--json"));
      expect(again.sentence).toContain("nothing to do");
      // The team had it, and nobody else.
      expect(users.answers().filter(({ version }) => version === "3")).toEqual([]);
    },
    2 * LONG,
  );
});

/** People whose requests have the header, ten a second of real time. */
interface Team {
  /** Of so many answers from now on: how many each version gave; `none`: no model. */
  next(count: number): Promise<Record<string, number>>;
  leave(): Promise<void>;
}

function teamAt(url: string): Team {
  const seen: string[] = [];
  const left = new AbortController();
  const working = (async () => {
    while (!left.signal.aborted) {
      seen.push(await answerOf(url, { "x-team": "ml" }));
      await setTimeout(100);
    }
  })();
  return {
    async next(count) {
      // What is under way may be the answer of before.
      const from = seen.length + 1;
      while (seen.length < from + count) await setTimeout(20);
      return Object.fromEntries(
        [...Map.groupBy(seen.slice(from, from + count), (version) => version)].map(
          ([version, answers]) => [version, answers.length] as const,
        ),
      );
    },
    async leave() {
      left.abort();
      await working;
    },
  };
}
