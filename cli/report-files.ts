import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../packages/pulumi-engine/state/files.ts";
import { attempt } from "../validation/reading.ts";
import type { LooksKept } from "../validation/report/page/from-looks.ts";
import { reportMarkdown } from "../validation/report/page/markdown.ts";
import { reportHtml } from "../validation/report/page/page.ts";
import { typedOn } from "./actions/report.ts";
import type { LocalPlace } from "./local/place.ts";

/** Where what is kept of a release has its folder: with the local cloud's state, or beside Pulumi.yaml. */
export function releaseDirectory(
  place: LocalPlace,
  isLocal: boolean,
  stack: string,
  release: string,
): string {
  return join(isLocal ? place.directory : join(place.root, ".bluegreen"), "releases", stack, release);
}

/**
 * Writes the report of a release that has ended; answers with its path. What became of the users is told all the same
 * when it cannot be written.
 */
export async function keepReport(
  kept: LooksKept,
  directoryOf: (release: string) => string,
  note: (message: string) => void,
  summaryPath = process.env["GITHUB_STEP_SUMMARY"],
): Promise<string | undefined> {
  const written = await attempt(async () => {
    const story = kept.story(undefined);
    if (story === undefined) return undefined;
    const typed = typedOn(story.stack);
    const directory = directoryOf(story.release);
    const path = join(directory, "report.html");
    const text = reportMarkdown(story, typed);
    await mkdir(directory, { recursive: true });
    await writeAtomically(path, reportHtml(story, typed));
    await writeAtomically(join(directory, "report.md"), text);
    if (summaryPath !== undefined && summaryPath !== "") await appendFile(summaryPath, `${text}\n`);
    return path;
  });
  if (written.readable) return written.value;
  note(`the report of the release could not be written: ${written.why}`);
  return undefined;
}
