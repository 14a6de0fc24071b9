import { describe, expect, it } from "vitest";
import { frame } from "../../../cli/view/frame.ts";
import { evidenceRecord } from "../../../validation/report/evidence.ts";
import { explanation } from "../../../validation/report/explain.ts";
import { plan } from "../../../validation/planning/plan.ts";
import { status } from "../../../validation/insight/status.ts";
import { rollout as start } from "../../../validation/rollout/rollout.ts";
import { step } from "../../../validation/rollout/step.ts";
import { pause, resume } from "../../../validation/steering/steering.ts";
import { INTERNAL, worldWithCohort as world } from "../support/cohort-world.ts";
import { candidateReady, DIGEST } from "../support/samples.ts";
import type { World } from "../support/world.ts";

const MINUTE = 60_000;
const POLL = { pollMs: 30_000 };
const run = (one: World) => start(one.context(), POLL);
const look = (one: World) =>
  step(one.context(), { start: false, startDeadlineMs: Infinity, agreed: undefined });
/** The rollout until the cohort is on the candidate; then its process is gone. */
const begun = async (one: World) => {
  await start(one.context(), { ...POLL, oneStep: true });
  return one;
};
const slotOf = (one: World) => one.config.cohorts.map(({ slot }) => slot);

describe("a rollout whose first step is a cohort", () => {
  it("sends the cohort to the candidate, watches it for its bake, and goes on with the first share", async () => {
    const one = world();
    const startMs = one.clock.now();
    const outcome = await run(one);
    expect(outcome).toMatchObject({ exitCode: 0, result: "promoted" });
    expect(one.log).toEqual([
      "everything: bluegreen: release v2-g3 starts with cohort internal on green, for 60 minutes at least; users stay on blue",
      "route: bluegreen: release v2-g3 advances from cohort internal to 10 %",
      "route: bluegreen: release v2-g3 advances to 50 %",
      "route: bluegreen: release v2-g3 advances to 100 %",
      "route: bluegreen: release v2-g3 is promoted",
    ]);
    expect(one.clock.now() - startMs).toBeGreaterThanOrEqual((60 + 3 * 5) * MINUTE);
    expect(slotOf(one)).toEqual(["green"]);
    // What was planned for the pair of models before its first users is kept, as without a cohort.
    expect(one.history.at(-2)?.release?.compared?.schedule).toBeDefined();
  });

  it("gives no user to the candidate meanwhile, and each check says what decides", async () => {
    const one = await begun(world());
    expect(one.live).toEqual({ blue: 100, green: 0 });
    expect(one.config.release).toMatchObject({
      state: "running",
      weight: 0,
      cohort: { name: "internal", bakeMinutes: 60, moved: true },
    });
    one.clock.advance(30 * MINUTE);
    const { sentence, verdict, situation } = await look(one);
    expect({ situation, kind: verdict?.kind }).toEqual({ situation: "cohort", kind: "hold" });
    expect(sentence).toMatch(/^green with cohort internal: baking: 30\.\d of 60 minutes watched/);
    expect(sentence).toContain("compared with nobody");
    expect(verdict?.evidence.find(({ gate }) => gate === "cohort")?.answer.reason).toMatch(
      /^cohort internal: \d\d requests on green/,
    );
  });

  it("goes on where it was after its process was killed, by what the release remembers", async () => {
    const one = await begun(world());
    // A later wish of the policy changes nothing of a step that has begun.
    one.raw = {
      ...one.raw,
      rollout: JSON.stringify({ ...JSON.parse(one.raw["rollout"] ?? ""), steps: [10, 50, 100] }),
    };
    one.clock.advance(30 * MINUTE);
    expect((await look(one)).sentence).toContain("of 60 minutes watched");
    one.clock.advance(31 * MINUTE);
    await look(one);
    expect(one.live.green).toBe(10);
    expect(one.log.filter((line) => line.includes("starts with cohort"))).toHaveLength(1);
  });

  it("rolls a candidate back that fails the cohort's requests, although no alarm hears so few", async () => {
    const one = world();
    one.failureRate.green = 1;
    const outcome = await run(one);
    expect(outcome).toMatchObject({ exitCode: 20, result: "rolledBack" });
    expect(outcome.sentence).toContain("error-rate of cohort internal is 100 %");
    expect(outcome.sentence).toContain("cohort internal is back on blue");
    expect(one.log.at(-1)).toBe(
      "everything: bluegreen: cohort internal goes back to blue: release v2-g3 is rolled back",
    );
    expect(slotOf(one)).toEqual(["blue"]);
    expect(one.config.release).toMatchObject({ state: "rolledBack", cohort: { name: "internal" } });
    expect(one.config.release?.cohort).not.toHaveProperty("moved");
    // The next deploy of this digest finds it, as after a share.
    expect(one.config.release?.compared).toMatchObject({
      windows: [],
      refused: expect.stringContaining("100 %"),
    });
    expect(one.live).toEqual({ blue: 100, green: 0 });
  });

  it("gives a digest that failed its cohort nobody again, until a person says so", async () => {
    const compared = { active: DIGEST("a"), attempt: 1, windows: [], refused: "error-rate of its cohort" };
    const one = world({ release: { ...candidateReady().release, compared } });
    const outcome = await run(one);
    expect(outcome.result).toBe("waits");
    expect(outcome.sentence).toContain("the gates rolled this digest back before");
    expect(slotOf(one)).toEqual(["blue"]);
  });

  it("rolls back for an alarm on the candidate's tasks, too", async () => {
    const one = await begun(world());
    one.clock.advance(20 * MINUTE);
    one.alarmStates.green = { memory: { state: "ALARM", sinceMs: one.clock.now() - 5 * MINUTE } };
    const { exitCode, sentence } = await look(one);
    expect(exitCode).toBe(20);
    expect(sentence).toContain("memory is 95");
    expect(slotOf(one)).toEqual(["blue"]);
  });

  it("rolls nobody back for what hits the active slot as well", async () => {
    const one = await begun(world());
    one.failureRate.green = 1;
    one.alarmStates.blue = { "error-rate": { state: "ALARM", sinceMs: one.clock.now() } };
    one.clock.advance(30 * MINUTE);
    expect((await look(one)).verdict?.kind).toBe("hold");
    expect(slotOf(one)).toEqual(["green"]);
    // At its deadline that is for a person: nobody is on the candidate who could be given back.
    one.clock.advance(240 * MINUTE);
    expect((await look(one)).exitCode).toBe(10);
    expect(one.config.release?.state).toBe("running");
  });

  it("holds when the cohort sends nothing, and says so; at its deadline evidence is missing", async () => {
    const one = world();
    one.cohortPerMinute = 0;
    const outcome = await run(one);
    expect(outcome).toMatchObject({ exitCode: 11, result: "waits" });
    expect(outcome.sentence).toContain("no request of cohort internal on green");
    expect(one.live.green).toBe(0);
    expect(one.clock.now() - Date.parse(one.config.release?.stepSince ?? "")).toBeGreaterThanOrEqual(
      240 * MINUTE,
    );
  });

  it("goes back at its deadline where the policy says so, and the cohort with it", async () => {
    const one = world({}, { atDeadline: "revert" });
    one.cohortPerMinute = 0;
    expect(await run(one)).toMatchObject({ exitCode: 20, result: "rolledBack" });
    expect(slotOf(one)).toEqual(["blue"]);
  });

  it("holds when the counts cannot be read", async () => {
    const one = await begun(world());
    one.clock.advance(61 * MINUTE);
    one.failing.metrics = "throttled";
    expect((await look(one)).verdict).toMatchObject({ kind: "hold", why: "unreadable" });
    expect(one.live.green).toBe(0);
  });

  it("asks a person for the first share after the cohort, not for the cohort", async () => {
    const one = await begun(world({}, { approvals: [10] }));
    expect(slotOf(one)).toEqual(["green"]);
    one.clock.advance(61 * MINUTE);
    expect((await look(one)).verdict).toMatchObject({ kind: "hold", why: "approval" });
  });

  it("is paused and resumed like a share, and its bake goes on", async () => {
    const one = await begun(world());
    const paused = await pause(one.context(), "lunch");
    expect(paused.sentence).toContain("is paused at cohort internal");
    one.clock.advance(61 * MINUTE);
    expect((await look(one)).verdict).toMatchObject({ kind: "hold", why: "paused" });
    await resume(one.context());
    await look(one);
    expect(one.live.green).toBe(10);
  });

  it("is told by status and by plan", async () => {
    const one = await begun(world());
    const seen = await status(one.context());
    expect(seen.sentence).toContain("release v2-g3 is running with cohort internal on green");
    const planned = await plan(one.context(), { traffic: undefined, errorRate: undefined });
    expect(planned.sentence).toContain("cohort internal → 10 → 50 → 100 %");
    expect(planned.sentence).toContain("cohort internal has it for 60 minutes at least");
  });

  it("stands before the shares in the live view, with where it is", async () => {
    const one = world();
    await run(one);
    const lines = one.events.flatMap((event) =>
      event.kind === "checked" ? frame(event, { columns: 200, rows: 50, next: "" }) : [],
    );
    const seen = [...new Set(lines.flatMap((line) => /steps (.*?) {4}/.exec(line)?.[1] ?? []))];
    expect(seen.slice(0, 3)).toEqual([
      "○internal  ○10  ○50  ○100",
      "◐internal  ○10  ○50  ○100",
      "●internal  ◐10  ○50  ○100",
    ]);
  });

  it("is told to a person on call as a cohort, not as 0 %", async () => {
    const one = await begun(world());
    const record = evidenceRecord("prod", await look(one), one.clock.now());
    expect(explanation(record)).toMatch(/^WAITS: green, with cohort internal\n/);
  });

  it("bakes nowhere on the fast track, and still needs a request", async () => {
    const one = world({}, { fastTrackReleases: 5 });
    const earlier = one.config.release && { ...one.config.release, id: "v2-g1", state: "promoted" as const };
    one.history = [{ succeeded: true, message: "", release: earlier, modelVersion: "2" }];
    await begun(one);
    expect(one.config.release).toMatchObject({ fastTrack: "v2-g1", cohort: { bakeMinutes: 0 } });
    one.cohortPerMinute = 0;
    one.clock.advance(10 * MINUTE);
    expect((await look(one)).verdict?.kind).toBe("insufficient");
    one.cohortPerMinute = 3;
    one.clock.advance(MINUTE);
    await look(one);
    expect(one.live.green).toBe(10);
  });
});

describe("a rollout is refused, and nobody is moved, when the cohort of its first step", () => {
  it.each([
    ["is not there", { cohorts: [] }, "the stack has no cohort"],
    ["has another name", { cohorts: [{ ...INTERNAL, name: "partner" }] }, "allowed: partner"],
    ["is over", { cohorts: [{ ...INTERNAL, until: "2020-01-01T00:00:00Z" }] }, "it is over since"],
    [
      "finds no group on the candidate's slot",
      { green: candidateReady().green },
      "green was deployed without a group for cohorts",
    ],
    [
      "would find no targets, for something else fills the candidate's slot",
      { green: { ...candidateReady().green, cohortGroup: true, service: { kind: "external" } } },
      "something else fills green",
    ],
  ])("%s", async (_what, own, words) => {
    const one = world(own);
    const refused = run(one);
    await expect(refused).rejects.toMatchObject({ code: "BG383" });
    await expect(refused).rejects.toThrow(words);
    expect(one.updates + one.emergencyWrites).toBe(0);
  });
});
