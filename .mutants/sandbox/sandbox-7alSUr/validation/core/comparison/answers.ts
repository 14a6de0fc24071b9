import type { RawCounts, RawMinute } from "./data.ts";
import { added } from "./metrics.ts";

/** Answers of one slot's model by class of status. */
export interface AnswerCounts {
  readonly "2xx": number;
  readonly "3xx": number;
  readonly "4xx": number;
  readonly "5xx": number;
}

export const ANSWER_CLASSES = ["2xx", "3xx", "4xx", "5xx"] as const satisfies readonly (keyof AnswerCounts)[];

/** Both slots' answers. */
export interface PairedAnswers {
  readonly candidate: AnswerCounts;
  readonly active: AnswerCounts;
}

/** The sums of all these minutes. */
export const answersOf = (minutes: readonly RawMinute[]): PairedAnswers => ({
  candidate: classes(added(minutes.map(({ candidate }) => candidate))),
  active: classes(added(minutes.map(({ active }) => active))),
});

const classes = ({ answered, redirects, refusals, errors }: RawCounts): AnswerCounts => ({
  "2xx": answered - redirects - refusals,
  "3xx": redirects,
  "4xx": refusals,
  "5xx": errors,
});
