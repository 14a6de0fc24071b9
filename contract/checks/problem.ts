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

/** `got`: as text, or as the JSON that Pulumi stores. */
export const problem = (key: string, got: unknown, allowed: string, mend: string): Problem => ({
  key,
  got: typeof got === "string" ? got : JSON.stringify(got),
  allowed,
  mend,
});

export function showProblem({ key, got, allowed, mend }: Problem): string {
  return `${key} is ${got}; allowed: ${allowed}. Mend it: ${mend}`;
}

/** All problems at once, so that nobody mends them one run at a time. */
export function showProblems(problems: readonly Problem[]): string {
  const lead = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`${lead} in the stack configuration:`, ...problems.map((p) => `  - ${showProblem(p)}`)].join("\n");
}
