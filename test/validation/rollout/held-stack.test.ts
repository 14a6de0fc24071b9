import { describe, expect, test } from "vitest";
import { rollout as start } from "../../../validation/rollout/rollout.ts";
import { sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const POLL = { pollMs: 10_000 };
const MINUTE_MS = 60_000;

const OWNER = "ann@box:9 since 2026-01-01T00:00:00.000Z run r2";
const takingOver = { ...POLL, ownership: { takeOver: false, fateOfRun: () => "ended" as const } };

/** Its release is that of a run that has ended, so the first thing to write is who goes on with it. */
function heldWorld(since: { readonly sinceMs?: number } = {}): World {
  const world = new World({ ...sharing(50), release: { ...sharing(50).release, owner: OWNER } });
  world.locks = [{ who: "ann@ci (pid 7)", dead: false, ...since }];
  return world;
}

describe("a rollout that goes on with the release of a run that has ended, while another update holds the stack", () => {
  test("does so as soon as the stack is free again, minutes later", async () => {
    const world = heldWorld();
    const startMs = world.clock.now();
    world.onSleep = () => {
      if (world.clock.now() - startMs > 5 * MINUTE_MS) world.locks = [];
    };
    expect(await start(world.context(), takingOver)).toMatchObject({ result: "promoted" });
  });

  test.each(["nobody knows", "its first minute"])(
    "ends for a person when that lasts longer than any update, held since %s",
    async (when) => {
      const startMs = heldWorld().clock.now();
      const world = heldWorld(when === "nobody knows" ? {} : { sinceMs: startMs });
      const outcome = await start(world.context(), takingOver);
      expect(outcome).toMatchObject({ exitCode: 10, sentence: expect.stringContaining("ann@ci (pid 7)") });
      const minutes = (world.clock.now() - startMs) / MINUTE_MS;
      expect(minutes).toBeGreaterThan(29);
      expect(minutes).toBeLessThan(45);
      expect(world.log).toEqual([]);
    },
  );
});
