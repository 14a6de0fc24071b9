import { expect, test } from "vitest";
import type { Update } from "../../../validation/ports.ts";
import { write } from "../../../validation/stack/apply.ts";
import { candidateReady } from "../support/samples.ts";
import { World } from "../support/world.ts";

/** Gives green ten percent by an update that changes so many resources. */
function shift(scope: Update["scope"], changedResources: number) {
  const world = new World(candidateReady());
  const { store, ...rest } = world.context();
  const apply = async (update: Update) => {
    const applied = await store.apply(update);
    return applied.kind === "applied" ? { ...applied, changedResources } : applied;
  };
  const change = { greenWeight: 10, generation: 4 };
  return write({ ...rest, store: { ...store, apply } }, { change, scope, refresh: false, message: "m" });
}

test("an update of the route alone that changed a second resource is told as a failure, with its number", async () => {
  await expect(shift("route", 2)).rejects.toMatchObject({
    code: "BG132",
    message: expect.stringContaining("It changed 2 resources."),
  });
});

test.each([
  ["of the route alone changes one", "route", 1],
  ["of the route alone may find it changed already", "route", 0],
  ["of everything changes as many as there are", "everything", 2],
] as const)("an update %s", async (_title, scope, changed) => {
  expect(await shift(scope, changed)).toMatchObject({ kind: "shown" });
});
