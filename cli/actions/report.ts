import { writeAtomically } from "../../packages/pulumi-engine/state/files.ts";
import { UserError } from "../../validation/errors.ts";
import type { EvidenceRecord } from "../../validation/report/evidence.ts";
import { storyOfEvidence } from "../../validation/report/page/from-evidence.ts";
import { firstScreen, type FirstScreen } from "../../validation/report/page/first-screen.ts";
import { reportMarkdown } from "../../validation/report/page/markdown.ts";
import { reportHtml } from "../../validation/report/page/page.ts";
import type { ReleaseStory } from "../../validation/report/page/story.ts";
import { isEvidence } from "../../validation/report/read-evidence.ts";
import { resultJson } from "../json.ts";
import { storyInJournal, typedOn } from "../report-files.ts";
import { messageOf } from "../../validation/reading.ts";
import { kept } from "./kept.ts";
import { parsedJson, textOf } from "./explain.ts";

/** What `--json` prints. `report`: the HTML file, where one was asked for. */
export interface ReportResult extends FirstScreen, Pick<ReleaseStory, "stack" | "release" | "end"> {
  readonly exitCode: 0;
  readonly report: string | undefined;
}

export interface ReportOptions {
  readonly html?: string | undefined;
  readonly markdown: boolean;
  readonly json: boolean;
}

/** `npx bluegreen report`: what it prints. */
export async function makeReport(paths: readonly string[], options: ReportOptions): Promise<string> {
  const story = await storyOf(paths);
  const typed = typedOn(story.stack);
  if (options.html !== undefined) await writeAtomically(options.html, reportHtml(story, typed));
  if (options.json) {
    const { stack, release, end } = story;
    const result: ReportResult = {
      exitCode: 0,
      stack,
      release,
      end,
      ...firstScreen(story),
      report: options.html,
    };
    return resultJson(result);
  }
  if (options.html === undefined || options.markdown) return reportMarkdown(story, typed);
  const { word, what } = firstScreen(story);
  return `${word}: ${what}\nThe report is in ${options.html}`;
}

async function journalStory(path: string): Promise<ReleaseStory> {
  const story = await storyInJournal(path).catch((error: unknown) => {
    throw new UserError("BG420", `${path} cannot be read: ${messageOf(error)}.`);
  });
  if (story === undefined)
    throw new UserError("BG420", `${path} has no line that tells which release it is of.`);
  return story;
}

/** The release that these files tell of, each written by one look; or one journal, the id of a release, or none: the newest. */
export async function storyOf(paths: readonly string[]): Promise<ReleaseStory> {
  if (paths.length <= 1) {
    const path = kept(paths[0]);
    if (path.endsWith(".jsonl")) return journalStory(path);
  }
  const records = await Promise.all(paths.map(evidenceIn));
  const inOrder = records.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const ids = [
    ...new Set(inOrder.flatMap(({ release, stack }) => (release ? [`${release.id} on ${stack}`] : []))),
  ];
  if (ids.length > 1) throw new UserError("BG421", `They tell of ${ids.join(", and of ")}.`);
  const looks = paths.length === 1 ? "one look" : `${paths.length} looks`;
  const story = storyOfEvidence(inOrder, {
    source: {
      sentence: `Made from the evidence of ${looks}. The minutes are those of both slots since this pair of models first shared users; what other looks saw is not in it.`,
      whole: false,
      file: paths.at(-1),
    },
  });
  if (story === undefined) throw new UserError("BG420", `${paths.join(", ")}: no release was seen.`);
  return beganWithItsMinutes(story);
}

/** One look alone knows no begin; its minutes do. */
function beganWithItsMinutes(story: ReleaseStory): ReleaseStory {
  const first = story.counts.flatMap(({ from }) => (from === undefined ? [] : [from])).toSorted()[0];
  const isEarlier = first !== undefined && Date.parse(first) < Date.parse(story.began);
  return isEarlier ? { ...story, began: first } : story;
}

async function evidenceIn(path: string): Promise<EvidenceRecord> {
  const parsed = parsedJson(path, await textOf(path));
  if (isEvidence(parsed)) return parsed;
  throw new UserError("BG420", `${path} is JSON, and not what --evidence writes.`);
}
