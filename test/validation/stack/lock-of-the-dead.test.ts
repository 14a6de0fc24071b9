import { describe, expect, test } from "vitest";
import { applyPastTheDead, freeTheDead, heldBy } from "../../../validation/stack/locks.ts";
import type { Context } from "../../../validation/ports.ts";
import { DEAD, forced, held, notes, RUNS, SHARE, UNKNOWN } from "../support/held-locks.ts";
import type { World } from "../support/world.ts";

describe("of a lock that several hold", () => {
  test("a person is told that one of them runs here, be the others unknown", () => {
    expect(heldBy([UNKNOWN, RUNS]).message).toContain("it runs on this machine");
    expect(heldBy([UNKNOWN, DEAD]).message).toContain("nobody can tell");
  });
});

describe("a lock that Pulumi does not cancel", () => {
  test("stays, and what Pulumi says is told", async () => {
    const world = held([DEAD]);
    const { store, ...rest } = world.context();
    const breakLock = () => Promise.reject(new Error("the bucket is gone"));
    const applied = await applyPastTheDead({ ...rest, store: { ...store, breakLock } }, SHARE);
    expect(applied).toEqual({ kind: "locked", holders: [DEAD] });
    expect(notes(world)).toEqual([
      "cancelling the update of me@here (pid 7, since T): its process is gone",
      "cancelling failed: the bucket is gone",
    ]);
  });

  test("is told nothing of where it is cancelled", async () => {
    const world = held([DEAD]);
    await applyPastTheDead(world.context(), SHARE);
    expect(notes(world)).toEqual(["cancelling the update of me@here (pid 7, since T): its process is gone"]);
  });
});

test("a lock that a dead one left is gone by the time that a person's word would break it", async () => {
  const world = held([UNKNOWN]);
  const { store, ...rest } = forced(world);
  const alone: typeof store.alone = (use) => {
    world.locks = [];
    return use();
  };
  const applied = await applyPastTheDead({ ...rest, store: { ...store, alone } }, SHARE);
  expect(applied).toMatchObject({ kind: "applied" });
  expect(world.log).not.toContain("lock broken");
});

test("a lock of somebody who may live is met once: nobody waits for it alone, or asks again", async () => {
  const world = held([UNKNOWN]);
  const { store, ...rest } = world.context();
  let tries = 0;
  const apply: typeof store.apply = (update) => {
    tries += 1;
    return store.apply(update);
  };
  await applyPastTheDead({ ...rest, store: { ...store, apply } }, SHARE);
  expect(tries).toBe(1);
});

describe("a lock that is looked at without an update", () => {
  const free = async (world: World, change: Partial<Context["store"]> = {}) => {
    const { store, reporter } = world.context();
    await freeTheDead({ store: { ...store, ...change }, reporter });
  };

  test("is put away when its process has provably ended, and that is said", async () => {
    const world = held([DEAD]);
    await free(world);
    expect(world.log).toEqual(["lock broken"]);
    expect(notes(world)).toEqual(["cancelling the update of me@here (pid 7, since T): its process is gone"]);
  });

  test.each([
    ["nobody holds it", []],
    ["nobody can tell whether its process runs", [UNKNOWN]],
    ["its process runs", [RUNS]],
  ] as const)("stays, and nobody is kept out for it, when %s", async (_title, holders) => {
    const world = held(holders);
    let isAsked = false;
    await free(world, {
      alone: (use) => {
        isAsked = true;
        return use();
      },
    });
    expect(isAsked).toBe(false);
    expect(world.log).toEqual([]);
  });

  test.each([
    ["another one has taken it", [RUNS]],
    ["another one has put it away", []],
  ] as const)("stays when %s by the time that one is alone with it", async (_title, holders) => {
    const world = held([DEAD]);
    await free(world, {
      alone: (use) => {
        world.locks = [...holders];
        return use();
      },
    });
    expect(world.log).toEqual([]);
    expect(notes(world)).toEqual([]);
  });
});
