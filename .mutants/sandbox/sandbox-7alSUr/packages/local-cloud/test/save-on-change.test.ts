import { expect, it } from "vitest";
import { createSaver } from "../state/save-on-change.ts";

function bench() {
  const told: string[] = [];
  const world = { value: 0, saved: [] as number[], broken: false };
  const saver = createSaver(
    "/state/cloud.json",
    async () => {
      const { value } = world;
      await Promise.resolve();
      if (world.broken) throw new Error("ENOSPC: no space left on device");
      world.saved.push(value);
    },
    (line) => told.push(line),
  );
  const change = (value: number) => {
    world.value = value;
    saver.request();
  };
  return { world, told, saver, change };
}

it("saves once what changes in one turn, and has it on disk when it is settled", async () => {
  const { world, saver, change } = bench();
  for (const value of [1, 2, 3]) change(value);
  await saver.settled();
  expect(world.saved).toEqual([3]);
});

it("saves again what changes during a save", async () => {
  const { world, saver, change } = bench();
  change(1);
  // The save has taken its snapshot by then.
  await Promise.resolve().then(() => {});
  change(2);
  await saver.settled();
  expect(world.saved).toEqual([1, 2]);
});

it("is settled when nothing was requested", async () => {
  const { world, saver } = bench();
  await saver.settled();
  expect(world.saved).toEqual([]);
});

it("tells once that it cannot save, fails no one who waits, tries again, and tells when it works again", async () => {
  const { world, told, saver, change } = bench();
  world.broken = true;
  for (const value of [1, 2]) {
    change(value);
    await saver.settled();
  }
  expect(told).toEqual([
    "the local cloud cannot save /state/cloud.json: ENOSPC: no space left on device; what is not saved is lost when it " +
      "stops. It goes on, and tries again with every change",
  ]);
  world.broken = false;
  change(3);
  await saver.settled();
  expect(world.saved).toEqual([3]);
  expect(told.slice(1)).toEqual(["the local cloud can save /state/cloud.json again"]);
});

it("saves a last time when it is closed, and rejects when that fails", async () => {
  const { world, saver, change } = bench();
  change(1);
  world.value = 2;
  await saver.close();
  expect(world.saved.at(-1)).toBe(2);
  world.broken = true;
  await expect(saver.close()).rejects.toThrow("cannot save /state/cloud.json: ENOSPC");
});
