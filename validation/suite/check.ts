/**
 * - `fail`: proven bad.
 * - `insufficient`: neither proven bad nor shown good; more examples are needed, or a person's judgement.
 * - `notRun`: it would have said nothing, because of what an earlier check found.
 */
export type CheckAnswer = "pass" | "fail" | "insufficient" | "notRun";

/** One check of the suite with what it saw. */
export interface Check {
  readonly name: string;
  readonly answer: CheckAnswer;
  /** One sentence with the numbers that decided. */
  readonly reason: string;
  readonly numbers: Readonly<Record<string, number>>;
}

export const check = (
  name: string,
  answer: CheckAnswer,
  reason: string,
  numbers: Check["numbers"] = {},
): Check => ({ name, answer, reason, numbers });

export type SuiteOutcome = "passed" | "failed" | "insufficient";

/** A suite has passed when each of its checks has. */
export function outcomeOf(checks: readonly Check[]): SuiteOutcome {
  if (checks.some(({ answer }) => answer === "fail")) return "failed";
  const passed = checks.length > 0 && checks.every(({ answer }) => answer === "pass");
  return passed ? "passed" : "insufficient";
}
