import type { StackConfig } from "../config/stack-config.ts";
import { problem, type Problem } from "./problem.ts";

/** What does not fit within `suite`. */
export function suiteProblems({ suite }: Pick<StackConfig, "suite">): readonly Problem[] {
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

/** A key that stands in the stack and in a file would have two values: with a file, all of them stand there. */
export function besideSuiteFile(given: Readonly<Record<string, unknown>>): readonly Problem[] {
  const others = Object.keys(given).filter((key) => key !== "file");
  if (given["file"] === undefined || others.length === 0) return [];
  const fix = others.map((key) => `pulumi config rm --path suite.${key}`).join(" && ");
  return [
    problem("suite", Object.keys(given).join(", "), "file alone: all other keys stand in that file", fix),
  ];
}
