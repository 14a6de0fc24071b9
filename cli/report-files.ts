import { appendFile, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeAtomically } from "../packages/pulumi-engine/state/files.ts";
import { attempt } from "../validation/reading.ts";
import { readJournal, wholeLooks } from "../validation/report/journal/read.ts";
import { storyOfJournal } from "../validation/report/page/from-journal.ts";
import { reportMarkdown } from "../validation/report/page/markdown.ts";
import { reportHtml } from "../validation/report/page/page.ts";
import type { ReleaseStory } from "../validation/report/page/story.ts";
import { typedOn } from "./actions/report.ts";

/** The release that a journal tells of; undefined: it has no first line. Rejects with what the disk says. */
export async function storyInJournal(path: string): Promise<ReleaseStory | undefined> {
  const { entries } = readJournal(await readFile(path, "utf8"));
  let counts: Parameters<typeof storyOfJournal>[1] = [];
  for (const { comparison } of wholeLooks(entries)) counts = comparison?.counts ?? counts;
  return storyOfJournal(entries, counts, path);
}

/**
 * Writes the report of a release beside its journal; answers with its path. What became of the users is told all the same
 * when it cannot be written.
 */
export async function keepReport(
  journal: string,
  note: (message: string) => void,
  summaryPath = process.env["GITHUB_STEP_SUMMARY"],
): Promise<string | undefined> {
  const written = await attempt(async () => {
    const story = await storyInJournal(journal);
    if (story === undefined) return undefined;
    const typed = typedOn(story.stack);
    const path = join(dirname(journal), "report.html");
    const text = reportMarkdown(story, typed);
    await writeAtomically(path, reportHtml(story, typed));
    await writeAtomically(join(dirname(journal), "report.md"), text);
    if (summaryPath !== undefined && summaryPath !== "") await appendFile(summaryPath, `${text}\n`);
    return path;
  });
  if (written.readable) return written.value;
  note(`the report of the release could not be written: ${written.why}`);
  return undefined;
}
