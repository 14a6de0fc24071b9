/** One thing that is wrong with what the user gave, and what mends it. */
export interface Problem {
  /** The configuration key or argument, with its path: `service.port`. */
  readonly key: string;
  /** What was given, as text. */
  readonly got: string;
  /** What is allowed there. */
  readonly allowed: string;
  /** The command that mends it. */
  readonly mend: string;
}

export function showProblem(problem: Problem): string {
  return `${problem.key} is ${problem.got}; allowed: ${problem.allowed}. Mend it: ${problem.mend}`;
}

/** All problems at once, so that nobody mends them one run at a time. */
export function showProblems(problems: readonly Problem[]): string {
  const lead = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`${lead} in the stack configuration:`, ...problems.map((p) => `  - ${showProblem(p)}`)].join("\n");
}
