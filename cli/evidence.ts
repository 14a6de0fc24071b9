import { appendFile } from "node:fs/promises";
import { writeAtomically } from "../local/engine/files.ts";
import type { StepOutcome } from "../validation/moment.ts";
import { evidenceRecord } from "../validation/report/evidence.ts";
import { markdown } from "../validation/report/markdown.ts";

/** Keeps what a step saw: as JSON where the person asked for it, and in the summary of a GitHub job. */
export async function keepEvidence(
  stack: string,
  step: StepOutcome,
  nowMs: number,
  path: string | undefined,
  summaryPath = process.env["GITHUB_STEP_SUMMARY"],
): Promise<void> {
  const record = evidenceRecord(stack, step, nowMs);
  if (path !== undefined) await writeAtomically(path, `${JSON.stringify(record, undefined, 2)}\n`);
  if (summaryPath !== undefined && summaryPath !== "") await appendFile(summaryPath, `${markdown(record)}\n`);
}
