import { describe, expect, test } from "vitest";
import { isDrained, waitUntilDrained } from "../../../validation/rollback/drain.ts";
import type { Context } from "../../../validation/ports.ts";
import { sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const MINUTE = 60_000;

/** Five minutes later; `points` are what CloudWatch has of any minute. */
function later(points?: readonly number[]): { readonly world: World; readonly context: Context } {
  const world = new World(sharing(50));
  world.clock.advance(5 * MINUTE);
  const context = world.context();
  if (points === undefined) return { world, context };
  const read: Context["metrics"]["read"] = async (_requests, fromMs) =>
    new Map([["requests", points.map((value, index) => ({ atMs: fromMs + index, value }))]]);
  return { world, context: { ...context, metrics: { ...context.metrics, read } } };
}

describe("whether a slot has answered its last request", () => {
  test("is asked about the requests of that slot in the last minute that CloudWatch surely has", async () => {
    const { world, context } = later();
    const asked: Parameters<Context["metrics"]["read"]>[] = [];
    const read: Context["metrics"]["read"] = (...call) => {
      asked.push(call);
      return context.metrics.read(...call);
    };
    const watched = { ...context, metrics: { ...context.metrics, read } };
    expect(await isDrained(watched, world.deployed(), "green", world.bornMs)).toBe(false);
    const [requests, fromMs, toMs] = asked[0] ?? [];
    expect(requests).toMatchObject([
      { periodSeconds: 60, queries: [{ metricName: "RequestCount", stat: "Sum" }] },
    ]);
    expect([fromMs, toMs]).toEqual([world.bornMs + 3 * MINUTE, world.bornMs + 4 * MINUTE]);
    world.setLive(100);
    world.clock.advance(3 * MINUTE);
    expect(await isDrained(context, world.deployed(), "green", world.bornMs)).toBe(true);
  });

  test.each([
    ["nothing was counted: the load balancer reports no zeros", [], true],
    ["a zero was counted", [0], true],
    ["one request was", [1], false],
    ["one of two points has requests", [0, 3], false],
  ])("is clear when %s", async (_title, points, drained) => {
    const { world, context } = later(points);
    expect(await isDrained(context, world.deployed(), "green", world.bornMs)).toBe(drained);
  });

  test("is clear also when CloudWatch knows no such metric at all", async () => {
    const { world, context } = later();
    const metrics = { ...context.metrics, read: async () => new Map<string, never>() };
    const asked = { ...context, metrics };
    expect(await isDrained(asked, world.deployed(), "green", world.bornMs)).toBe(true);
  });

  test("is not known before a whole minute since then is over, and is as soon as it is", async () => {
    const { world, context } = later([0]);
    const minuteMs = world.bornMs + 3 * MINUTE;
    expect(await isDrained(context, world.deployed(), "green", minuteMs + 1)).toBeUndefined();
    expect(await isDrained(context, world.deployed(), "green", minuteMs)).toBe(true);
  });

  test("is waited for no longer than asked", async () => {
    const { world, context } = later([3]);
    const startMs = world.clock.now();
    expect(await waitUntilDrained(context, world.deployed(), "green", 0, 30_000)).toBe(false);
    expect(world.clock.now() - startMs).toBe(30_000);
  });
});
