import { describe, expect, it } from "vitest";
import { cohortDeadlineMinutes, readSchedule, deadlineMinutesAt } from "../../contract/release/schedule.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import { approvalShares, cohortStepOf, percents, stepAt, withoutBakes } from "../../contract/config/steps.ts";

const STEPS = [
  10,
  { percent: 50, bakeMinutes: 60, approval: true },
  { percent: 95, bakeMinutes: 720, provenRatio: 1.5 },
];
const rolloutOf = (rollout: object) => {
  const parsed = parseConfig({ rollout: JSON.stringify(rollout) });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ key, allowed }) => `${key}: ${allowed}`).join("; "));
  return parsed.config.rollout;
};
const refused = (rollout: object) => {
  const parsed = parseConfig({ rollout: JSON.stringify(rollout) });
  return parsed.ok ? [] : parsed.problems.map(({ key }) => key);
};

describe("rollout.steps", () => {
  const rollout = rolloutOf({ steps: STEPS, approvals: [10] });

  it("takes shares and shares with settings of their own, in one list", () => {
    expect(percents(rollout.steps)).toEqual([10, 50, 95]);
    expect(stepAt(rollout, 10)).toMatchObject({ index: 0, bakeMinutes: 10 });
    expect(stepAt(rollout, 50)).toMatchObject({ index: 1, bakeMinutes: 60, approval: true });
    expect(stepAt(rollout, 95)).toMatchObject({ index: 2, bakeMinutes: 720, provenRatio: 1.5 });
  });

  it("gives a share between two steps to the one above it, and a greater one to the last", () => {
    expect(stepAt(rollout, 5).index).toBe(0);
    expect(stepAt(rollout, 30).index).toBe(1);
    expect(stepAt(rollout, 100).index).toBe(2);
  });

  it("marks shares for a person in either place", () => {
    expect(approvalShares(rollout)).toEqual([10, 50]);
  });

  it("bakes nowhere on the fast track", () => {
    const fast = withoutBakes(rollout);
    expect(percents(fast.steps).map((share) => stepAt(fast, share).bakeMinutes)).toEqual([0, 0, 0]);
    expect(approvalShares(fast)).toEqual([10, 50]);
  });

  it.each([
    ["a setting that there is not", [{ percent: 10, bake: 3 }, 100]],
    ["settings without a share", [{ bakeMinutes: 3 }, 100]],
    ["a share of nothing", [{ percent: 0 }, 100]],
    ["a ratio that proves nothing", [{ percent: 10, provenRatio: 1 }, 100]],
    ["shares that fall", [50, { percent: 10 }, 100]],
  ])("refuses %s", (_, steps) => {
    expect(refused({ steps })).toEqual(["rollout.steps"]);
  });

  it("refuses a deadline that a step's own bake outlasts, and an approval of no step", () => {
    expect(refused({ steps: STEPS, deadlineMinutes: 600 })).toEqual(["rollout.deadlineMinutes"]);
    expect(refused({ steps: STEPS, approvals: [25] })).toEqual(["rollout.approvals"]);
  });
});

describe("a cohort in rollout.steps", () => {
  const rollout = rolloutOf({ steps: [{ cohort: "internal", bakeMinutes: 60 }, ...STEPS], approvals: [10] });

  it("comes before the shares, and is none of them", () => {
    expect(cohortStepOf(rollout)).toEqual({ cohort: "internal", bakeMinutes: 60 });
    expect(percents(rollout.steps)).toEqual([10, 50, 95]);
    expect(stepAt(rollout, 50)).toMatchObject({ index: 1, bakeMinutes: 60, approval: true });
    expect(approvalShares(rollout)).toEqual([10, 50]);
    expect(cohortStepOf(withoutBakes(rollout))?.bakeMinutes).toBe(0);
    expect(cohortStepOf(rolloutOf({ steps: STEPS }))).toBeUndefined();
  });

  it("bakes as long as every step, and takes numbers as Pulumi stores them", () => {
    const bake = (cohort: object) => cohortStepOf(rolloutOf({ steps: [cohort, 100] }))?.bakeMinutes;
    expect(bake({ cohort: "internal" })).toBe(10);
    expect(bake({ cohort: "internal", bakeMinutes: "30" })).toBe(30);
  });

  it("is decided within four times its bake, an hour at least, or as the policy says", () => {
    expect([5, 60].map((bake) => cohortDeadlineMinutes(rolloutOf({}), bake))).toEqual([60, 240]);
    expect(cohortDeadlineMinutes(rolloutOf({ deadlineMinutes: 90 }), 60)).toBe(90);
  });

  it.each([
    ["no name", [{ cohort: "" }, 100], "a list of whole percents"],
    ["a name that no cohort can have", [{ cohort: "My team" }, 100], "a list of whole percents"],
    ["a share beside it", [{ cohort: "internal", percent: 10 }, 100], "a list of whole percents"],
    ["a bake that is none", [{ cohort: "internal", bakeMinutes: "long" }, 100], "a list of whole percents"],
    ["a setting of shares", [{ cohort: "internal", approval: true }, 100], "a list of whole percents"],
    ["no share after it", [{ cohort: "internal" }], "at least one percent"],
    ["a share before it", [10, { cohort: "internal" }, 100], "one cohort at most, as the first entry"],
    ["another cohort", [{ cohort: "a" }, { cohort: "b" }, 100], "one cohort at most, as the first entry"],
  ])("is refused once with %s", (_what, steps, allowed) => {
    const parsed = parseConfig({ rollout: JSON.stringify({ steps }) });
    const problems = parsed.ok ? [] : parsed.problems;
    expect(problems.map(({ key }) => key)).toEqual(["rollout.steps"]);
    expect(problems[0]?.allowed).toContain(allowed);
  });

  it("is refused with a deadline that its bake outlasts", () => {
    const steps = [{ cohort: "internal", bakeMinutes: 120 }, 100];
    expect(refused({ steps, deadlineMinutes: 60 })).toEqual(["rollout.deadlineMinutes"]);
  });
});

describe("the deadline of a step", () => {
  const schedule = { provenRatios: [10], minutes: [15, 40, 20], odds: [] };

  it("is four times what was planned for it or baked in it, and an hour at least", () => {
    const rollout = { ...rolloutOf({ steps: STEPS }), schedule };
    expect([10, 50, 95].map((share) => deadlineMinutesAt(rollout, share))).toEqual([60, 240, 2880]);
    expect(deadlineMinutesAt(rolloutOf({}), 50)).toBe(60);
  });

  it("is what the policy says where it says something", () => {
    expect(deadlineMinutesAt({ ...rolloutOf({ deadlineMinutes: 45 }), schedule }, 50)).toBe(45);
  });
});

describe("a schedule as the release keeps it", () => {
  it("is read as it was written", () => {
    const schedule = {
      provenRatios: [10, 5, 5],
      provenRate: 0.02,
      minutes: [15, 20, 10],
      odds: [{ fault: "twice as often", promoted: 0.01 }],
    };
    expect(readSchedule(JSON.parse(JSON.stringify(schedule)))).toEqual(schedule);
  });

  it.each([
    [{}],
    [{ provenRatios: ["10"], minutes: [], odds: [] }],
    [{ provenRatios: [], minutes: [], odds: [{}] }],
  ])("is refused where it is none: %j", (raw) => {
    expect(readSchedule(raw)).toBeUndefined();
  });
});
