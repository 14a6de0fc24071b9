import { expect, test } from "vitest";
import { parseConfig } from "../../contract/config/parse.ts";

const problemsOf = (suite: object) => {
  const parsed = parseConfig({ suite: JSON.stringify(suite) });
  return parsed.ok ? [] : parsed.problems.map(({ key }) => key);
};

test("a suite whose texts are scored by a program names the program", () => {
  expect(problemsOf({ match: "command" })).toEqual(["suite.scorer"]);
  expect(problemsOf({ match: "command", scorer: ["python3", "judge.py", 3] })).toEqual([]);
});

test("how texts match is nothing for numbers", () => {
  expect(problemsOf({ task: "regression", match: "contains" })).toEqual(["suite.match"]);
  expect(problemsOf({ task: "text", match: "contains" })).toEqual([]);
});

test("a check is waived by its name and with a reason, and so is a slice", () => {
  expect(problemsOf({ waive: { "slice country=DE": "few users", loss: "new labels" } })).toEqual([]);
  for (const waive of [{ "slice country": "few users" }, { loss: "" }, { losses: "new labels" }, ["loss"]])
    expect(problemsOf({ waive })).toEqual(["suite.waive"]);
});

test("with a file all keys stand in it: what stands beside it in the stack is refused at once", () => {
  expect(problemsOf({ file: "suite.yaml" })).toEqual([]);
  const parsed = parseConfig({
    suite: JSON.stringify({ file: "suite.yaml", minAccuracy: 0.9, waive: { loss: "new labels" } }),
  });
  expect(parsed.ok ? [] : parsed.problems).toEqual([
    {
      key: "suite",
      got: "file, minAccuracy, waive",
      allowed: "file alone: all other keys stand in that file",
      fix: "pulumi config rm --path suite.minAccuracy && pulumi config rm --path suite.waive",
    },
  ]);
});
