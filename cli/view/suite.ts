import type { Check, CheckAnswer } from "../../validation/suite/check.ts";
import type { Measured, WorstExample } from "../../validation/suite/summary.ts";
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
  return checks.map(({ name, answer, reason, waived = false, waiver }) => {
    return `  ${MARKS[answer]} ${name.padEnd(width)}  ${waived ? `(waived${waiver === undefined ? "" : `: ${waiver}`}) ${reason}` : reason}`;
  });
}

/** What such models are known by, of both slots: `classification: accuracy 0.970 (0.953), macroF1 0.969 (0.951)`. */
export function measuredLine({ task, candidate, active }: Measured): string | undefined {
  const words = Object.entries(candidate).map(([name, value]) => {
    const other = active?.[name];
    return `${name} ${digits(value)}${other === undefined ? "" : ` (${digits(other)})`}`;
  });
  if (words.length === 0) return undefined;
  return `${task}, ${active === undefined ? "candidate" : "candidate (active slot)"}: ${words.join(", ")}`;
}

const digits = (value: number) => String(Number(value.toPrecision(4)));

/** Both answers to the examples that went worst, each on a line that is not too long for a screen. */
function worstLines(worst: readonly WorstExample[]): readonly string[] {
  if (worst.length === 0) return [];
  const lines = worst.map(({ id, label, candidate, active }) => {
    const other = active === undefined ? "" : `, the active slot ${cut(active)}`;
    return `    ${id}: right is ${cut(label)}, the candidate answers ${cut(candidate)}${other}`;
  });
  return ["  worst examples:", ...lines];
}

const cut = (text: string) => (text.length > 80 ? `${text.slice(0, 80).toWellFormed()}…` : text);

/** `npx bluegreen test` on one screen. */
export function showTest({ checks, measured, worst, outcome, sentence }: TestOutcome): string {
  const line = measured === undefined ? undefined : measuredLine(measured);
  return [
    ...checkLines(checks),
    ...(line === undefined ? [] : [`  ${line}`]),
    ...(outcome === "passed" ? [] : worstLines(worst)),
    `→ ${sentence}`,
  ].join("\n");
}

/** `npx bluegreen test --dry-run`: one line for each part. */
export function showTestPlan({ stages, sentence }: TestPlan): string {
  const lines = stages.map(
    ({ stage, requests, seconds }) =>
      `  ${stage.padEnd(10)} up to ${requests} requests, about ${Math.ceil(seconds)} s`,
  );
  return [...lines, `→ ${sentence}`].join("\n");
}
