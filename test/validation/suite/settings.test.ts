import { expect, test } from "vitest";
import { parseConfig } from "../../../contract/config/parse.ts";
import type { SuitePolicy } from "../../../contract/config/suite.ts";
import { goldenOf } from "../../../validation/suite/golden.ts";
import { planTest } from "../../../validation/suite/dry-run.ts";
import { testCandidate, type SuiteTools } from "../../../validation/suite/test-candidate.ts";
import { candidateReady } from "../support/samples.ts";
import { World } from "../support/world.ts";
import { fakeSlots, golden, goodService, virtualMachine } from "./support/fake-slots.ts";

const stackConfig = (suite: object) => {
  const parsed = parseConfig({ suite: JSON.stringify(suite) });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
};

/** The settings of a stack whose suite stands in this file. */
async function settings(text: string, name = "suite.yaml"): Promise<SuitePolicy> {
  const files = new Map([
    [name, text],
    ["golden.jsonl", golden(3)],
  ]);
  const readFile = async (path: string) => {
    const found = files.get(path);
    if (found === undefined) throw new Error(`ENOENT: ${path}`);
    return found;
  };
  return (await goldenOf(readFile, stackConfig({ file: name }))).suite;
}

test("a file of YAML, and one of JSON, say what the stack would", async () => {
  const inStack = stackConfig({
    goldenSet: "golden.jsonl",
    minAccuracy: 0.9,
    waive: { health: "none" },
  }).suite;
  const yaml = "# ours\ngoldenSet: golden.jsonl\nminAccuracy: 0.9\nwaive:\n  health: none\n";
  const json =
    '{\n\t"$schema": "suite.schema.json",\n\t"goldenSet": "golden.jsonl",\n\t"minAccuracy": 0.9,\n\t"waive": { "health": "none" }\n}';
  expect(await settings(yaml)).toEqual({ ...inStack, file: "suite.yaml" });
  expect(await settings(json, "suite.json")).toEqual({ ...inStack, file: "suite.json" });
});

test.each([
  [
    "unknown keys and values that are not allowed, all at once",
    "minAccurracy: 0.9\nmaxLoss: 3\nfile: b.yaml\n",
    [
      /suite\.minAccurracy is unknown; allowed: one of goldenSet, /,
      /suite\.maxLoss is 3; allowed: a number above 0, at most 1/,
      /suite\.file is unknown/,
    ],
  ],
  ["what does not fit together", "match: command\n", [/suite\.scorer is \[\]; allowed: a program/]],
  ["no YAML", "goldenSet: [\n", [/suite\.yaml: Flow sequence/]],
  ["a key that is there twice", "maxLoss: 1\nmaxLoss: 0.5\n", [/keys must be unique/]],
  ["a list", "- maxLoss\n", [/suite is \["maxLoss"\]; allowed: an object/]],
])("a file is refused for %s", async (_, text, words) => {
  const refused = settings(text);
  await expect(refused).rejects.toMatchObject({ code: "BG189", exitCode: 64 });
  for (const word of words) await expect(refused).rejects.toThrow(word);
});

test("a file that is not there is refused, and not taken for an empty one", async () => {
  const readFile = () => Promise.reject(new Error("ENOENT: suite.yaml"));
  await expect(goldenOf(readFile, stackConfig({ file: "suite.yaml" }))).rejects.toMatchObject({
    code: "BG189",
  });
});

test("the candidate is judged by the file, and test and dry run say which it was", async () => {
  const { release, ...rest } = candidateReady();
  const world = new World({
    ...rest,
    testToken: "a".repeat(32),
    localCloud: "http://127.0.0.1:1",
    release: { ...release, tested: undefined },
    suite: { file: "suite.yaml" },
  });
  const files = new Map([
    ["suite.yaml", "goldenSet: golden.jsonl\nminAccuracy: 1\n"],
    ["golden.jsonl", golden(300)],
  ]);
  const tools: SuiteTools = {
    connect: () => fakeSlots({ blue: goodService("1"), green: goodService("2") }).ask,
    connectStreams: () => () => Promise.reject(new Error("nobody streams")),
    wait: virtualMachine().wait,
    readFile: async (path) => files.get(path) ?? "",
  };
  const plan = await planTest(world.context(), tools, { golden: undefined });
  expect(plan.suiteFile).toBe("suite.yaml");
  expect(plan.sentence).toContain("300 examples of golden.jsonl, settings of suite.yaml; no user sees them");
  const { checks } = await testCandidate(world.context(), tools, { golden: undefined });
  expect(checks.find(({ name }) => name === "accuracy")).toMatchObject({
    answer: "insufficient",
    numbers: { bound: 1 },
  });
  expect(JSON.stringify(world.events)).toContain("300 examples of golden.jsonl, settings of suite.yaml");
});
