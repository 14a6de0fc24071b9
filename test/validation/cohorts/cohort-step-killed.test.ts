import { describe, expect, it } from "vitest";
import type { Update } from "../../../validation/ports.ts";
import { revert } from "../../../validation/rollback/revert.ts";
import { rollout as start } from "../../../validation/rollout/rollout.ts";
import { worldWithCohort } from "../support/cohort-world.ts";
import { killedAt } from "../support/killed-at.ts";
import type { World } from "../support/world.ts";

/** Few looks, so that every call can be a kill point. */
const SLOW = { pollMs: 150_000 };
const STEPS = [{ cohort: "internal", bakeMinutes: 5 }, 50];
const world = () => worldWithCohort({}, { steps: STEPS, deadlineMinutes: 60 });
const endOf = ({ config, live }: World) => ({
  active: config.activeSlot,
  live,
  cohort: config.cohorts.map(({ slot }) => slot),
  state: config.release?.state,
});

describe("a rollout with a cohort that is killed at any call ends when it is started again", () => {
  it.each([
    ["a good candidate", 0, "promoted", "green"],
    ["a candidate that fails its cohort", 1, "rolledBack", "blue"],
  ])("%s", async (_what, failureRate, result, cohort) => {
    const prepared = () => {
      const one = world();
      one.failureRate.green = failureRate;
      return one;
    };
    const reference = prepared();
    const counted = killedAt(reference.context(), Number.POSITIVE_INFINITY, "before");
    expect((await start(counted.context, SLOW)).result).toBe(result);
    expect(endOf(reference)).toMatchObject({ cohort: [cohort], state: result });
    expect(counted.calls()).toBeGreaterThan(20);
    for (const when of ["before", "after"] as const) {
      for (let n = 1; n <= counted.calls(); n += 1) {
        const one = prepared();
        const first = killedAt(one.context(), n, when);
        await Promise.race([start(first.context, SLOW), first.killed]);
        const again = await start(one.context(), SLOW);
        expect({ n, when, ...endOf(one), result: again.result }).toEqual({
          n,
          when,
          ...endOf(reference),
          result,
        });
      }
    }
  });
});

const options = { reason: "bad", wait: false, routeArn: undefined, to: undefined, startedWallMs: 0 };

describe("a rollout that is cut off in the update that sends the cohort", () => {
  it("leaves the cohort where a revert brings it back from, although the stack does not know of it", async () => {
    const one = world();
    const context = one.context();
    const store = { ...context.store, apply: async (update: Update) => one.apply(update, true) };
    await expect(start({ ...context, store }, SLOW)).rejects.toThrow("cut off");
    expect(endOf(one)).toMatchObject({ cohort: ["blue"], state: "deployed" });
    expect(one.cohortsAt(one.clock.now())).toEqual(["green"]);

    const reverted = await revert(one.context(), options);
    expect(reverted).toMatchObject({ exitCode: 0, to: "blue" });
    expect(reverted.sentence).toContain("cohort internal is back on blue");
    expect(one.cohortsAt(one.clock.now())).toEqual(["blue"]);
    expect(endOf(one)).toEqual({
      active: "blue",
      live: { blue: 100, green: 0 },
      cohort: ["blue"],
      state: "rolledBack",
    });
    // Only once: nothing is left to do.
    const again = await start(one.context(), { ...SLOW, oneStep: true });
    expect(again.sentence).not.toContain("cohort");
    expect(one.log.filter((line) => line.includes("cohort internal goes back"))).toHaveLength(1);
  });
});

describe("a revert in the step of a cohort that is killed at any call", () => {
  const begun = async () => {
    const one = world();
    await start(one.context(), { ...SLOW, oneStep: true });
    return one;
  };

  it("leaves everyone on the active slot when it is started again, and a step after it", async () => {
    const reference = await begun();
    const counted = killedAt(reference.context(), Number.POSITIVE_INFINITY, "before");
    await revert(counted.context, options);
    const wanted = { active: "blue", live: { blue: 100, green: 0 }, cohort: ["blue"], state: "rolledBack" };
    expect(endOf(reference)).toEqual(wanted);
    for (const when of ["before", "after"] as const) {
      for (let n = 1; n <= counted.calls(); n += 1) {
        const one = await begun();
        const first = killedAt(one.context(), n, when);
        await Promise.race([revert(first.context, options), first.killed]);
        await revert(one.context(), options);
        await start(one.context(), SLOW);
        expect({ n, when, ...endOf(one) }).toEqual({ n, when, ...wanted });
      }
    }
  });
});
