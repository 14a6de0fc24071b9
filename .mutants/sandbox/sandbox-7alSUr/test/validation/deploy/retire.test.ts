import { describe, expect, test } from "vitest";
import { retire } from "../../../validation/deploy/retire.ts";
import { status } from "../../../validation/insight/status.ts";
import { candidateReady, oneModel, promoted, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const HOUR = 3_600_000;
const KEEP = { giveUpStandby: false };
const GIVE_UP = { giveUpStandby: true };
const rolledBack = () => ({
  ...candidateReady(),
  release: { ...candidateReady().release, state: "rolledBack", reason: "too slow" },
});

/** A world whose tasks end as soon as they are asked to. */
function world(raw: Record<string, unknown>, hours = 0): World {
  const made = new World(raw);
  made.clock.advance(hours * HOUR);
  return made;
}
const retired = (one: World, options = KEEP) => {
  const { services, ...rest } = one.context();
  return retire(
    {
      ...rest,
      services: {
        async read(cluster, names) {
          const found = await services.read(cluster, names);
          const running =
            one.config.slots.blue.minTasks === 0 || one.config.slots.green.minTasks === 0 ? 0 : 2;
          return new Map([...found].map(([name, service]) => [name, { ...service, running }]));
        },
      },
    },
    options,
  );
};

describe("retire", () => {
  test("scales a standby to no tasks once its time is over, and leaves what runs there configured", async () => {
    const one = world(promoted(), 24);
    const done = await retired(one);
    expect(done).toMatchObject({ exitCode: 0, slot: "blue", retired: true, tasks: 0 });
    expect(done.sentence).toContain("pulumi config set --path blue.minTasks 2 && pulumi up");
    expect(one.config.slots.blue).toMatchObject({ minTasks: 0, maxTasks: 4, modelVersion: "1" });
    expect(one.config.generation).toBe(4);
    expect(one.log).toEqual(["everything: bluegreen: blue is retired, 1 has no tasks"]);
    expect((await status(one.context())).slots.blue.role).toBe("retired");
  });

  test("keeps a younger standby, unless it is given up by name", async () => {
    const one = world(promoted(), 23.5);
    await expect(retired(one)).rejects.toMatchObject({ code: "BG163", exitCode: 10 });
    await expect(retired(one)).rejects.toThrow("blue has been the standby for 23.5 of 24 hours.");
    expect(one.updates).toBe(0);
    expect(await retired(one, GIVE_UP)).toMatchObject({ exitCode: 0, retired: true });
  });

  test("keeps a standby of a switch manually as long, counted from the last update", async () => {
    const manual = { ...promoted(), activeSlot: "blue" };
    await expect(retired(world(manual, 1))).rejects.toMatchObject({ code: "BG163" });
    expect(await retired(world(manual, 25))).toMatchObject({ slot: "green", retired: true });
  });

  test.each(["deployed", "running"])(
    "sees that a release that is %s was switched to manually",
    async (state) => {
      const raw = candidateReady();
      const onto = { ...raw, activeSlot: "green", release: { ...raw.release, state } };
      const young = retired(world(onto, 1));
      await expect(young).rejects.toMatchObject({ code: "BG163" });
      await expect(young).rejects.toThrow("blue has been the standby for 1.0 of 24 hours.");
      expect(await retired(world(onto, 25))).toMatchObject({ exitCode: 0, slot: "blue", retired: true });
    },
  );

  test("takes the tasks of a model that was rolled back at once", async () => {
    expect(await retired(world(rolledBack()))).toMatchObject({ exitCode: 0, slot: "green", retired: true });
  });

  test("run once more, after it was cut off, waits until the tasks have ended and changes nothing", async () => {
    const one = world({ ...rolledBack(), green: { ...rolledBack().green, minTasks: 0 } });
    const again = await retired(one);
    expect(again).toMatchObject({ exitCode: 0, slot: "green", retired: false, tasks: 0 });
    expect(again.sentence).toContain("green has no tasks any more");
    expect(one.updates).toBe(0);
  });

  test("tells what it waits for, and for how long at most", async () => {
    const one = world(rolledBack());
    await retired(one);
    const notes = one.events.flatMap((event) => (event.kind === "note" ? [event.message] : []));
    expect(notes).toEqual([
      "waiting until green has answered its last request, at most 11 minutes",
      "waiting until the tasks of green have ended, at most 11 minutes",
    ]);
  });

  test("takes no task from a slot that still answers requests, and says so after a bounded wait", async () => {
    const one = world(rolledBack());
    const { metrics, ...rest } = one.context();
    const startMs = one.clock.now();
    const busy = async () => new Map([["requests", [{ atMs: startMs, value: 3 }]]]);
    const told = await retire({ ...rest, metrics: { ...metrics, read: busy } }, KEEP);
    expect(told).toMatchObject({ exitCode: 10, retired: false });
    expect(one.updates).toBe(0);
    expect(one.clock.now() - startMs).toBeLessThan(12 * 60_000);
  });

  test("takes no task when it cannot be read whether the slot is drained", async () => {
    const one = world(rolledBack());
    one.failing = { metrics: "throttled" };
    expect(await retired(one)).toMatchObject({ exitCode: 10, retired: false });
    expect(one.updates).toBe(0);
  });

  test("says when tasks outlive the wait", async () => {
    const told = await retire(world(rolledBack()).context(), KEEP);
    expect(told).toMatchObject({ exitCode: 10, retired: true, tasks: 2 });
  });

  test("looks again after the wait: users may have come", async () => {
    const one = world(rolledBack());
    one.requestsPerMinute = 0;
    one.onSleep = () => one.setLive(90);
    await expect(retired(one)).rejects.toMatchObject({ code: "BG165" });
    expect(one.updates).toBe(0);
  });

  test.each([
    ["an empty slot", oneModel(), "BG164"],
    ["a candidate", candidateReady(), "BG110"],
    ["a slot with users", sharing(10), "BG110"],
    ["a slot with users manually", { ...rolledBack(), greenWeight: 5 }, "BG165"],
  ])("refuses %s", async (_title, raw, code) => {
    await expect(retired(world(raw, 48), GIVE_UP)).rejects.toMatchObject({ code });
  });
});
