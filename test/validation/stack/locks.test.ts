import { describe, expect, test } from "vitest";
import { deploy } from "../../../validation/deploy/deploy.ts";
import { applyPastTheDead } from "../../../validation/stack/locks.ts";
import type { Applied, Context } from "../../../validation/ports.ts";
import { revert } from "../../../validation/rollback/revert.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { step } from "../../../validation/rollout/step.ts";
import { DEAD, forced, held, notes, RUNS, SHARE, UNKNOWN } from "../support/held-locks.ts";
import { counts, DIGEST, oneModel, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

describe("a lock", () => {
  test.each([
    ["whose process has provably ended is broken", [DEAD], "applied"],
    ["of which nobody can tell stays", [UNKNOWN], "locked"],
    ["of a process that runs stays", [RUNS], "locked"],
    ["of two stays when one of them may live: breaking removes both", [DEAD, UNKNOWN], "locked"],
  ] as const)("%s", async (_title, holders, kind) => {
    const world = held(holders);
    expect(await applyPastTheDead(world.context(), SHARE)).toMatchObject({ kind });
    expect(world.log.includes("lock broken")).toBe(kind === "applied");
  });

  test("that another one took after breaking the dead one's is not broken: it is looked at again, alone", async () => {
    const world = held([DEAD]);
    const { store, ...rest } = world.context();
    const alone: typeof store.alone = (use) => {
      world.locks = [RUNS];
      return use();
    };
    expect(await applyPastTheDead({ ...rest, store: { ...store, alone } }, SHARE)).toEqual({
      kind: "locked",
      holders: [RUNS],
    });
    expect(world.log).toEqual([]);
  });

  test("of which nobody is named as the holder stays", async () => {
    const world = held([DEAD]);
    const { store, ...rest } = world.context();
    const apply = async (): Promise<Applied> => ({ kind: "locked", holders: [] });
    expect(await applyPastTheDead({ ...rest, store: { ...store, apply } }, SHARE)).toEqual({
      kind: "locked",
      holders: [],
    });
    expect(world.log).toEqual([]);
  });

  test("is broken once, also when another dead one's stands behind it", async () => {
    const world = held([DEAD]);
    const { store, ...rest } = world.context();
    let broken = 0;
    const breakLock = async () => {
      broken += 1;
      if (broken > 1) world.locks = [];
    };
    const held2 = await applyPastTheDead({ ...rest, store: { ...store, breakLock } }, SHARE);
    expect(held2).toMatchObject({ kind: "locked" });
    expect(broken).toBe(1);
  });

  test("stays where nobody can be kept out from breaking it at the same time", async () => {
    const world = held([DEAD]);
    const { store, ...rest } = world.context();
    const context = { ...rest, store: { ...store, alone: async () => undefined } };
    expect(await applyPastTheDead(context, SHARE)).toMatchObject({ kind: "locked" });
    expect(world.log).toEqual([]);
  });

  test("is broken on a person's word, once, and what that may cost is said", async () => {
    const world = held([UNKNOWN]);
    const context = forced(world);
    expect(await applyPastTheDead(context, SHARE)).toMatchObject({ kind: "applied" });
    expect(notes(world)).toEqual([
      "cancelling the update of ci@here (pid 7, since T): as asked by --force-ownership; if it still runs, both write",
    ]);
    world.locks = [RUNS];
    expect(await applyPastTheDead(context, { ...SHARE, change: {} })).toMatchObject({ kind: "locked" });
  });

  test.each([
    [UNKNOWN, "from here nobody can tell whether it still runs"],
    [RUNS, "it runs on this machine"],
  ])(
    "that stays is told with who holds it, what is known of him, and how to decide",
    async (holder, known) => {
      const world = held([holder]);
      world.health = { blue: counts(2), green: counts(2) };
      const refused = deploy(world.context(), {
        image: DIGEST("c"),
        modelVersion: "3",
        minTasks: undefined,
        maxTasks: undefined,
        overrides: {},
      });
      await expect(refused).rejects.toMatchObject({
        code: "BG131",
        exitCode: 10,
        message: expect.stringContaining(`${holder.who}; ${known}`),
        fix: expect.stringMatching(/--force-ownership.*both write/),
      });
    },
  );
});

test("a scheduled step that finds the stack held for longer than any update lasts needs manual action, and breaks nothing", async () => {
  const world = new World(sharing(10));
  world.clock.advance(6 * 60_000);
  const sinceMs = world.clock.now();
  world.locks = [{ ...UNKNOWN, sinceMs }];
  const once = { start: false, startDeadlineMs: 1e15, agreed: undefined } as const;
  expect(await step(world.context(), once)).toMatchObject({ exitCode: 0, finished: false });
  world.clock.advance(31 * 60_000);
  const told = await step(world.context(), once);
  expect(told).toMatchObject({ exitCode: 10, finished: false });
  expect(told.sentence).toContain("--force-ownership");
  expect(world.log).toEqual([]);
});

/** Whose update ends like this, once. */
function ends(world: World, how: Exclude<Applied, { kind: "applied" }>, isDone = true): Context {
  const { store, ...rest } = world.context();
  let left = 1;
  const apply: typeof store.apply = async (update) => {
    if (left === 0) return store.apply(update);
    left = 0;
    if (isDone) await store.apply(update);
    return how;
  };
  return { ...rest, store: { ...store, apply } };
}

describe("no success is told of an update that somebody cancelled or overtook:", () => {
  const options = {
    image: DIGEST("b"),
    modelVersion: "2",
    minTasks: undefined,
    maxTasks: undefined,
    overrides: {},
  };
  const world = () => {
    const made = new World(oneModel());
    made.health = { blue: counts(2), green: counts(2) };
    return made;
  };

  test.each([
    [{ kind: "cancelled" } as const, "BG231"],
    [{ kind: "overtaken", by: "bluegreen: 3 (c) onto green" } as const, "BG230"],
  ])("deploy, %o", async (how, code) => {
    await expect(deploy(ends(world(), how), options)).rejects.toMatchObject({ code, exitCode: 10 });
  });

  test("deploy, when another model is on the slot by the time it is healthy; the other one is named", async () => {
    const made = world();
    made.health.green = counts(0);
    made.onSleep = () => {
      if (made.config.generation > 4) return;
      const green = { image: DIGEST("c"), modelVersion: "3", minTasks: 2, maxTasks: 4 };
      const release = { ...made.config.release, id: "v3-g5", digest: DIGEST("c") };
      made.apply({
        change: { green, release, generation: 5 },
        scope: "everything",
        refresh: false,
        message: "bluegreen: 3 onto green",
      });
      made.health.green = counts(2);
      made.rollout.green = { state: "COMPLETED", task: "arn:task/green:2" };
    };
    await expect(deploy(made.context(), options)).rejects.toMatchObject({
      code: "BG230",
      message: expect.stringMatching(/sha256:c+.*generation 5.*3 onto green/),
    });
  });

  test("deploy, when its release was rolled back meanwhile; not, when its tests were written down", async () => {
    const tested = world();
    tested.health.green = counts(0);
    const meanwhile = (made: World, release: object) => () => {
      if (made.config.generation > 4) return;
      const change = { release: { ...made.config.release, ...release }, generation: 5 };
      made.apply({ change, scope: "route", refresh: false, message: "the other one" });
      made.health.green = counts(2);
    };
    tested.onSleep = meanwhile(tested, { reason: "tested" });
    expect(await deploy(tested.context(), options)).toMatchObject({ exitCode: 0 });
    const reverted = world();
    reverted.health.green = counts(0);
    reverted.onSleep = meanwhile(reverted, { state: "rolledBack" });
    await expect(deploy(reverted.context(), options)).rejects.toMatchObject({ code: "BG230" });
  });

  test("rollout looks again, and goes on with its release", async () => {
    const made = new World(sharing(10));
    const context = ends(made, { kind: "cancelled" });
    expect(await rollout(context, { pollMs: 10_000 })).toMatchObject({ exitCode: 0, result: "promoted" });
    expect(notes(made)[1]).toMatch(/the step broke off and is repeated: Somebody cancelled this update/);
  });

  test("revert says that the traffic is back and the state is not sure", async () => {
    const made = new World(sharing(10));
    const args = { routeArn: undefined, to: undefined, reason: "r", startedWallMs: 0, wait: false };
    const told = await revert(ends(made, { kind: "cancelled" }), args);
    expect(told).toMatchObject({ exitCode: 20, pulumi: "pending" });
    expect(told.sentence).toContain("somebody cancelled this update");
    expect(made.live).toEqual({ blue: 100, green: 0 });
  });

  test("revert that was overtaken makes sure that it is the last word", async () => {
    const made = new World(sharing(10));
    const args = { routeArn: undefined, to: undefined, reason: "r", startedWallMs: 0, wait: false };
    const told = await revert(ends(made, { kind: "overtaken", by: "x" }, false), args);
    expect(told).toMatchObject({ exitCode: 0, pulumi: "inLine" });
    expect(made.config.release?.state).toBe("rolledBack");
  });
});
