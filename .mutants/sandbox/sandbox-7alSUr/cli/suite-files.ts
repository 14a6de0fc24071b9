import { writeAtomically } from "../packages/pulumi-engine/state/files.ts";
import { attempt } from "../validation/reading.ts";
import type { TestOutcome } from "../validation/suite/test-candidate.ts";
import { harmless } from "./view/harmless.ts";
import { junit, suiteMarkdown } from "./view/suite-report.ts";

export interface ReportFiles {
  readonly junit?: string | undefined;
  readonly markdown?: string | undefined;
}

/**
 * Writes the reports that were asked for. The result is stored in the release by then and is what the exit code says;
 * a file that cannot be written is told beside it.
 */
export async function keepReports(outcome: TestOutcome, files: ReportFiles): Promise<void> {
  await keep(files.junit, () => junit(outcome));
  await keep(files.markdown, () => suiteMarkdown(outcome));
}

async function keep(path: string | undefined, text: () => string): Promise<void> {
  if (path === undefined) return;
  const kept = await attempt(() => writeAtomically(path, text()));
  if (!kept.readable)
    process.stderr.write(`${harmless(`the report could not be kept in ${path}: ${kept.why}`)}\n`);
}
