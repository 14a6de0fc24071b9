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

test("a slice is waived by its name", () => {
  expect(problemsOf({ waive: ["slice country=DE", "loss"] })).toEqual([]);
  expect(problemsOf({ waive: ["slice country"] })).toEqual(["suite.waive"]);
});
