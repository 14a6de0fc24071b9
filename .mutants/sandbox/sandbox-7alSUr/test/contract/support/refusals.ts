import { describe, expect, it } from "vitest";
import { showProblem } from "../../../contract/checks/problem.ts";
import type { WrittenConfig } from "../../support/written-config.ts";
import { fixed, problemsOf } from "./steps.ts";

/** An update that is refused. */
export interface Refusal {
  readonly title: string;
  /** undefined: nothing was deployed yet. */
  readonly before: WrittenConfig | undefined;
  readonly after: WrittenConfig;
  /** Each whole, as a person reads it. */
  readonly says: readonly string[];
}

/** Each says what it says, and what its fix makes of the configuration passes. */
export function describeRefusals(reason: string, cases: readonly Refusal[]): void {
  describe(`an update is refused when ${reason}:`, () => {
    it.each(cases)("$title", ({ before, after, says }) => {
      expect(problemsOf(before, after).map(showProblem)).toEqual(says);
    });

    it.each(cases)("and the fix makes it pass: $title", ({ before, after }) => {
      expect(problemsOf(before, fixed(before, after, problemsOf(before, after)))).toEqual([]);
    });
  });
}
