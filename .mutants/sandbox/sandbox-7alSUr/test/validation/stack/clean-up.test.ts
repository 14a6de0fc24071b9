import { expect, test } from "vitest";
import { tidy } from "../../../validation/stack/clean-up.ts";
import { oneModel } from "../support/samples.ts";
import { World } from "../support/world.ts";

const notes = (world: World) =>
  world.events.flatMap((event) => (event.kind === "note" ? [event.message] : []));

test("a lock of a dead process is cancelled, and said", async () => {
  const world = new World(oneModel());
  world.locks = [{ who: "me@here (pid 7)", dead: true }];
  await tidy(world.context());
  expect(world.log).toEqual(["lock broken"]);
  expect(notes(world)).toEqual(["cancelling the update of me@here (pid 7): its process is gone"]);
});

test("a lock of somebody who may be at work stays", async () => {
  const world = new World(oneModel());
  world.locks = [{ who: "ann@ci (pid 7)", dead: false }];
  await tidy(world.context());
  expect({ log: world.log, notes: notes(world) }).toEqual({ log: [], notes: [] });
});

test("a stack file that was behind is told; what cannot be looked at is told, too, and fails nothing", async () => {
  const world = new World(oneModel());
  const { store, ...rest } = world.context();
  await tidy({ ...rest, store: { ...store, follow: async () => ["generation"] } });
  const broken = async () => {
    throw new Error("there is no engine");
  };
  await tidy({ ...rest, store: { ...store, lockHolder: broken, follow: broken } });
  expect(notes(world)).toEqual([
    "the stack file was behind what is deployed; brought in step: generation",
    "the stack's lock was not looked at: there is no engine",
    "the stack file was not looked at: there is no engine",
  ]);
});
