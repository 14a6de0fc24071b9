import { describe, expect, it } from "vitest";
import { deployChange } from "../../../validation/core/changes/changes.ts";
import { revert } from "../../../validation/rollback/revert.ts";
import { rollout as start } from "../../../validation/rollout/rollout.ts";
import { step } from "../../../validation/rollout/step.ts";
import { INTERNAL, worldWithCohort as world } from "../support/cohort-world.ts";
import { candidateReady, DIGEST } from "../support/samples.ts";
import type { World } from "../support/world.ts";

const MINUTE = 60_000;
const POLL = { pollMs: 30_000 };
const look = (one: World) =>
  step(one.context(), { start: false, startDeadlineMs: Infinity, agreed: undefined });
/** The rollout until the cohort is on the candidate; then its process is gone. */
const begun = async (one: World) => {
  await start(one.context(), { ...POLL, oneStep: true });
  return one;
};
const slotOf = (one: World) => one.config.cohorts.map(({ slot }) => slot);
const back = (one: World) =>
  revert(one.context(), { reason: "bad", wait: false, routeArn: undefined, to: undefined, startedWallMs: 0 });

describe("a revert of a release with a cohort", () => {
  it("ends the release in the step of the cohort, and brings the cohort back", async () => {
    const one = await begun(world());
    const outcome = await back(one);
    expect(outcome).toMatchObject({ exitCode: 0, pulumi: "inLine" });
    expect(outcome.sentence).toContain("cohort internal is back on blue");
    expect(one.config.release?.state).toBe("rolledBack");
    expect(slotOf(one)).toEqual(["blue"]);
    expect(one.emergencyWrites).toBe(0);
  });

  it("moves users first at a later share, then the cohort", async () => {
    const one = await begun(world());
    one.clock.advance(61 * MINUTE);
    await look(one);
    await back(one);
    expect(one.log.slice(-3)).toEqual([
      "route: 100/0",
      "route: bluegreen: everyone to blue: bad",
      "everything: bluegreen: cohort internal goes back to blue: release v2-g3 is rolled back",
    ]);
    expect(JSON.stringify(one.events)).not.toContain("is still on green");
  });

  it("leaves a cohort where a person had put it, and says so", async () => {
    const one = world({ cohorts: [{ ...INTERNAL, slot: "green" }] });
    await begun(one);
    expect(one.config.release?.cohort).toEqual({ name: "internal", bakeMinutes: 60 });
    await back(one);
    expect(slotOf(one)).toEqual(["green"]);
    expect(JSON.stringify(one.events)).toContain(
      "cohort internal is still on green: npx bluegreen cohort remove internal",
    );
  });

  it("ends a release whose cohort an update that was cut off may have sent, and has nothing to end after that", async () => {
    const one = world();
    expect(one.config.release?.state).toBe("deployed");
    const outcome = await back(one);
    expect(outcome).toMatchObject({ exitCode: 0, pulumi: "inLine" });
    expect(outcome.sentence).toBe("all users were back already on blue; cohort internal is back on blue");
    expect(one.config.release?.state).toBe("rolledBack");
    expect(await back(one)).toMatchObject({ exitCode: 10, pulumi: "inLine" });
  });

  it("ends a candidate whose users, shifted manually past its cohort, are back already", async () => {
    const one = world({ greenWeight: 10 });
    one.setLive(100);
    const outcome = await back(one);
    expect(outcome).toMatchObject({ exitCode: 0, pulumi: "inLine" });
    expect(outcome.sentence).toContain("all users were back already on blue");
    expect(one.config).toMatchObject({ split: { green: 0 }, release: { state: "rolledBack" } });
  });

  it("is completed by the next step when it was killed before the cohort was back", async () => {
    const one = await begun(world());
    const context = one.context();
    let applied = 0;
    const killed = {
      ...context,
      store: {
        ...context.store,
        apply: async (update: Parameters<typeof context.store.apply>[0]) => {
          applied += 1;
          if (applied > 1) throw new Error("killed");
          return context.store.apply(update);
        },
      },
    };
    const { sentence } = await revert(killed, {
      reason: "bad",
      wait: false,
      routeArn: undefined,
      to: undefined,
      startedWallMs: 0,
    });
    expect(sentence).toContain("cohort internal is still on green (killed)");
    expect(slotOf(one)).toEqual(["green"]);
    expect((await look(one)).sentence).toBe("cohort internal is back on blue");
    expect(slotOf(one)).toEqual(["blue"]);
    expect((await look(one)).sentence).toContain("nothing to do");
  });

  it("ends the release also when Pulumi could not be told of it, and no rollout gives it users after that", async () => {
    const one = await begun(world());
    one.failing.apply = "the backend is down";
    const outcome = await back(one);
    expect(outcome).toMatchObject({ exitCode: 20, pulumi: "pending" });
    delete one.failing.apply;
    one.clock.advance(61 * MINUTE);
    expect(await look(one)).toMatchObject({ exitCode: 20 });
    expect(one.config.release?.state).toBe("rolledBack");
    expect(one.live.green).toBe(0);
    expect(slotOf(one)).toEqual(["blue"]);
  });
});

describe("a deploy after a rollback that was killed", () => {
  it("brings the cohort back, before its slot gets another model", async () => {
    const release = {
      ...candidateReady().release,
      state: "rolledBack",
      cohort: { name: "internal", bakeMinutes: 60, moved: true },
    };
    const left = world({ release, cohorts: [{ ...INTERNAL, slot: "green" }] });
    const candidate = { image: DIGEST("c"), modelVersion: "3", minTasks: 2, maxTasks: 4 };
    const change = deployChange(left.config, "green", { ...candidate, overrides: {}, service: {} }, 0, "me");
    expect(change["cohorts"]).toMatchObject([{ name: "internal", slot: "blue" }]);
  });
});
