/** One thing that is wrong with what the user gave, and what fixes it. */
export interface Problem {
  /** The configuration key or argument, with its path: `service.port`. */
  readonly key: string;
  /** What was given, as text. */
  readonly got: string;
  /** What is allowed there. */
  readonly allowed: string;
  /** The command that fixes it. */
  readonly fix: string;
}

/** `got`: as text, or as the JSON that Pulumi stores. */
export const problem = (key: string, got: unknown, allowed: string, fix: string): Problem => ({
  key,
  got: typeof got === "string" ? got : JSON.stringify(got),
  allowed,
  fix,
});

export function showProblem({ key, got, allowed, fix }: Problem): string {
  return `${key} is ${got}; allowed: ${allowed}. Fix it: ${fix}`;
}

/** All problems at once, so that nobody fixes them one run at a time. */
export function showProblems(problems: readonly Problem[]): string {
  const lead = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`${lead} in the stack configuration:`, ...problems.map((p) => `  - ${showProblem(p)}`)].join("\n");
}
