import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, until, type World } from "../support/world.ts";

const LONG = 240_000;
/** Of a process of digits:3-cold, each 300 ms. */
const COLD_REQUESTS = 20;
const TASKS = 2;
/** An answer of a cold process takes at least that. */
const COLD_SECONDS = 0.299;
const ENOUGH = 100;

describe("given users on digits:1, and a candidate whose first answers of each task are slow", () => {
  let world: World;
  beforeAll(async () => {
    world = await aStack({
      speed: 10,
      blue: { image: "digits:1", modelVersion: "1", minTasks: TASKS },
      // Tasks that join later begin slowly; the first ones of an empty slot do not, whatever this says.
      service: { slowStartSeconds: 30 },
    });
  }, LONG);
  afterAll(() => world.close(), LONG);

  /** Gives the candidate half of the users, and looks at its first answers to them. */
  async function firstAnswers() {
    const { stderr } = await world.rollout("--skip-tests", "--one-step");
    const users = world.users(300);
    const ofCandidate = () => users.answers().filter(({ version }) => version === "3");
    await until(async () => {
      await world.see.live();
      return ofCandidate().length >= ENOUGH;
    });
    await users.leave();
    const first = ofCandidate().slice(0, ENOUGH);
    return { stderr, cold: first.filter(({ seconds }) => seconds >= COLD_SECONDS).length };
  }

  const set = async (key: string, value: string) => {
    await world.pulumi("config", "set", "--path", key, value);
    await world.pulumi("up", "--yes", "--skip-preview");
  };

  it(
    "users are the ones who warm it where nobody else does",
    async () => {
      await set("rollout.warmSeconds", "0");
      expect(await world.deploy("digits:3-cold", "3")).toMatchObject({ exitCode: 0 });
      const { stderr, cold } = await firstAnswers();
      expect(stderr).not.toContain("warm");
      expect(cold).toBeGreaterThanOrEqual(TASKS * COLD_REQUESTS);
      expect(await world.revert()).toMatchObject({ exitCode: 0 });
    },
    LONG,
  );

  it(
    "`rollout` warms new tasks of it, says so, and its first users find them warm",
    async () => {
      await set("rollout.warmSeconds", "120");
      const before = await world.see.outputs();
      const own = ["--env", "TASKS=new", "--set", "slowStartSeconds=60"];
      const args = ["deploy", "digits:3-cold", "--model-version", "3", ...own];
      expect((await world.run(...args)).exitCode).toBe(0);
      // Another slow start is another attribute of the same group, which the route goes on naming.
      const { slots, routeArn } = await world.see.outputs();
      expect(slots.green.targetGroupArn).toBe(before.slots.green.targetGroupArn);
      expect(routeArn).toBe(before.routeArn);
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
      const { stderr, cold } = await firstAnswers();
      // What is steady is for the unit tests: a busy machine is not.
      const said = /green is warmed.*: (\d+) requests in \d+ s, median from (\d+) ms to [\d.]+ ms/;
      const [, requests, firstMs] = said.exec(stderr) ?? [];
      expect(Number(requests)).toBeGreaterThanOrEqual(2 * TASKS * COLD_REQUESTS);
      expect(Number(firstMs)).toBeGreaterThanOrEqual(299);
      // A busy machine may hold up one or another of a warm one.
      expect(cold).toBeLessThan(TASKS * COLD_REQUESTS * 0.2);
    },
    LONG,
  );
});
