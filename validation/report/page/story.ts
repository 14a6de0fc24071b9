import type { ReleasedModel, ReleaseEnd } from "../../../contract/release/release.ts";
import type { Slot } from "../../../contract/slot.ts";
import type { ComparisonRecord, CountsRecord } from "../../core/comparison/record.ts";
import type { Check } from "../../suite/check.ts";
import type { WorstExample } from "../../suite/summary.ts";
import type { EvidenceRecord } from "../evidence.ts";

/** What one look compared: sums, evidence and how blind it was; the minutes are the story's. */
export type LookComparison = Omit<ComparisonRecord, "counts">;

/** One look at the candidate, and what was decided. */
export interface StoryLook extends Pick<
  EvidenceRecord,
  "at" | "verdict" | "why" | "sentence" | "reasons" | "gates" | "split" | "expired" | "exitCode"
> {
  readonly comparison: LookComparison | undefined;
}

/** A look as it was kept, whole or with the minutes that were new: the story has these once. */
type KeptLook = Omit<StoryLook, "comparison"> & {
  readonly comparison?: (LookComparison & { readonly counts: unknown }) | undefined;
};

export function storyLook(kept: KeptLook): StoryLook {
  const { at, verdict, why, sentence, reasons, gates, split, expired, exitCode, comparison } = kept;
  const look = { at, verdict, why, sentence, reasons, gates, split, expired, exitCode };
  if (comparison === undefined) return { ...look, comparison };
  const { counts: _, ...compared } = comparison;
  return { ...look, comparison: compared };
}

/** Something that moved users, or was meant to. */
export interface StoryEvent {
  /** ISO 8601, the cloud's clock. */
  readonly at: string;
  readonly sentence: string;
}

export interface StoryTests {
  readonly outcome: string;
  readonly sentence: string;
  readonly checks: readonly Check[];
  readonly worst: readonly WorstExample[];
}

/** A release as its report tells it; whoever keeps it (a journal, evidence, CloudWatch) is read into this. */
export interface ReleaseStory {
  /** Whole: `fraud-model/prod`. */
  readonly stack: string;
  readonly release: string;
  /** Slot of the candidate. */
  readonly slot: Slot;
  readonly model: ReleasedModel | undefined;
  readonly began: string;
  /** undefined: it had not ended when the report was made. */
  readonly end:
    | { readonly result: ReleaseEnd | "replaced"; readonly at: string; readonly sentence: string }
    | undefined;
  /** Oldest first. */
  readonly looks: readonly StoryLook[];
  readonly events: readonly StoryEvent[];
  /** Both slots' minutes, metric by metric, since this pair of models first shared users. */
  readonly counts: readonly CountsRecord[];
  readonly tests: StoryTests | undefined;
  /** Checks of the tests that were let go, each with its answer. */
  readonly waived: readonly string[];
  /** Names and values, as the stack had them. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  /** What it was made from, as a sentence; `whole`: from the release's begin. */
  readonly source: { readonly sentence: string; readonly whole: boolean; readonly file: string | undefined };
}

/** When its share was above 0 for the last time, the end of the release, or the last look. */
export const endOf = ({ end, looks, began }: ReleaseStory): string => end?.at ?? looks.at(-1)?.at ?? began;

/** The last look that compared the slots. */
export const lastCompared = ({ looks }: ReleaseStory): StoryLook | undefined =>
  looks.findLast(({ comparison }) => comparison !== undefined);

/**
 * The look that brought the end about; without one of that kind, the last. A retreat ends nothing: who reverts hours
 * later has a reason of their own.
 */
export const decidingLook = ({ looks, end }: ReleaseStory): StoryLook | undefined => {
  const kind = end?.result === "rolledBack" ? "rollback" : "promote";
  return looks.findLast(({ verdict }) => verdict === kind) ?? looks.at(-1);
};
