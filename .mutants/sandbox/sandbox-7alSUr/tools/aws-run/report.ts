import { allBeliefs } from "./beliefs.ts";
import type { Report } from "./go.ts";
import { judged, type Findings } from "./results.ts";
import type { Session } from "./session.ts";

/** The findings after a run, what it says of each belief that it was to answer, and the lines for the terminal. */
export function reportOf(
  before: Findings,
  { seen, troubles }: Session,
  run: { readonly on: string; readonly region: string; readonly experiments: readonly string[] },
): { readonly findings: Findings; readonly report: Report; readonly lines: readonly string[] } {
  const findings = judged(before, seen, run);
  const own = allBeliefs().flatMap(({ id, proof }) =>
    "experiment" in proof && run.experiments.includes(proof.experiment) ? [{ id, ...proof.judge(seen) }] : [],
  );
  const of = (state: (typeof own)[number]["state"]) => own.filter((one) => one.state === state);
  const MARKS = { seen: "seen", failed: "FAILED", couldNotTell: "could not tell" };
  return {
    findings,
    report: {
      failed: of("failed").map(({ id }) => id),
      untold: of("couldNotTell").map(({ id }) => id),
    },
    lines: [
      ...own.map(({ id, state, why }) => `${MARKS[state].padEnd(14)} ${id}: ${why}`),
      ...troubles.map((words) => `trouble        ${words}`),
      `${of("seen").length} seen, ${of("failed").length} failed, ${of("couldNotTell").length} could not be told`,
    ],
  };
}
