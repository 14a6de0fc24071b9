import { appendFile, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { onFullName } from "../contract/names/local-cloud.ts";
import { writeAtomically } from "../packages/pulumi-engine/state/files.ts";
import { attempt } from "../validation/reading.ts";
import { readJournal } from "../validation/report/journal/read.ts";
import { storyOfJournal } from "../validation/report/page/from-journal.ts";
import { reportMarkdown } from "../validation/report/page/markdown.ts";
import { reportHtml } from "../validation/report/page/page.ts";
import type { ReleaseStory } from "../validation/report/page/story.ts";

/** Whoever opens a report elsewhere has no stack of its own: commands name it, and its model where it has another name. */
export const typedOn = (stack: string) => (text: string) => onFullName(text, stack);

/** The HTML file of the release whose journal this is. */
export const reportBeside = (journal: string): string => join(dirname(journal), "report.html");

/** The release that a journal tells of; undefined: it has no first line. Rejects with what the disk says. */
export async function storyInJournal(path: string): Promise<ReleaseStory | undefined> {
  const { entries, state } = readJournal(await readFile(path, "utf8"));
  return storyOfJournal(entries, state.counts, path);
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
    const path = reportBeside(journal);
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
