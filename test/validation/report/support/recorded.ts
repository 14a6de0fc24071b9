import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EvidenceRecord } from "../../../../validation/report/evidence.ts";
import { storyOfEvidence } from "../../../../validation/report/page/from-evidence.ts";
import type { ReleaseStory, StoryTests } from "../../../../validation/report/page/story.ts";

export const RECORDED = ["promoted", "rolled-back", "retreat"] as const;

interface Line extends Partial<EvidenceRecord> {
  readonly tests?: StoryTests;
}

/** A real release on the local cloud, as tools/report/record.ts wrote it down. */
export function recorded(name: (typeof RECORDED)[number]): ReleaseStory {
  const text = readFileSync(join(import.meta.dirname, "..", "fixtures", `${name}.jsonl`), "utf8");
  // Each line is the evidence of one look, or what the pre-traffic tests said.
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  const tests = lines.find((line) => line.tests !== undefined)?.tests;
  const looks = lines.filter((line): line is EvidenceRecord => line.at !== undefined);
  const source = { sentence: "Made from evidence that was recorded.", whole: true, file: "journal.jsonl" };
  const story = storyOfEvidence(looks, { source, tests });
  if (story === undefined) throw new Error(`${name} tells of no release`);
  return story;
}
