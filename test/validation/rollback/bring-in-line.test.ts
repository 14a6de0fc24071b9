import { describe, expect, test } from "vitest";
import { readRevertMark, REVERT_TAG } from "../../../contract/route/route-tags.ts";
import { perSlot } from "../../../contract/slot.ts";
import type { Update } from "../../../validation/ports.ts";
import { bringInLine, endedRelease, reassert } from "../../../validation/rollback/bring-in-line.ts";
import type { KnownRoute } from "../../../validation/rollback/emergency-write.ts";
import { outlast } from "../../../validation/rollback/outlast.ts";
import { candidateReady, oneModel, sharing } from "../support/samples.ts";
import { groupArn, ROUTE_ARN, World } from "../support/world.ts";

const ROUTE: KnownRoute = { routeArn: ROUTE_ARN, groups: perSlot(groupArn), stickinessSeconds: 0 };
const HALF_HOUR = 30 * 60_000;
const ANN = { who: "ann@ci (pid 7)", dead: false };

/** Brings Pulumi in line with a route where everyone is back on blue; `updates`: what it was asked for. */
async function following(world: World, own: Partial<ReturnType<World["context"]>["store"]> = {}) {
  const context = world.context();
  const updates: Update[] = [];
  const apply: typeof context.store.apply = (update) => {
    updates.push(update);
    return context.store.apply(update);
  };
  const beside = { ...context, store: { ...context.store, apply, ...own } };
  const { release, split } = world.config;
  const atMs = world.clock.now();
  const mark = { tag: REVERT_TAG, releaseId: release?.id ?? "none", atMs, reason: "bad" } as const;
  const followed = endedRelease(beside, "blue", split, "bad");
  return { state: await bringInLine(beside, ROUTE, "blue", followed, mark), updates };
}

describe("Pulumi's state, after everyone is back", () => {
  test("follows in one update of the route alone, without a refresh, and the route has no mark then that a refresh would find", async () => {
    const world = new World(sharing(50));
    world.setLive(100);
    const { state, updates } = await following(world);
    expect(state).toMatchObject({ kind: "inLine", deployed: { config: { split: { blue: 100 } } } });
    expect(updates).toMatchObject([{ scope: "route", refresh: false, message: expect.any(String) }]);
    expect(readRevertMark(world.tags)).toBeUndefined();
  });

  test("says so where the mark stays, and is in line all the same", async () => {
    const world = new World(sharing(50));
    world.setLive(100);
    world.failing.untag = "AccessDenied";
    const { state } = await following(world);
    expect(state.kind).toBe("inLine");
    expect(readRevertMark(world.tags)).toMatchObject({ reason: "bad" });
    expect(JSON.stringify(world.events)).toContain("stays on the route (AccessDenied)");
  });

  test("is told after the route: who is killed in between leaves behind what was done", async () => {
    const world = new World(sharing(50));
    let marked: unknown;
    await following(world, {
      apply: async () => {
        marked = readRevertMark(world.tags)?.reason;
        return { kind: "cancelled" };
      },
    });
    expect(marked).toBe("bad");
  });

  test("is pending where other updates come in between each time, and the wait for it ends", async () => {
    const world = new World(sharing(50));
    world.setLive(100);
    let asked = 0;
    const apply = async () => {
      asked += 1;
      return { kind: "stale" } as const;
    };
    const { state } = await following(world, { apply });
    expect(state).toEqual({ kind: "pending", why: "other updates came in between each time" });
    expect(asked).toBe(5);
  });

  test("is in line without an update where it says so already", async () => {
    const world = new World(oneModel());
    const { state, updates } = await following(world);
    expect(state).toMatchObject({ kind: "inLine", deployed: { config: { generation: 3 } } });
    expect(updates).toEqual([]);
    expect(world.updates).toBe(0);
  });

  test("cannot follow where no update of the stack has succeeded", async () => {
    const world = new World(sharing(50));
    const { state } = await following(world, { deployed: async () => undefined });
    expect(state).toEqual({ kind: "pending", why: "no update of this stack has succeeded" });
    expect(world.tags).toHaveProperty([REVERT_TAG]);
  });

  test("does not count as followed when somebody has cancelled the update", async () => {
    const { state } = await following(new World(sharing(50)), {
      apply: async () => ({ kind: "cancelled" }),
    });
    expect(state).toEqual({ kind: "pending", why: "somebody cancelled this update while it ran" });
  });

  test.each([{ kind: "stale" }, { kind: "overtaken", by: "ann" }] as const)(
    "is tried again at once when another update was faster: $kind",
    async (first) => {
      const world = new World(sharing(50));
      const { apply } = world.context().store;
      let tries = 0;
      const startMs = world.clock.now();
      const { state } = await following(world, {
        apply: async (update) => (tries++ === 0 ? first : apply(update)),
      });
      expect(state.kind).toBe("inLine");
      expect(tries).toBe(2);
      // The update itself takes two seconds.
      expect(world.clock.now() - startMs).toBe(2_000);
    },
  );

  test("waits for the stack for half an hour, says for whom at each look, and no longer", async () => {
    const world = new World(sharing(50));
    world.setLive(100);
    world.locks = [ANN];
    const startMs = world.clock.now();
    const { state } = await following(world);
    expect(state).toEqual({ kind: "pending", why: "the stack is held by ann@ci (pid 7)" });
    expect(world.clock.now() - startMs).toBe(HALF_HOUR);
    expect(world.events).toHaveLength(HALF_HOUR / 2_000);
    expect(new Set(world.events.map((event) => JSON.stringify(event)))).toEqual(
      new Set([JSON.stringify({ kind: "locked", who: ANN.who })]),
    );
    expect(world.tags[REVERT_TAG]).toContain("bad");
  });
});

describe("the route, while another update holds the stack", () => {
  test("is left alone where everyone is where they belong", async () => {
    const world = new World(oneModel());
    await reassert(world.context(), ROUTE, "blue");
    expect(world.emergencyWrites).toBe(0);
    expect(world.events).toEqual([]);
  });

  test("is written again, and that is told, where the update has moved users", async () => {
    const world = new World(oneModel());
    world.setLive(50);
    await reassert(world.context(), ROUTE, "blue");
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.events).toEqual([
      { kind: "note", message: "another update moved users; all traffic is on blue again" },
    ]);
  });

  test("is written again also where its weights are no whole percents", async () => {
    const world = new World(oneModel());
    const groups = world.forward.groups.map((one, index) => ({ ...one, weight: index + 1 }));
    world.forward = { ...world.forward, groups };
    await reassert(world.context(), ROUTE, "blue");
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.emergencyWrites).toBe(1);
  });

  test("is told of when it cannot be read, and nobody gives up for that", async () => {
    const world = new World(oneModel());
    world.failing.route = "throttled";
    await reassert(world.context(), ROUTE, "blue");
    expect(world.emergencyWrites).toBe(0);
    expect(world.events).toEqual([{ kind: "note", message: "the route could not be asserted: throttled" }]);
  });
});

describe("an update that is outlasted", () => {
  test("is waited for half an hour, and its holder is told at each look", async () => {
    const world = new World(candidateReady());
    world.locks = [ANN];
    const startMs = world.clock.now();
    expect(await outlast(world.context(), ROUTE, "blue")).toEqual({ kind: "holds", who: ANN.who });
    expect(world.clock.now() - startMs).toBe(HALF_HOUR);
    expect(world.events).toHaveLength(HALF_HOUR / 2_000);
    expect(world.events[0]).toEqual({ kind: "locked", who: ANN.who });
  });

  test("is nobody's when the process of who holds the stack is gone, or nobody can tell who that is", async () => {
    const gone = new World(candidateReady());
    gone.locks = [{ ...ANN, dead: true }];
    expect(await outlast(gone.context(), ROUTE, "blue")).toBeUndefined();
    const context = new World(candidateReady()).context();
    const lockHolder = () => Promise.reject(new Error("no engine"));
    const silent = { ...context, store: { ...context.store, lockHolder } };
    expect(await outlast(silent, ROUTE, "blue")).toBeUndefined();
  });

  test("has ended when its process has died meanwhile", async () => {
    const world = new World(candidateReady());
    world.locks = [ANN];
    world.onSleep = () => {
      world.locks = [{ ...ANN, dead: true }];
    };
    const ended = { kind: "ended", who: ANN.who, shifted: undefined };
    expect(await outlast(world.context(), ROUTE, "blue")).toEqual(ended);
  });
});
