import type { Check, CheckAnswer } from "../../validation/suite/check.ts";
import type { TestPlan } from "../../validation/suite/dry-run.ts";
import type { TestOutcome } from "../../validation/suite/test-candidate.ts";

const MARKS: Readonly<Record<CheckAnswer, string>> = {
  pass: "✓",
  warn: "!",
  fail: "✗",
  insufficient: "…",
  notRun: "·",
};

/** One line for each check, with its mark and its numbers. */
export function checkLines(checks: readonly Check[]): readonly string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks.map(({ name, answer, reason, waived = false }) => {
    return `  ${MARKS[answer]} ${name.padEnd(width)}  ${waived ? `(waived) ${reason}` : reason}`;
  });
}

/** `npx bluegreen test` on one screen. */
export function showTest({ checks, sentence }: TestOutcome): string {
  return [...checkLines(checks), `→ ${sentence}`].join("\n");
}

/** `npx bluegreen test --dry-run`: one line for each part. */
export function showTestPlan({ stages, sentence }: TestPlan): string {
  const lines = stages.map(
    ({ stage, requests, seconds }) =>
      `  ${stage.padEnd(10)} up to ${requests} requests, about ${Math.ceil(seconds)} s`,
  );
  return [...lines, `→ ${sentence}`].join("\n");
}
