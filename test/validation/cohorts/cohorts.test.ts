import { describe, expect, it } from "vitest";
import { addCohort, listCohorts, removeCohort } from "../../../validation/cohorts/cohorts.ts";
import { deploy } from "../../../validation/deploy/deploy.ts";
import { status } from "../../../validation/insight/status.ts";
import { revert } from "../../../validation/rollback/revert.ts";
import { step } from "../../../validation/rollout/step.ts";
import { counts, DIGEST, oneModel, promoted, untested } from "../support/samples.ts";
import { World } from "../support/world.ts";

const DAY = 24 * 60 * 60_000;
const WANTED = { name: "internal", slot: "green", headers: ["x-team=ml"], until: { days: 14 } } as const;

/** A stack whose green slot was deployed with a group for cohorts. */
function world(own: Record<string, unknown> = {}): World {
  const raw = promoted();
  return new World({
    ...raw,
    green: { ...raw.green, cohortGroup: true },
    rollout: { ...raw.rollout, cohorts: true },
    testToken: "0123456789abcdef0123456789abcdef",
    service: { testCidrs: ["10.0.0.0/8"] },
    ...own,
  });
}

describe("a cohort", () => {
  it("is added to the configuration with its end, and told in the status", async () => {
    const one = world();
    const until = new Date(one.clock.now() + 14 * DAY).toISOString();
    const added = await addCohort(one.context(), WANTED);
    expect(one.config.cohorts).toEqual([
      { name: "internal", slot: "green", header: "x-team", values: ["ml"], until, place: 1 },
    ]);
    expect(added.sentence).toContain(`cohort internal: x-team=ml goes to green until ${until}`);
    expect(one.log).toEqual([
      `everything: bluegreen: cohort internal: x-team=ml goes to green until ${until}`,
    ]);
    expect((await status(one.context())).cohorts).toEqual([
      `cohort internal: x-team=ml goes to green until ${until}`,
    ]);
  });

  it("is there already when the command was cut off after its update", async () => {
    const one = world();
    await addCohort(one.context(), WANTED);
    await addCohort(one.context(), WANTED);
    expect(one.updates).toBe(1);
    const other = addCohort(one.context(), { ...WANTED, headers: ["x-team=ops"] });
    await expect(other).rejects.toMatchObject({ code: "BG381" });
  });

  it("gets another end when it is added again with one, also when it is over", async () => {
    const one = world();
    await addCohort(one.context(), WANTED);
    const until = new Date(one.clock.now() + 20 * DAY).toISOString();
    const later = await addCohort(one.context(), { ...WANTED, until: { days: 20 } });
    expect(later.sentence).toContain(`until ${until}`);
    expect(one.config.cohorts).toMatchObject([{ name: "internal", until, place: 1 }]);
    one.clock.advance(21 * DAY);
    const renewed = new Date(one.clock.now() + 14 * DAY).toISOString();
    await addCohort(one.context(), WANTED);
    expect(one.config.cohorts).toMatchObject([{ name: "internal", until: renewed, place: 1 }]);
  });

  it("keeps its place when another one leaves", async () => {
    const one = world();
    for (const name of ["a", "b"])
      await addCohort(one.context(), { ...WANTED, name, headers: [`x-${name}=1`] });
    await removeCohort(one.context(), "a");
    await addCohort(one.context(), { ...WANTED, name: "c" });
    expect(one.config.cohorts.map(({ name, place }) => [name, place])).toEqual([
      ["b", 2],
      ["c", 1],
    ]);
    expect((await listCohorts(one.context())).sentence.split("\n")).toHaveLength(2);
    await expect(removeCohort(one.context(), "a")).rejects.toMatchObject({ code: "BG382" });
  });

  it("stays where it is when everyone else is moved back, and the revert says so", async () => {
    const one = world();
    await addCohort(one.context(), WANTED);
    await revert(one.context(), {
      reason: "bad",
      wait: false,
      routeArn: undefined,
      to: undefined,
      startedWallMs: 0,
    });
    expect(one.live).toEqual({ blue: 100, green: 0 });
    expect(one.config.cohorts).toHaveLength(1);
    expect(one.events).toContainEqual({
      kind: "note",
      message: "cohort internal is still on green: npx bluegreen cohort remove internal",
    });
  });

  it("ends by the next step once its time is over", async () => {
    const one = world();
    await addCohort(one.context(), WANTED);
    one.clock.advance(15 * DAY);
    expect((await status(one.context())).cohorts[0]).toContain("which is over");
    const look = () => step(one.context(), { start: false, startDeadlineMs: Infinity, agreed: undefined });
    expect((await look()).sentence).toBe("the time of cohort internal is over: it goes by the route again");
    expect(one.config.cohorts).toEqual([]);
    expect((await look()).sentence).toContain("nothing to do");
  });

  it("says that nobody has tested the model that it gets, or that its release was rolled back", async () => {
    const raw = untested();
    const green = { ...raw.green, cohortGroup: true };
    const fresh = world({ ...raw, green });
    const added = await addCohort(fresh.context(), WANTED);
    expect(added.sentence).toContain("What these people get on green is not proven: it was not tested");
    const release = { ...raw.release, state: "rolledBack", reason: "too slow" };
    const back = world({ ...raw, green, release });
    expect((await addCohort(back.context(), WANTED)).sentence).toContain(
      "is not proven: its release v2-g3 was rolled back: too slow",
    );
    const active = await addCohort(world().context(), WANTED);
    expect(active.sentence).not.toContain("not proven");
  });

  it("is not given a model that nobody has tested: a deploy onto its slot is refused while it is there", async () => {
    const one = world({ ...oneModel(), rollout: { ...oneModel().rollout, cohorts: true } });
    one.health = { blue: counts(2), green: counts(2) };
    const options = { minTasks: undefined, maxTasks: undefined, overrides: {} };
    const v2 = { ...options, image: DIGEST("b"), modelVersion: "2" };
    const v3 = { ...options, image: DIGEST("c"), modelVersion: "3" };
    await deploy(one.context(), v2);
    await addCohort(one.context(), { ...WANTED, until: { days: 1 } });
    const refused = deploy(one.context(), v3);
    await expect(refused).rejects.toMatchObject({ code: "BG384" });
    await expect(refused).rejects.toThrow("npx bluegreen cohort remove internal");
    // The same model again is waited for once more.
    await deploy(one.context(), v2);
    expect(one.updates).toBe(2);
    // A deploy takes away whose time is over.
    one.clock.advance(2 * DAY);
    expect(await deploy(one.context(), v3)).toMatchObject({ slot: "green" });
    expect(one.config.cohorts).toEqual([]);
  });

  it("is refused for a slot that something else fills, whose group for cohorts nobody would fill", async () => {
    const { green } = promoted();
    const one = world({ green: { ...green, cohortGroup: true, service: { kind: "external" } } });
    const added = addCohort(one.context(), WANTED);
    await expect(added).rejects.toMatchObject({ code: "BG380" });
    await expect(added).rejects.toThrow("something else fills green");
    expect(one.updates).toBe(0);
  });

  it.each([
    ["a slot that was deployed without a group for it", { ...WANTED, slot: "blue" as const }, "BG380"],
    ["a header that is ours", { ...WANTED, headers: ["x-slot=green"] }, "BG381"],
    ["two headers", { ...WANTED, headers: ["x-team=ml", "x-other=1"] }, "BG381"],
    ["a header without a value", { ...WANTED, headers: ["x-team"] }, "BG381"],
    ["a value that stands for others", { ...WANTED, headers: ["x-team=*"] }, "BG381"],
    [
      "more values than a rule takes",
      { ...WANTED, headers: ["a", "b", "c", "d", "e"].map((v) => `x-team=${v}`) },
      "BG381",
    ],
    ["an end that is past", { ...WANTED, until: { time: "2020-01-01T00:00:00Z" } }, "BG381"],
    ["an end that is no time", { ...WANTED, until: { time: "soon" } }, "BG381"],
  ])("is refused with %s", async (_title, wanted, code) => {
    const one = world();
    await expect(addCohort(one.context(), wanted)).rejects.toMatchObject({ code });
    expect(one.updates).toBe(0);
  });
});
