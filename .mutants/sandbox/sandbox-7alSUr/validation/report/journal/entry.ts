import type { RolloutPolicy } from "../../../contract/config/sections.ts";
import type { Release, ReleasedModel, ReleaseEnd } from "../../../contract/release/release.ts";
import type { Split } from "../../../contract/route/split.ts";
import type { Slot } from "../../../contract/slot.ts";
import type {
  ComparisonRecord,
  CountsRecord,
  PartRecord,
  SignalRecord,
} from "../../core/comparison/record.ts";
import type { TestOutcome } from "../../suite/test-candidate.ts";
import type { EvidenceRecord } from "../evidence.ts";

/** What every line of a journal has, so that none can be changed, left out or put elsewhere unseen. */
export interface Link {
  /** From 1, without a gap. */
  readonly n: number;
  /** ISO 8601, the cloud's clock. */
  readonly at: string;
  /** Digest of the line before; null: it is the first. */
  readonly previous: string | null;
  /** SHA-256 over the canonical JSON of all else in the line (digest.ts). */
  readonly digest: string;
}

/** What a release is judged by, as far as its verdicts are understood by it. */
export type JournalSettings = Pick<
  RolloutPolicy,
  | "alpha"
  | "beta"
  | "tolerance"
  | "steps"
  | "bakeMinutes"
  | "advanceWhen"
  | "maxBlindSpots"
  | "minRequests"
  | "atDeadline"
  | "maxRetreats"
  | "retreatMinutes"
  | "approvals"
  | "dryRun"
> & { readonly stickinessSeconds: number };

export interface BeginEntry extends Link {
  readonly kind: "begin";
  /** Whole: `fraud-model/prod`. */
  readonly stack: string;
  readonly release: Release;
  readonly model: ReleasedModel;
  /** Image reference of the active model; undefined: there is none. */
  readonly activeModel?: string | undefined;
  readonly settings: JournalSettings;
  /** Name and version of what wrote it. */
  readonly who: string;
  /**
   * `deploy`: the journal has everything since the candidate was deployed. `this process`: what was before, another
   * job or another host has seen.
   */
  readonly since: "deploy" | "this process";
}

/** The minutes of a metric, or of one of its parts, that are new or were revised since the last look. */
export type MinutesDelta = Omit<PartRecord, "name"> & {
  /** Minutes of the last look that are no longer counted, by their begin: ISO 8601. */
  readonly gone?: readonly string[] | undefined;
};

export type PartDelta = MinutesDelta & { readonly name: string };

/** A metric that is not named in a look is no longer compared. */
export type CountsDelta = MinutesDelta &
  Pick<CountsRecord, "name" | "kind" | "dispersion"> & {
    readonly signal?: (Omit<SignalRecord, "parts"> & { readonly parts: readonly PartDelta[] }) | undefined;
  };

/** A check and what followed from it: the evidence of it, with the counts that are new. */
export interface LookEntry extends Link, Omit<EvidenceRecord, "at" | "comparison" | "chain"> {
  readonly kind: "look";
  /** `chain.digest` of the whole record, as `--evidence` keeps it. */
  readonly whole: string;
  readonly comparison?:
    | (Omit<ComparisonRecord, "counts"> & { readonly counts: readonly CountsDelta[] })
    | undefined;
}

export const JOURNAL_EVENTS = [
  /** The route shows another split. */
  "shifted",
  /** The emergency write is on the route. */
  "reverted",
  "retreat",
  "paused",
  "resumed",
  "approved",
  "promoted",
  "rolledBack",
  /** Anything else that was written of the release: a new owner, tasks. */
  "written",
] as const;
export type JournalEvent = (typeof JOURNAL_EVENTS)[number];

export interface EventEntry extends Link {
  readonly kind: "event";
  readonly event: JournalEvent;
  readonly sentence: string;
  /** As the route has it after it; undefined: not known. */
  readonly split?: Split | undefined;
  /** As it is after it; undefined: not known. */
  readonly release?: Release | undefined;
  /** Of `reverted`: to whom, and how long it took from the command to the route. */
  readonly to?: Slot | undefined;
  readonly seconds?: number | undefined;
}

/** What `test` found, with its worst examples. */
export interface TestsEntry extends Link {
  readonly kind: "tests";
  readonly report: Omit<TestOutcome, "release">;
}

/** `replaced`: another candidate was deployed over it before it ended. */
export const JOURNAL_RESULTS = ["promoted", "rolledBack", "replaced"] as const;
export type JournalResult = ReleaseEnd | "replaced";

/** The last line: the release has ended. */
export interface SealEntry extends Link {
  readonly kind: "seal";
  readonly result: JournalResult;
  readonly sentence: string;
  /** Lines of the kind `look`. */
  readonly looks: number;
  /** SHA-256 over the digests of all lines before, in their order, each with a line break behind it. */
  readonly all: string;
}

export type JournalEntry = BeginEntry | LookEntry | EventEntry | TestsEntry | SealEntry;

type WithoutLink<T> = T extends JournalEntry ? Omit<T, "n" | "previous" | "digest"> : never;

/** A line before it has its place in the chain. */
export type NewEntry = WithoutLink<JournalEntry>;
