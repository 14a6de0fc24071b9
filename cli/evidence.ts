import { appendFile } from "node:fs/promises";
import { writeAtomically } from "../packages/pulumi-engine/state/files.ts";
import { attempt } from "../validation/reading.ts";
import { evidenceText, type EvidenceRecord } from "../validation/report/evidence.ts";
import { markdown } from "../validation/report/markdown.ts";
import { schemaName } from "./json.ts";
import { harmless } from "./view/harmless.ts";

/** Keeps what a step saw: as JSON where the person asked for it, and in the summary of a GitHub job. */
export async function keepEvidence(
  record: EvidenceRecord,
  path: string | undefined,
  summaryPath = process.env["GITHUB_STEP_SUMMARY"],
): Promise<void> {
  if (path !== undefined) await keep(path, writeAtomically(path, evidenceText(record)));
  if (summaryPath !== undefined && summaryPath !== "") {
    await keep(summaryPath, appendFile(summaryPath, `${markdown(record)}\n`));
  }
}

/** Keeps what a verb saw that decides nothing, where the person asked for it: what \`--json\` prints, its schema's name too. */
export async function keepJson(path: string | undefined, result: object): Promise<void> {
  if (path === undefined) return;
  const text = JSON.stringify({ schema: schemaName(), ...result }, null, 2);
  await keep(path, writeAtomically(path, `${text}\n`));
}

/** What became of the users is told all the same, and is what the exit code says. */
async function keep(path: string, writing: Promise<void>): Promise<void> {
  const kept = await attempt(() => writing);
  if (!kept.readable)
    process.stderr.write(`${harmless(`the evidence could not be kept in ${path}: ${kept.why}`)}\n`);
}
