import { messageOf } from "../../reading.ts";
import type { StepOutcome } from "../../rollout/step-types.ts";
import { evidenceRecord, type EvidenceRecord } from "../evidence.ts";
import { storyOfEvidence } from "./from-evidence.ts";
import type { ReleaseStory, StoryTests } from "./story.ts";

/** What one process saw of a release, for the report at its end. Nothing that fails here is anybody's verdict. */
export interface LooksKept {
  looked(outcome: StepOutcome, nowMs: number): void;
  /** undefined: no look was at a release that has ended. Throws what went wrong while it was kept. */
  story(file: string | undefined, tests?: StoryTests): ReleaseStory | undefined;
}

export function keepLooks(stack: string): LooksKept {
  const records: EvidenceRecord[] = [];
  let wentWrong: string | undefined;
  return {
    looked(outcome, nowMs) {
      // Without a verdict nothing was decided: a stack that is held, a route that cannot be read.
      if (outcome.verdict === undefined && records.length > 0) return;
      try {
        const record = evidenceRecord(stack, outcome, nowMs);
        const before = records.at(-1);
        // The newest counts are all of them: those of each look would be the square of a day.
        if (before?.comparison !== undefined && record.comparison !== undefined)
          records[records.length - 1] = { ...before, comparison: { ...before.comparison, counts: [] } };
        records.push(record);
      } catch (error) {
        wentWrong = messageOf(error);
      }
    },
    story(file, tests) {
      if (wentWrong !== undefined) throw new Error(wentWrong);
      const begin = records[0];
      if (begin === undefined) return undefined;
      const whole = begin.situation === "starting" || begin.situation === "firstModel";
      const sentence = whole
        ? `Made from the ${records.length} looks of the process that ran the release.`
        : `Made from the looks of one process; it began with this one at ${begin.at}, and what others saw before is not in it.`;
      const story = storyOfEvidence(records, { source: { sentence, whole, file }, tests });
      return story?.end === undefined ? undefined : story;
    },
  };
}
