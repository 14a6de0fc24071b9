import type { Answer, Assessment } from "../../validation/core/assessment.ts";
import type { CheckedEvent } from "../../validation/progress.ts";
import { cohortInStep } from "../../contract/cohorts/in-step.ts";
import { SLOTS } from "../../contract/slot.ts";
import { charts } from "./chart.ts";
import { wrapped } from "./wrapped.ts";

const BAR_WIDTH = 20;
const MARKS: Readonly<Record<Answer["kind"], string>> = {
  pass: "✓",
  fail: "✗",
  noAnswer: "…",
  notApplicable: "·",
};

/** `██████░░░░` for a share of 0 to 100 percent. */
export function bar(percent: number, width = BAR_WIDTH): string {
  const filled = Math.round((percent / 100) * width);
  return "█".repeat(filled) + "░".repeat(width - filled);
}

/** The room that the live view has, and what it says of the next check. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
  readonly next: string;
}

/** A check of a candidate as lines of text: shares, steps, charts, every gate with its numbers, what it waits for. */
export function frame(event: CheckedEvent, { columns, rows, next }: Room): readonly string[] {
  const { release, split, steps, comparison } = event;
  const shares = SLOTS.map(
    (slot) => `${slot.padEnd(5)} ${bar(split[slot])} ${String(split[slot]).padStart(3)} %`,
  );
  const share = split[release.slot];
  const before = event.cohort === undefined ? [] : [`${cohortMark(event, share)}${event.cohort}`];
  const schedule = [...before, ...steps.map((step) => `${markOf(step, share)}${step}`)].join("  ");
  const above = [
    `${shortDigest(release.digest)} on ${release.slot}`,
    `  ${shares.join("    ")}`,
    `  steps ${schedule}    ${bakeClock(event)}`,
    ...(comparison === undefined ? [] : charts(comparison.counts, release.slot, columns)),
  ];
  const below = [
    ...wrapped(`→ ${event.sentence}`, columns, { most: SENTENCE_ROWS, indent: "  " }),
    `  ${next}`,
  ];
  return [...above, ...gateLines(event.assessments, rows - above.length - below.length), ...below];
}

const SENTENCE_ROWS = 4;

/** Of a digest enough to know it by; a tag whole. */
const shortDigest = (digest: string) => digest.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}$/, "$1…");

/** Where there is no room for all, those that stop nothing are counted. */
function gateLines(assessments: readonly Assessment[], rows: number): readonly string[] {
  if (assessments.length <= rows) return assessments.map(gateLine);
  const telling = assessments.filter(({ answer }) => answer.kind === "fail" || answer.kind === "noAnswer");
  const shown = telling.slice(0, Math.max(0, rows - 1));
  const rest = assessments.length - shown.length;
  return [...shown.map(gateLine), `  and ${rest} ${rest === 1 ? "gate" : "gates"} more`];
}

function markOf(step: number, share: number): string {
  if (step < share) return "●";
  return step === share ? "◐" : "○";
}

function cohortMark({ release }: CheckedEvent, share: number): string {
  if (cohortInStep(release) !== undefined) return "◐";
  return share > 0 || release.retreats.length > 0 ? "●" : "○";
}

function bakeClock({ bake, nowMs }: CheckedEvent): string {
  if (bake === undefined) return "before the first share";
  const minutes = Math.max(0, (nowMs - bake.sinceMs) / 60_000);
  return `watched ${minutes.toFixed(1)} min, at least ${bake.minutes}`;
}

function gateLine({ gate, about, answer, dryRun = false }: Assessment): string {
  const of = dryRun ? " (dry run)" : about === "baseline" ? " (active slot)" : "";
  return `  ${MARKS[answer.kind]} ${(gate + of).padEnd(32)} ${answer.reason}`;
}
