import type { Release } from "../../../contract/release/release.ts";
import type { CountsRecord } from "../../core/comparison/record.ts";
import type { EvidenceChain, EvidenceRecord } from "../evidence.ts";
import { deltaOf, folded } from "./delta.ts";
import { canonical, digestOfAll, sha256 } from "./digest.ts";
import type { JournalEntry, JournalResult, NewEntry } from "./entry.ts";

/** What a journal's next line follows from. */
export interface JournalState {
  /** Digests of all lines so far. */
  readonly digests: readonly string[];
  readonly looks: number;
  /** The counts of the last look. */
  readonly counts: readonly CountsRecord[];
  /** As the last line that tells of it has it; undefined: none does. */
  readonly release: Release | undefined;
  readonly isSealed: boolean;
}

export const NO_LINES: JournalState = {
  digests: [],
  looks: 0,
  counts: [],
  release: undefined,
  isSealed: false,
};

export function stateAfter(state: JournalState, entry: JournalEntry): JournalState {
  const digests = [...state.digests, entry.digest];
  switch (entry.kind) {
    case "look": {
      const counts =
        entry.comparison === undefined ? state.counts : folded(state.counts, entry.comparison.counts);
      return { ...state, digests, looks: state.looks + 1, counts, release: entry.release ?? state.release };
    }
    case "begin":
    case "event":
      return { ...state, digests, release: entry.release ?? state.release };
    case "tests":
      return { ...state, digests };
    case "seal":
      return { ...state, digests, isSealed: true };
  }
}

/** The line with its place in the chain. */
export function linked(state: JournalState, entry: NewEntry): JournalEntry {
  const open = { ...entry, ...place(state) };
  // Its kind and fields are those of the entry that was given; a spread does not keep a union apart.
  return { ...open, digest: sha256(canonical(open)) } as JournalEntry;
}

const place = ({ digests }: JournalState) => ({
  n: digests.length + 1,
  previous: digests.at(-1) ?? null,
});

/** The record with its place among the lines; a record that no journal has stands alone, as the first of none. */
export function chained(record: EvidenceRecord, state: JournalState = NO_LINES): EvidenceRecord {
  const open = place(state);
  const chain: EvidenceChain = { ...open, digest: sha256(canonical({ ...record, chain: open })) };
  return { ...record, chain };
}

/** The line that tells of a chained record. */
export function lookOf(
  state: JournalState,
  { chain, comparison, ...record }: EvidenceRecord & { readonly chain: EvidenceChain },
): NewEntry {
  return {
    kind: "look",
    ...record,
    whole: chain.digest,
    comparison: comparison && { ...comparison, counts: deltaOf(state.counts, comparison.counts) },
  };
}

export const sealOf = (
  { digests, looks }: JournalState,
  at: string,
  result: JournalResult,
  sentence: string,
): NewEntry => ({ kind: "seal", at, result, sentence, looks, all: digestOfAll(digests) });
