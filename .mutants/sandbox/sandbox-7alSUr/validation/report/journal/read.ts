import type { CountsRecord } from "../../core/comparison/record.ts";
import type { EvidenceRecord } from "../evidence.ts";
import { NO_LINES, stateAfter, type JournalState } from "./chain.ts";
import { folded } from "./delta.ts";
import type { JournalEntry, LookEntry } from "./entry.ts";
import { isJournalEntry } from "./read-entry.ts";

export interface ReadJournal {
  readonly entries: readonly JournalEntry[];
  readonly state: JournalState;
  /** Whether what stands behind the last line break is no whole line: the process was killed while it wrote. */
  readonly isTorn: boolean;
  /** The first line that is none, from 1, and all behind it are left out; undefined: all are whole. */
  readonly brokenLine: number | undefined;
}

/** The lines of a journal. Whether its digests hold is for `verify` to say. */
export function readJournal(text: string): ReadJournal {
  const lines = text.split("\n");
  const rest = lines.pop() ?? "";
  const entries: JournalEntry[] = [];
  let state = NO_LINES;
  for (const line of lines) {
    const entry = parsedLine(line);
    if (entry === undefined) return { entries, state, isTorn: rest !== "", brokenLine: entries.length + 1 };
    entries.push(entry);
    state = stateAfter(state, entry);
  }
  return { entries, state, isTorn: rest !== "", brokenLine: undefined };
}

export function parsedLine(line: string): JournalEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isJournalEntry(value) ? value : undefined;
  } catch {
    // No JSON is no line; whoever asked says which one it was.
    return undefined;
  }
}

/** A look with the counts of both slots since they first shared users, as `--evidence` would have kept it. */
export interface WholeLook extends Omit<LookEntry, "comparison"> {
  readonly comparison: EvidenceRecord["comparison"];
}

/** The looks of a journal, oldest first. Each has its own list of counts: ask for those that you need. */
export function* wholeLooks(entries: readonly JournalEntry[]): Generator<WholeLook> {
  let counts: readonly CountsRecord[] = [];
  for (const entry of entries) {
    if (entry.kind !== "look") continue;
    counts = entry.comparison === undefined ? counts : folded(counts, entry.comparison.counts);
    yield { ...entry, comparison: entry.comparison && { ...entry.comparison, counts } };
  }
}
