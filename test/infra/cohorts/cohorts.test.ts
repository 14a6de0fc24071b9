import { describe, expect, test } from "vitest";
import { parseOutputs } from "../../../contract/names/outputs.ts";
import { find, keysOf, runProgram } from "../../support/pulumi-mocks.ts";
import { HTTPS, IMAGE, OTHER_IMAGE, TOKEN, TYPE } from "../configs.ts";

const OPEN = { service: HTTPS, testToken: TOKEN, rollout: { cohorts: true } };
const SLOTS = {
  blue: { image: IMAGE, modelVersion: "7" },
  green: { image: OTHER_IMAGE, modelVersion: "8", cohortGroup: true },
};
const INTERNAL = {
  name: "internal",
  slot: "green",
  header: "x-team",
  values: ["ml"],
  until: "2026-12-31T00:00:00Z",
  place: 1,
};

describe("cohorts in the program", () => {
  test("a slot that was deployed with them has a group of its own, in a rule also while nobody is in it", async () => {
    const run = await runProgram({ ...OPEN, ...SLOTS });
    expect(keysOf(run)).toContain(`${TYPE.targetGroup}::green-cohort`);
    expect(keysOf(run)).not.toContain(`${TYPE.targetGroup}::blue-cohort`);
    expect(keysOf(run)).toContain(`${TYPE.rule}::green-cohort`);
    const balancers = (slot: string) => find(run, `${TYPE.service}::${slot}`).inputs["loadBalancers"];
    expect(balancers("green")).toHaveLength(3);
    expect(balancers("blue")).toHaveLength(2);
  });

  test("the outputs tell the tools which group counts them, where there is one", async () => {
    const slots = parseOutputs((await runProgram({ ...OPEN, ...SLOTS })).outputs)?.slots;
    expect(slots?.green.cohortTargetGroupSuffix).toMatch(/^targetgroup\//);
    expect(slots?.green.cohortTargetGroupSuffix).not.toBe(slots?.green.targetGroupSuffix);
    expect(slots?.blue.cohortTargetGroupSuffix).toBeUndefined();
  });

  test("the rule of its group is as closed as a test rule", async () => {
    const run = await runProgram({ ...OPEN, ...SLOTS, service: { ...HTTPS, testCidrs: ["10.0.0.0/8"] } });
    const conditions = (name: string) => find(run, `${TYPE.rule}::${name}`).inputs["conditions"];
    const asTest = JSON.stringify(conditions("green-test")).replace('["green"]', '["green-cohort"]');
    expect(JSON.stringify(conditions("green-cohort"))).toBe(asTest);
    expect(asTest).toContain("10.0.0.0/8");
  });

  test("a cohort's rule stands before all others of the stack, and its group is no part of the route", async () => {
    const run = await runProgram({ ...OPEN, ...SLOTS, cohorts: [INTERNAL] });
    const priority = (name: string) => Number(find(run, `${TYPE.rule}::${name}`).inputs["priority"]);
    const rule = find(run, `${TYPE.rule}::cohort-internal`).inputs;
    expect(rule["conditions"]).toEqual([
      { pathPattern: { values: ["/*"] } },
      { httpHeader: { httpHeaderName: "x-team", values: ["ml"] } },
    ]);
    const order = ["cohort-internal", "green-cohort", "blue-test", "green-test", "route"].map(priority);
    expect(order).toEqual([95, 97, 98, 99, 100]);
    expect(JSON.stringify(find(run, `${TYPE.rule}::route`).inputs)).not.toContain("some");
  });

  test.each([
    ["a slot that was deployed without them", { cohorts: [{ ...INTERNAL, slot: "blue" }] }, "cohorts[0]"],
    [
      "a slot that something else fills",
      { cohorts: [INTERNAL], green: { ...SLOTS.green, service: { kind: "external" } } },
      "something else fills green",
    ],
    ["a listener with no room before the route", { network: { priority: 14 } }, "network.priority"],
    ["no test token", { testToken: undefined }, "testToken"],
    ["no test token, after they were turned off", { testToken: undefined, rollout: {} }, "testToken"],
    [
      "more values than a rule takes",
      { cohorts: [{ ...INTERNAL, values: ["a", "b", "c", "d", "e"] }] },
      "at most 4",
    ],
    ["two of one place", { cohorts: [INTERNAL, { ...INTERNAL, name: "two" }] }, "a place of its own"],
  ])("are refused with %s", async (_title, own, words) => {
    const raw = Object.fromEntries(
      Object.entries({ ...OPEN, ...SLOTS, ...own }).filter(([, value]) => value !== undefined),
    );
    await expect(runProgram(raw)).rejects.toThrow(words);
  });
});
