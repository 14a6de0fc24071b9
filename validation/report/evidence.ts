import type { Release } from "../../contract/release.ts";
import type { Split } from "../../contract/split.ts";
import type { Judgement } from "../core/comparison/judgement.ts";
import type { Assessment } from "../core/assessment.ts";
import type { StepOutcome } from "../moment.ts";

/** What a step saw and did, to be kept: enough to understand the verdict without the cloud. */
export interface EvidenceRecord {
  readonly stack: string;
  /** ISO 8601, the cloud's clock. */
  readonly at: string;
  readonly situation: StepOutcome["situation"];
  readonly verdict: string;
  readonly sentence: string;
  readonly exitCode: number;
  readonly split: Split | undefined;
  readonly release: Release | undefined;
  readonly reasons: readonly string[];
  readonly gates: readonly Assessment[];
  /** The two slots compared, with the raw counts that were used; undefined: nothing was compared. */
  readonly comparison: Judgement | undefined;
}

/** The record of a step; `nowMs` is epoch milliseconds of the cloud's clock. */
export function evidenceRecord(stack: string, step: StepOutcome, nowMs: number): EvidenceRecord {
  const { situation, verdict, sentence, exitCode, split, release, comparison } = step;
  return {
    stack,
    at: new Date(nowMs).toISOString(),
    situation,
    verdict: verdict === undefined ? "none" : verdict.kind,
    sentence,
    exitCode,
    split,
    release,
    reasons: verdict?.reasons ?? [],
    gates: verdict?.evidence ?? [],
    comparison,
  };
}
