import { describe, expect, it } from "vitest";
import { PRICES } from "../../../validation/insight/cost/prices.ts";
import { STEPS, TEARDOWN_MINUTES, type ExperimentStep } from "../../../tools/aws-run/experiments.ts";
import { readOptions } from "../../../tools/aws-run/options.ts";
import { planOf, planWords, tooLittle, USUAL_LIMITS } from "../../../tools/aws-run/plan.ts";

const step = (more: Partial<ExperimentStep>): ExperimentStep => ({
  id: "base",
  lane: "requests",
  title: "",
  does: [],
  makes: [],
  minutes: 10,
  ...more,
});
const balancer = [1, { what: "load balancer", charges: [["loadBalancer", 2]] }] as const;

describe("the plan of a run on an account", () => {
  it("fits into the usual budget and time", () => {
    const plan = planOf(STEPS, USUAL_LIMITS);
    expect(tooLittle(plan, USUAL_LIMITS)).toBeUndefined();
    expect(plan.minutes).toBeLessThan(60);
    expect(plan.mostUsd).toBeLessThan(5);
  });

  it("lets lanes run side by side, steps of one lane after each other, and ends with the teardown", () => {
    const plan = planOf(
      [step({}), step({ id: "route", minutes: 5 }), step({ id: "alarms", lane: "beside", minutes: 12 })],
      USUAL_LIMITS,
    );
    expect(plan.steps.map(({ id, atMinute }) => [id, atMinute])).toEqual([
      ["base", 0],
      ["alarms", 0],
      ["route", 10],
    ]);
    expect(plan.minutes).toBe(15 + TEARDOWN_MINUTES);
  });

  it("asks for a piece from the start of its step to the end of the run, and at most for all of the time", () => {
    const plan = planOf([step({ minutes: 18 }), step({ id: "route", makes: [balancer], minutes: 30 })], {
      usd: 5,
      minutes: 120,
    });
    expect(plan.minutes).toBe(60);
    expect(plan.usd).toBeCloseTo((2 * PRICES.loadBalancer.usd * 42) / 60);
    expect(plan.mostUsd).toBeCloseTo(2 * PRICES.loadBalancer.usd * 2);
  });

  it.each([
    [{ usd: 5, minutes: 40 }, "it takes up to 53 minutes, 40 are allowed."],
    [{ usd: 0.1, minutes: 60 }, /^it may cost 0\.\d\d USD in 60 minutes, 0\.10 USD are allowed\.$/],
  ])("says what does not suffice of %o", (limits, words) => {
    expect(tooLittle(planOf(STEPS, limits), limits)).toEqual(
      typeof words === "string" ? words : expect.stringMatching(words),
    );
  });

  it("prints every step in order with what it makes, what it costs, and what it answers", () => {
    const words = planWords(planOf(STEPS, USUAL_LIMITS), USUAL_LIMITS);
    for (const { id, title } of STEPS)
      expect(words).toMatch(new RegExp(`^minute .*\\d min at most, \\d\\.\\d{3} USD: ${id}, ${title}$`, "m"));
    for (const line of STEPS.flatMap(({ does }) => does)) expect(words).toContain(line);
    expect(words).toContain("answers cookie-at-weight-0, cookie-stickiness-off");
    expect(words).toMatch(/In all: 53 minutes of 60, 0\.\d\d USD, at most 0\.\d\d USD of 5\.00 USD\./);
  });
});

describe("the command line of a run on an account", () => {
  const read = (...args: string[]) => readOptions(args, { AWS_REGION: "eu-west-1" });

  it("is a dry-run unless it says --go", () => {
    expect(read()).toMatchObject({ kind: "dryRun", limits: USUAL_LIMITS });
    expect(read("--go", "--account", "123456789012")).toMatchObject({
      kind: "go",
      account: "123456789012",
      region: "eu-west-1",
    });
    expect(read("--teardown", "--account", "123456789012", "--region", "us-east-1")).toMatchObject({
      kind: "teardown",
      region: "us-east-1",
      run: undefined,
    });
  });

  it("takes along what an experiment stands on", () => {
    const only = (...names: string[]) => {
      const options = read("--only", names.join());
      return options.kind === "dryRun" ? options.steps.map(({ id }) => id) : [];
    };
    expect(only("shift")).toEqual(["base", "shift"]);
    expect(only("rights")).toEqual(["release", "rights"]);
    expect(only("zones")).toEqual(["base", "zones"]);
    expect(only("certificates")).toEqual(["certificates"]);
  });

  it.each([
    [["--go"], /--account got ""; it takes the account's twelve digits/],
    [["--go", "--teardown"], /two commands/],
    [["--budget", "five"], /--budget got "five"; it takes a number above 0/],
    [["--minutes", "0"], /--minutes got "0"/],
    [["--only", "base,nothing"], /--only got nothing; there are base, route/],
    [["--go", "--account", "123456789012", "--subnets", "subnet-1"], /two or more/],
    [["--go", "--account", "123456789012", "--images", "a,a"], /two that differ/],
    [["--go", "--account", "123456789012", "--from", "::1"], /IPv4/],
    [["--now"], /--now/],
  ])("refuses %o", (args, words) => {
    expect(() => read(...args)).toThrow(words);
  });

  it("refuses to go without a region", () => {
    expect(() => readOptions(["--go", "--account", "123456789012"], {})).toThrow(/No region/);
  });
});
