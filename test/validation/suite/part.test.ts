import { describe, expect, test } from "vitest";
import { showTestPlan } from "../../../cli/view/suite.ts";
import { planTest } from "../../../validation/suite/dry-run.ts";
import { runSuite } from "../../../validation/suite/run.ts";
import type { SuiteProgress } from "../../../validation/suite/progress.ts";
import { testCandidate, type SuiteTools } from "../../../validation/suite/test-candidate.ts";
import { candidateReady } from "../support/samples.ts";
import { World } from "../support/world.ts";
import {
  fakeSlots,
  golden,
  goodService,
  introduced,
  json,
  virtualMachine,
  type Service,
} from "./support/fake-slots.ts";
import { aSubject } from "./support/subject.ts";

const sides = { candidate: "green", active: "blue" } as const;
const run = async (only: readonly string[], green: Service = goodService("2")) => {
  const slots = fakeSlots({ blue: goodService("1"), green });
  const told: SuiteProgress[] = [];
  const subject = aSubject({ introductions: await introduced(slots.ask, sides) });
  const before = slots.asked.length;
  const { outcome, checks } = await runSuite(slots.ask, subject, {
    ...slots.machine,
    only,
    report: (progress) => told.push(progress),
  });
  return {
    outcome,
    names: checks.map(({ name }) => name),
    checks,
    told,
    requests: slots.asked.length - before,
  };
};

describe("a part of the suite", () => {
  test.each([
    [["health"], 10],
    [["accuracy"], 700],
    [["failures-under-load"], 650],
    [["answers-under-load-vs-active"], 1350],
    [["perturbation", "well-afterwards"], 1100],
  ])("makes %j alone, and asks nothing that it does not need", async (only, mostRequests) => {
    const { names, outcome, requests } = await run(only);
    expect(names.toSorted()).toEqual(only.toSorted());
    expect(outcome).toBe("passed");
    expect(requests).toBeLessThan(mostRequests);
  });

  test("has not passed when there is no such check", async () => {
    const { outcome, checks } = await run(["accuracy", "acuracy"]);
    expect(outcome).toBe("insufficient");
    expect(checks.find(({ name }) => name === "acuracy")).toMatchObject({
      answer: "notRun",
      reason: "there is no such check of this model",
    });
  });
});

describe("progress", () => {
  test("names each part in its turn, and the time that is left becomes less", async () => {
    const { told } = await run([]);
    expect([...new Set(told.map(({ stage }) => stage))]).toEqual([
      "golden",
      "load",
      "behaviour",
      "malformed",
    ]);
    const left = told.map(({ secondsLeft }) => secondsLeft);
    expect(left[0]).toBeGreaterThan(5);
    expect(left.at(-1)).toBeLessThan(3);
  });
});

const untested = () => {
  const { release, ...rest } = candidateReady();
  return {
    ...rest,
    testToken: "a".repeat(32),
    localCloud: "http://127.0.0.1:1",
    release: { ...release, tested: undefined },
  };
};
const toolsFor = (green: Service = goodService("2")) => {
  const slots = fakeSlots({ blue: goodService("1"), green });
  const tools: SuiteTools = {
    connect: () => slots.ask,
    connectStreams: () => () => Promise.reject(new Error("nobody streams")),
    wait: virtualMachine().wait,
    readFile: async () => golden(300),
  };
  return { tools, slots };
};

describe("test --only", () => {
  test("stores nothing, for a part of the tests is no test of the candidate", async () => {
    const world = new World(untested());
    const outcome = await testCandidate(world.context(), toolsFor().tools, {
      golden: undefined,
      only: ["health"],
    });
    expect(outcome).toMatchObject({ exitCode: 0, outcome: "passed" });
    expect(outcome.sentence).toMatch(/a part of the tests is not stored: npx bluegreen test$/);
    expect([world.updates, world.config.release?.tested]).toEqual([0, undefined]);
  });

  test("needs manual action when the check fails", async () => {
    const { tools } = toolsFor((question, count) =>
      question.path === "/health" ? json(503, {}) : goodService("2")(question, count),
    );
    const options = { golden: undefined, only: ["health"] };
    const outcome = await testCandidate(new World(untested()).context(), tools, options);
    expect(outcome).toMatchObject({ exitCode: 10, outcome: "failed" });
  });
});

describe("test --dry-run", () => {
  test("says how many requests and seconds each part takes, after a handful of them", async () => {
    const world = new World(untested());
    const { tools, slots } = toolsFor();
    const plan = await planTest(world.context(), tools, { golden: undefined });
    expect(slots.asked.length).toBeLessThan(30);
    expect(plan.stages.map(({ stage }) => stage)).toEqual([
      "conduct",
      "golden",
      "load",
      "behaviour",
      "malformed",
    ]);
    expect(plan.stages.find(({ stage }) => stage === "golden")).toMatchObject({ requests: 680 });
    expect(plan.secondsPerAnswer).toBeCloseTo(0.01);
    expect(showTestPlan(plan)).toMatch(/golden +up to 680 requests, about 7 s\n/);
    expect(plan.sentence).toContain("with 300 examples of examples/digits/golden.jsonl");
    expect(world.updates).toBe(0);
  });

  test("of a part says what that takes", async () => {
    const { tools } = toolsFor();
    const options = { golden: undefined, only: ["malformed-input"] };
    const { stages } = await planTest(new World(untested()).context(), tools, options);
    expect(stages.map(({ stage }) => stage)).toEqual(["conduct", "golden", "malformed"]);
  });
});
