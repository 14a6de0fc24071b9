import { describe, expect, test } from "vitest";
import type { ReleaseKey } from "../../../validation/core/changes/changes.ts";
import { diff } from "../../../validation/insight/diff.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { candidateReady, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

/** The stack as deployed, and a checkout with other values in its file. */
function checkedOut(
  world: World,
  own: Readonly<Record<string, unknown>>,
  outOfStep: readonly ReleaseKey[] = [],
) {
  const context = world.context();
  const given = Object.entries(own).map(([key, value]) => [
    key,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
  const values = { ...world.raw, ...Object.fromEntries(given) };
  return { ...context, store: { ...context.store, checkout: async () => ({ outOfStep, values }) } };
}

describe("diff", () => {
  test("says what the person's keys change, and lets a stale branch change no traffic", async () => {
    const world = new World(sharing(50));
    const stale = { greenWeight: 0, generation: 0, release: {}, thresholds: { maxSlowRate: 0.2 } };
    const outcome = await diff(checkedOut(world, stale));
    expect(outcome).toMatchObject({ exitCode: 0, refused: [] });
    expect(outcome.words).toEqual([
      "shifts nothing and moves nobody: blue 50 % · green 50 %",
      "raises thresholds.maxSlowRate from 0.1 to 0.2",
    ]);
  });

  test("says what pulumi up would refuse, and how to fix it", async () => {
    const wrong = { thresholds: { maxErrorRate: 7 } };
    const outcome = await diff(checkedOut(new World(sharing(50)), wrong));
    expect(outcome.exitCode).toBe(64);
    expect(outcome.refused.join()).toContain("thresholds.maxErrorRate is 7");
  });

  test("refuses the first test token of a stack with users, which the file has encrypted", async () => {
    const world = new World(sharing(50));
    const seen = (secretPaths: readonly string[]) => {
      const context = checkedOut(world, { service: { testCidrs: ["192.0.2.1/32"] } });
      const read = async () => ({ ...(await context.store.checkout()), secretPaths });
      return diff({ ...context, store: { ...context.store, checkout: read } });
    };
    expect((await seen([])).refused).toEqual([]);
    const { exitCode, refused, words } = await seen(["testToken"]);
    expect(exitCode).toBe(64);
    expect(refused.join()).toContain("testToken is set; allowed: nothing as deployed while");
    expect(words.join()).toContain("sets testToken: ECS starts new tasks and stops the running ones");
  });

  test("says so when nothing is different", async () => {
    const outcome = await diff(checkedOut(new World(sharing(50)), {}));
    expect(outcome.sentence).toBe("changes nothing that is configured");
  });
});

describe("diff of a file with other release keys than deployed", () => {
  test("names them, for pulumi up would carry them out", async () => {
    const outcome = await diff(checkedOut(new World(sharing(50)), { blue: { minTasks: 3 } }, ["blue"]));
    expect(outcome.sentence).toContain(
      "leaves out blue, which the file has other than deployed: npx bluegreen sync puts them back",
    );
  });
});

describe("rollout --one-step", () => {
  const options = { pollMs: 5_000, skipTests: true, oneStep: true };
  test("ends with each share, and a whole rollout is as many of them as deploy says", async () => {
    const world = new World(candidateReady());
    const shares: number[] = [];
    const turns = [...world.config.rollout.steps, 100];
    for (const _ of turns) {
      const { exitCode } = await rollout(world.context(), options);
      expect(exitCode).toBe(0);
      shares.push(world.live.green);
    }
    expect(shares).toEqual(turns);
    expect(world.config.release?.state).toBe("promoted");
  });

  test("has nothing to do once the release is promoted", async () => {
    const world = new World(candidateReady());
    await rollout(world.context(), { ...options, oneStep: false });
    expect(await rollout(world.context(), options)).toMatchObject({ exitCode: 0, result: "promoted" });
  });
});
