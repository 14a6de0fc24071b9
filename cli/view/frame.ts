import type { Answer, Assessment } from "../../validation/core/assessment.ts";
import type { CheckedEvent } from "../../validation/progress.ts";
import { SLOTS } from "../../contract/slot.ts";

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

/** The live view as lines of text without colours: shares, steps, bake clock, every gate with its numbers. */
/** A check of a candidate, as the live view shows it. */
export function frame(event: CheckedEvent): readonly string[] {
  const { release, split, steps } = event;
  const shares = SLOTS.map(
    (slot) => `${slot.padEnd(5)} ${bar(split[slot])} ${String(split[slot]).padStart(3)} %`,
  );
  const share = split[release.slot];
  const schedule = steps.map((step) => `${markOf(step, share)}${step}`).join("  ");
  return [
    `${release.digest} on ${release.slot}`,
    `  ${shares.join("    ")}`,
    `  steps ${schedule}    ${bakeClock(event)}`,
    ...event.assessments.map(gateLine),
    `  → ${event.sentence}`,
  ];
}

function markOf(step: number, share: number): string {
  if (step < share) return "●";
  return step === share ? "◐" : "○";
}

function bakeClock({ bake, nowMs }: CheckedEvent): string {
  if (bake === undefined) return "before the first share";
  const minutes = Math.max(0, (nowMs - bake.sinceMs) / 60_000);
  return `watched ${minutes.toFixed(1)} of ${bake.minutes} min`;
}

function gateLine({ gate, about, answer, dryRun = false }: Assessment): string {
  const of = dryRun ? " (dry run)" : about === "baseline" ? " (active slot)" : "";
  return `  ${MARKS[answer.kind]} ${(gate + of).padEnd(32)} ${answer.reason}`;
}
