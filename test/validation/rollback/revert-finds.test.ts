import { describe, expect, test } from "vitest";
import { ROUTE_TAGS, SLOT_TAG } from "../../../contract/route/route.ts";
import type { Context } from "../../../validation/ports.ts";
import { revert, type RevertOptions } from "../../../validation/rollback/revert.ts";
import { candidateReady, promoted, sharing } from "../support/samples.ts";
import { ROUTE_ARN, World } from "../support/world.ts";

const OPTIONS: RevertOptions = {
  routeArn: undefined,
  to: undefined,
  reason: "manually",
  startedWallMs: 0,
  wait: false,
};
const from = (world: World): RevertOptions => ({ ...OPTIONS, startedWallMs: world.clock.now() });
const ANN = { who: "ann@ci (pid 7)", dead: false };

/** How often the load balancer was searched for the route by its tags. */
function searching(world: World): { readonly context: Context; readonly searches: () => number } {
  const context = world.context();
  let searches = 0;
  const find = async () => {
    searches += 1;
    return [ROUTE_ARN];
  };
  return { context: { ...context, route: { ...context.route, find } }, searches: () => searches };
}

describe("the route that a revert needs", () => {
  test("is not searched for where this machine remembers it", async () => {
    const world = new World(sharing(50));
    world.memo = ROUTE_ARN;
    const { context, searches } = searching(world);
    expect(await revert(context, OPTIONS)).toMatchObject({ exitCode: 0 });
    expect(searches()).toBe(0);
  });

  test.each([
    ["remembers none", undefined, {}],
    ["remembers one of another stack", ROUTE_ARN, { [ROUTE_TAGS.stack]: "other" }],
    ["remembers a rule that is nobody's route", ROUTE_ARN, undefined],
  ])("is searched for where this machine %s", async (_title, memo, other) => {
    const world = new World(sharing(50));
    world.memo = memo;
    const { context, searches } = searching(world);
    // What the memo names has these tags; what the search finds has its own.
    const tags: Context["route"]["tags"] = async (arns) => {
      const found = await context.route.tags(arns);
      if (searches() > 0) return found;
      const own = { ...found.get(ROUTE_ARN), ...other };
      const rest = [...found].filter(([arn]) => arn !== ROUTE_ARN);
      return new Map(other === undefined ? rest : [...rest, [ROUTE_ARN, own] as const]);
    };
    expect(await revert({ ...context, route: { ...context.route, tags } }, OPTIONS)).toMatchObject({
      exitCode: 0,
    });
    expect(searches()).toBe(1);
    expect(world.live).toEqual({ blue: 100, green: 0 });
  });

  test("is refused where its target groups do not say whose they are", async () => {
    const world = new World(sharing(50));
    const context = world.context();
    const tags: Context["route"]["tags"] = async (arns) =>
      new Map([...(await context.route.tags(arns))].filter(([, own]) => !(SLOT_TAG in own)));
    const reverting = revert({ ...context, route: { ...context.route, tags } }, OPTIONS);
    await expect(reverting).rejects.toMatchObject({ code: "BG122" });
    expect(world.emergencyWrites).toBe(0);
  });

  test("is named in full where there are several, or none", async () => {
    const context = new World(sharing(50)).context();
    const found = (arns: string[]) =>
      revert({ ...context, route: { ...context.route, find: async () => arns } }, OPTIONS);
    await expect(found(["a", "b", "c"])).rejects.toThrow("a, b, c");
    await expect(found([])).rejects.toThrow("Looked for stack test.");
  });
});

describe("what a revert says", () => {
  test("is after how many seconds users were back, and of a wait only where one was asked for", async () => {
    const world = new World(sharing(50));
    const outcome = await revert(world.context(), from(world));
    expect(outcome.sentence).toBe("all users are back after 0.00 s on blue");
    expect(outcome).toMatchObject({ seconds: 0, drained: undefined, after: { blue: 100, green: 0 } });
  });

  test("is whether the other slot has answered its last request, when it waits for that", async () => {
    const world = new World(sharing(50));
    const waiting = await revert(world.context(), { ...from(world), wait: true });
    expect(waiting).toMatchObject({ drained: true, exitCode: 0 });
    expect(waiting.sentence).toMatch(/; green is drained$/);
    const busy = new World(sharing(50));
    const context = busy.context();
    const read: Context["metrics"]["read"] = async () => new Map([["requests", [{ atMs: 0, value: 3 }]]]);
    const late = await revert(
      { ...context, metrics: { ...context.metrics, read } },
      { ...from(busy), wait: true },
    );
    expect(late).toMatchObject({ drained: false, exitCode: 0 });
    expect(late.sentence).toMatch(/; green still answers requests$/);
  });

  test("is that nothing was compared where everyone is back and Pulumi's state cannot be read", async () => {
    const world = new World(candidateReady());
    world.failing.store = "no backend";
    const outcome = await revert(world.context(), OPTIONS);
    expect(outcome).toMatchObject({
      to: "blue",
      exitCode: 20,
      pulumi: "pending",
      before: { blue: 100, green: 0 },
      after: { blue: 100, green: 0 },
    });
    expect(outcome.sentence).toContain("; Pulumi's state could not be compared: no backend");
  });

  test("is whose update it gave up on, after half an hour, when everyone was back before", async () => {
    const world = new World(promoted());
    world.setLive(100);
    world.locks = [ANN];
    const startMs = world.clock.now();
    const outcome = await revert(world.context(), OPTIONS);
    expect(outcome).toMatchObject({ exitCode: 20, pulumi: "pending", seconds: undefined });
    expect(outcome.sentence).toBe(
      "all users were back already on blue; state pending: the stack is held by ann@ci (pid 7). The next step completes it",
    );
    expect(world.clock.now() - startMs).toBe(30 * 60_000);
  });
});
