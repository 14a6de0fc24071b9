import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EvidenceRecord } from "../../../../validation/report/evidence.ts";
import { storyOfEvidence } from "../../../../validation/report/page/from-evidence.ts";
import type { ReleaseStory, StoryTests } from "../../../../validation/report/page/story.ts";

export const RECORDED = ["promoted", "rolled-back", "retreat"] as const;

interface Line extends Partial<EvidenceRecord> {
  readonly tests?: StoryTests;
}

function linesOf(name: (typeof RECORDED)[number]): readonly Line[] {
  const text = readFileSync(join(import.meta.dirname, "..", "fixtures", `${name}.jsonl`), "utf8");
  // Each line is the evidence of one look, or what the pre-traffic tests said.
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

export const recordedLooks = (name: (typeof RECORDED)[number]): readonly EvidenceRecord[] =>
  linesOf(name).filter((line): line is EvidenceRecord => line.at !== undefined);

/** A real release on the local cloud, as tools/report/record.ts wrote it down. */
export function recorded(name: (typeof RECORDED)[number]): ReleaseStory {
  const tests = linesOf(name).find((line) => line.tests !== undefined)?.tests;
  const source = { sentence: "Made from evidence that was recorded.", whole: true, file: "journal.jsonl" };
  const story = storyOfEvidence(recordedLooks(name), { source, tests });
  if (story === undefined) throw new Error(`${name} tells of no release`);
  return story;
}
