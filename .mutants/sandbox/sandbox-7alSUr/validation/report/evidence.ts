import { releasedModel, type Release, type ReleasedModel } from "../../contract/release/release.ts";
import type { Split } from "../../contract/route/split.ts";
import type { Assessment } from "../core/assessment.ts";
import { comparisonRecord, type ComparisonRecord } from "../core/comparison/record.ts";
import { iso } from "../core/iso.ts";
import type { StepOutcome } from "../rollout/step-types.ts";

/** What a step saw and did, to be kept: enough to understand the verdict, and to judge again, without the cloud. */
export interface EvidenceRecord {
  readonly stack: string;
  /** ISO 8601, the cloud's clock. */
  readonly at: string;
  readonly situation: StepOutcome["situation"];
  readonly verdict: string;
  /** Why a `hold` holds, or `deadline` of a rollback that nothing but the deadline brought about; undefined otherwise. */
  readonly why: string | undefined;
  /** Whether a wait has outlasted its deadline. */
  readonly expired: boolean;
  readonly sentence: string;
  readonly exitCode: number;
  readonly split: Split | undefined;
  readonly release: Release | undefined;
  /** What the release brings; undefined: there is no release, or version 0.1 kept this record. */
  readonly model?: ReleasedModel | undefined;
  readonly reasons: readonly string[];
  readonly gates: readonly Assessment[];
  /** The two slots compared, with the raw counts that were used; undefined: nothing was compared. */
  readonly comparison: ComparisonRecord | undefined;
  /** Its place in the release's journal; undefined: an earlier version kept the record. */
  readonly chain?: EvidenceChain | undefined;
}

/** Which line of the journal tells of the same check. */
export interface EvidenceChain {
  readonly n: number;
  /** Digest of the line before; null: the journal begins here, or there is none. */
  readonly previous: string | null;
  /** SHA-256 over the canonical JSON of all else in the record, `n` and `previous` among it. */
  readonly digest: string;
}

/** The record of a step; `nowMs` is epoch milliseconds of the cloud's clock. */
export function evidenceRecord(stack: string, step: StepOutcome, nowMs: number): EvidenceRecord {
  const { situation, verdict, sentence, exitCode, split, release, comparison } = step;
  return {
    stack,
    at: iso(nowMs),
    situation,
    verdict: verdict === undefined ? "none" : verdict.kind,
    why: whyOf(verdict),
    expired: verdict !== undefined && "expired" in verdict && verdict.expired,
    sentence,
    exitCode,
    split,
    release,
    model: release && releasedModel(release),
    reasons: verdict?.reasons ?? [],
    gates: verdict?.evidence ?? [],
    comparison: comparison && comparisonRecord(comparison),
  };
}

function whyOf(verdict: StepOutcome["verdict"]): string | undefined {
  if (verdict?.kind === "hold") return verdict.why;
  return verdict?.kind === "rollback" && verdict.cause === "deadline" ? "deadline" : undefined;
}

/** JSON for a file: indented, and each list of numbers on one line, because a day of counts has thousands. */
export function evidenceText(record: EvidenceRecord): string {
  // A line break inside text is written as \n in JSON, so a real one after a bracket is layout.
  const numbers = /\[\n\s*[\d.eE+-]+(?:,\n\s*[\d.eE+-]+)*\n\s*\]/g;
  return `${JSON.stringify(record, undefined, 2).replaceAll(numbers, (list) => list.replaceAll(/\s+/g, ""))}\n`;
}
