import { describe, expect, it } from "vitest";
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

describe("a revert in the step of a cohort that is killed at any call", () => {
  const options = {
    reason: "bad",
    wait: false,
    routeArn: undefined,
    to: undefined,
    startedWallMs: 0,
  } as const;
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
