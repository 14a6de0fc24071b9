import type { StackConfig } from "../config/stack-config.ts";
import { problem, type Problem } from "./problem.ts";

/** What does not fit within `suite`. */
export function suiteProblems({ suite }: StackConfig): readonly Problem[] {
  const { task, match, scorer } = suite;
  const rm = (key: string) => `pulumi config rm --path suite.${key}`;
  return [
    ...(match === "command" && scorer.length === 0
      ? [
          problem(
            "suite.scorer",
            scorer,
            "a program and its arguments, because suite.match is command",
            "pulumi config set --path 'suite.scorer[0]' <program>",
          ),
        ]
      : []),
    ...(match !== "exact" && task !== "auto" && task !== "text"
      ? [
          problem(
            "suite.match",
            match,
            `exact, because suite.task is ${task}; others are for text`,
            rm("match"),
          ),
        ]
      : []),
  ];
}
