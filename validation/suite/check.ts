import type { TEST_OUTCOMES } from "../../contract/release/release.ts";
import type { SuitePolicy } from "../../contract/config/suite.ts";

/**
 * - `fail`: proven bad.
 * - `warn`: looks bad and is not proven; said, and keeps nobody from passing.
 * - `insufficient`: neither proven bad nor shown good; more examples are needed, or a person's judgement.
 * - `notRun`: it would have said nothing, because of what an earlier check found.
 */
export type CheckAnswer = "pass" | "warn" | "fail" | "insufficient" | "notRun";

/** One check of the suite with what it saw. */
export interface Check {
  readonly name: string;
  readonly answer: CheckAnswer;
  /** One sentence with the numbers that decided. */
  readonly reason: string;
  readonly numbers: Readonly<Record<string, number>>;
  /** It did not pass, and `suite.waive` lets it go. */
  readonly waived?: boolean;
  /** Why, as `suite.waive` has it. */
  readonly waiver?: string;
}

export const check = (
  name: string,
  answer: CheckAnswer,
  reason: string,
  numbers: Check["numbers"] = {},
): Check => ({ name, answer, reason, numbers });

export type SuiteOutcome = (typeof TEST_OUTCOMES)[number];

/** What keeps nobody from passing. */
const isPassing = ({ answer }: Check) => answer === "pass" || answer === "warn";

/** Marks the checks that did not pass and that the policy lets go. */
export const withWaived = (
  checks: readonly Check[],
  { waive }: Pick<SuitePolicy, "waive">,
): readonly Check[] =>
  checks.map((one) => {
    const waiver = Object.hasOwn(waive, one.name) ? waive[one.name] : undefined;
    return isPassing(one) || waiver === undefined ? one : { ...one, waived: true, waiver };
  });

/** Checks that were let go, each with its answer and why: `accuracy (fail: new labels)`. */
export const waivedOf = (
  checks: readonly (Pick<Check, "name" | "waived" | "waiver"> & { readonly answer: string })[],
): readonly string[] =>
  checks
    .filter(({ waived = false }) => waived)
    .map(({ name, answer, waiver }) => `${name} (${waiver === undefined ? answer : `${answer}: ${waiver}`})`);

/** A suite has passed when each of its checks has or only warns, those aside that were waived. */
export function outcomeOf(checks: readonly Check[]): SuiteOutcome {
  const deciding = checks.filter(({ waived = false }) => !waived);
  if (deciding.some(({ answer }) => answer === "fail")) return "failed";
  const passed = deciding.some(({ answer }) => answer === "pass") && deciding.every(isPassing);
  return passed ? "passed" : "insufficient";
}
