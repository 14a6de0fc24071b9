import { describe, expect, test } from "vitest";
import { upstream, world, named, type World } from "./support.ts";

const SECONDS = 100;

async function slowGroup(seconds = SECONDS): Promise<World & { readonly group: string }> {
  const w = await world();
  const group = await w.createGroup("models");
  await w.createRule(1, [{ Type: "forward", TargetGroupArn: group }]);
  await setSlowStart(w, group, seconds);
  return { ...w, group };
}

const setSlowStart = (w: World, group: string, seconds: number) =>
  w.call("ModifyTargetGroupAttributes", {
    TargetGroupArn: group,
    Attributes: [{ Key: "slow_start.duration_seconds", Value: String(seconds) }],
  });

const join = async (w: World & { readonly group: string }, name: string) =>
  w.register(w.group, await upstream(named(name)));

/** Which of two hundred requests each target answers. */
async function answers(w: World): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (let request = 0; request < 200; request += 1) {
    const { body } = await w.get("/");
    found[body] = (found[body] ?? 0) + 1;
  }
  return found;
}

describe("in slow start", () => {
  test("a target that joins another gets its share in a straight line over the time", async () => {
    const w = await slowGroup();
    await join(w, "old");
    await join(w, "new");
    expect(await answers(w)).toEqual({ old: 200 });
    w.clock.advance(25_000);
    // A quarter of a turn beside a whole one.
    expect(await answers(w)).toEqual({ old: 160, new: 40 });
    w.clock.advance(25_000);
    const half = await answers(w);
    expect(half["new"]).toBeGreaterThanOrEqual(66);
    expect(half["new"]).toBeLessThanOrEqual(67);
    w.clock.advance(50_000);
    expect(await answers(w)).toEqual({ old: 100, new: 100 });
  });

  test("the first target of an empty group has all of it at once", async () => {
    const w = await slowGroup();
    await join(w, "first");
    expect(await answers(w)).toEqual({ first: 200 });
  });

  test("one that is left alone with its slow start takes what there is", async () => {
    const w = await slowGroup();
    const old = await upstream(named("old"));
    await w.register(w.group, old);
    await join(w, "new");
    await w.elb.deregisterTarget(w.group, old);
    expect(await answers(w)).toEqual({ new: 200 });
  });

  test("targets that were healthy when it was switched on keep their share, and all have it when it is switched off", async () => {
    const w = await slowGroup(0);
    await join(w, "a");
    await join(w, "b");
    await setSlowStart(w, w.group, SECONDS);
    expect(await answers(w)).toEqual({ a: 100, b: 100 });
    await join(w, "c");
    expect(await answers(w)).toEqual({ a: 100, b: 100 });
    await setSlowStart(w, w.group, 0);
    const { c = 0 } = await answers(w);
    expect(c).toBeGreaterThanOrEqual(66);
  });
});
