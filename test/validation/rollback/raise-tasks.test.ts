import { describe, expect, test } from "vitest";
import type { Slot } from "../../../contract/slot.ts";
import type { Context, Update } from "../../../validation/ports.ts";
import { lackOf, raiseDue, raiseReturned } from "../../../validation/rollback/raise-tasks.ts";
import { oneModel, promoted, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const EVERYONE_ON_GREEN = { blue: 0, green: 100 };
const OPTIONS = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;
const MEANING = "until they are healthy it may be slow or refuse some";

/** Users come back to blue with so many tasks, from green with so many. */
function world(blue: number, green: number, raw: Record<string, unknown> = promoted()): World {
  const made = new World(raw);
  made.desired = { blue, green };
  return made;
}

/** ECS knows the service of this slot alone. */
function knowing(one: World, known: Slot): Context {
  const context = one.context();
  const read: Context["services"]["read"] = async (cluster, names) => {
    const found = await context.services.read(cluster, names);
    return new Map([...found].filter(([name]) => name.endsWith(known)));
  };
  return { ...context, services: { ...context.services, read } };
}

function recorded(one: World): { readonly context: Context; readonly updates: Update[] } {
  const context = one.context();
  const updates: Update[] = [];
  const apply: Context["store"]["apply"] = (update) => {
    updates.push(update);
    return context.store.apply(update);
  };
  return { context: { ...context, store: { ...context.store, apply } }, updates };
}

const raise = (one: World, before: Record<Slot, number> | undefined, context = one.context()) =>
  raiseReturned(context, one.deployed(), "blue", before);

describe("tasks for users that are back", () => {
  test.each([
    ["it served most of them itself", 1, 4, { blue: 60, green: 40 }],
    ["both had half of them", 1, 4, { blue: 50, green: 50 }],
    ["it has as many", 4, 4, EVERYONE_ON_GREEN],
    ["it has more", 5, 4, EVERYONE_ON_GREEN],
  ])("are not raised when %s", async (_title, blue, green, before) => {
    const one = world(blue, green);
    expect(await raise(one, before)).toEqual({ deployed: one.deployed(), words: "" });
    expect(one.updates).toBe(0);
    expect(await lackOf(one.context(), one.deployed(), "blue", before)).toBeUndefined();
  });

  test.each(["blue", "green"] as const)(
    "are not raised when ECS knows the service of %s alone",
    async (known) => {
      const one = world(1, 4);
      expect((await raise(one, EVERYONE_ON_GREEN, knowing(one, known))).words).toBe("");
      expect(one.updates).toBe(0);
    },
  );

  test.each(["blue", "green"] as const)("are nobody's question where only %s has a model", async (slot) => {
    const { blue, ...raw } = oneModel();
    const one = new World({ ...raw, activeSlot: slot, [slot]: blue });
    one.failing.services = "throttled";
    expect((await raise(one, undefined)).words).toBe("");
  });

  test("are raised also when nobody knows who had users until then", async () => {
    const one = world(1, 4);
    expect((await raise(one, undefined)).words).toContain("blue has 1 task where green had 4");
    expect(one.config.slots.blue.minTasks).toBe(4);
  });

  test("are raised in an update of their own that refreshes nothing, and a person is told before", async () => {
    const one = world(1, 4);
    const { context, updates } = recorded(one);
    const both = "blue has 1 task where green had 4 for the same users";
    expect((await raise(one, EVERYONE_ON_GREEN, context)).words).toBe(
      `; ${both}, and gets as many: ${MEANING}`,
    );
    expect(updates).toMatchObject([{ scope: "everything", refresh: false }]);
    expect(one.events[0]).toEqual({ kind: "note", message: `${both}: it gets as many; ${MEANING}` });
  });

  test("are for a person when AWS cannot tell whether there are enough", async () => {
    const one = world(1, 4);
    one.failing.services = "throttled";
    expect(await raise(one, EVERYONE_ON_GREEN)).toEqual({
      deployed: one.deployed(),
      words: "; whether blue has enough tasks for them could not be read (throttled)",
    });
    expect(one.updates).toBe(0);
  });

  test("are for a person when another update holds the stack", async () => {
    const one = world(1, 4);
    one.locks = [{ who: "ann@ci (pid 7)", dead: false }];
    expect((await raise(one, EVERYONE_ON_GREEN)).words).toBe(
      "; blue has 1 task where green had 4 for the same users, and could not be given as many " +
        "(the stack is held by another update): pulumi config set --path blue.minTasks 4 && pulumi up",
    );
  });

  test("are not ours to give where something else fills the slot", async () => {
    const raw = promoted();
    const one = world(1, 4, { ...raw, blue: { ...raw.blue, service: { kind: "external" } } });
    const lacks = () => lackOf(one.context(), one.deployed(), "blue", EVERYONE_ON_GREEN);
    expect(await lacks()).toBeUndefined();
    expect((await raise(one, EVERYONE_ON_GREEN)).words).toContain("whoever fills blue must give it as many");
    expect(one.updates).toBe(0);
  });
});

describe("the number that a slot has of its own, when it gets more for users that are back", () => {
  const own = async (one: World) => {
    const { split } = one.config;
    return (await lackOf(one.context(), one.deployed(), "blue", split))?.own;
  };

  test("is what it is configured with", async () => {
    expect(await own(world(2, 9))).toBe(2);
    expect(await own(world(2, 9, sharing(90)))).toBe(2);
  });

  test("is what it had before an open release raised it", async () => {
    const { release, blue, ...raw } = sharing(90);
    const held = { own: 2, raised: 7 };
    const one = { ...raw, blue: { ...blue, minTasks: 7, maxTasks: 8 }, release: { ...release, held } };
    expect(await own(world(7, 9, one))).toBe(2);
  });

  test("is what it had before it was rested as the standby", async () => {
    const { release, blue, ...raw } = promoted();
    const rested = { own: 3, raised: 1 };
    const one = { ...raw, blue: { ...blue, minTasks: 1 }, release: { ...release, rested } };
    expect(await own(world(1, 9, one))).toBe(3);
  });
});

describe("tasks that a killed revert did not raise", () => {
  /** Everyone is back on blue, which was to get four tasks. */
  const due = () => {
    const { release, ...raw } = promoted();
    const returned = { own: 2, raised: 4, due: true };
    const rolledBack = { ...release, state: "rolledBack", weight: 0, returned };
    return new World({ ...raw, activeSlot: "blue", release: rolledBack });
  };
  const next = (one: World, context: Context) => {
    const deployed = one.deployed();
    return raiseDue({ context, deployed, live: deployed.config.split, options: OPTIONS });
  };

  test("are raised by the next check, which is done then, without a refresh", async () => {
    const one = due();
    const { context, updates } = recorded(one);
    const outcome = await next(one, context);
    expect(outcome).toMatchObject({ exitCode: 0, situation: "settled", finished: true });
    expect(outcome?.sentence).toContain("blue gets 4 tasks for the users that are back, after 2");
    expect(updates).toMatchObject([{ scope: "everything", refresh: false }]);
    expect(one.config.slots.blue.minTasks).toBe(4);
  });

  test("wait while another update holds the stack", async () => {
    const one = due();
    one.locks = [{ who: "ann@ci (pid 7)", dead: false }];
    expect(await next(one, one.context())).toMatchObject({
      exitCode: 0,
      situation: "settled",
      finished: false,
      sentence: "waiting: the stack is held by ann@ci (pid 7)",
    });
  });
});
