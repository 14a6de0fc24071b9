import { isOpen, type Release } from "../../../contract/release/release.ts";
import type { EvidenceRecord } from "../evidence.ts";
import { chained, linked, lookOf, NO_LINES, sealOf, stateAfter, type JournalState } from "./chain.ts";
import type { JournalResult, NewEntry } from "./entry.ts";
import { parsedLine, readJournal } from "./read.ts";

/** Where the lines of one release are. */
export interface JournalFile {
  /** 0: there is none. */
  sizeBytes(): number;
  read(): string;
  /** Its last line, or the end of that: a few kilobytes are read, whatever its size. */
  lastLine(): string;
  append(line: string): void;
  /** Takes away what stands behind the last line break of the text that was read. */
  dropTorn(text: string): void;
  /** Keeps it under another name: a new one begins. */
  putAway(): void;
}

export interface JournalFiles {
  of(releaseId: string): JournalFile;
  /** Releases that have a journal, the last written first. */
  releases(): readonly string[];
  /** Removes releases that have ended and are too many, or too much, the oldest first; the newest one stays. */
  dropOld(hasEnded: (releaseId: string) => boolean): void;
}

/** One release's journal, as one process writes it; others may write between two of its lines. */
export interface JournalKeeper {
  state(): JournalState;
  /** Throws what the disk says. */
  add(entry: NewEntry): void;
  /** Adds the look, and answers with its record and the place that it has. */
  look(record: EvidenceRecord): EvidenceRecord;
  seal(at: string, result: JournalResult, sentence: string): void;
}

/** Whether nothing is written any more; told by the last line alone, for every release that there was has a journal. */
export const endsSealed = (file: JournalFile): boolean => parsedLine(file.lastLine())?.kind === "seal";

export function journalKeeper(file: JournalFile): JournalKeeper {
  let known: { readonly sizeBytes: number; readonly state: JournalState } = { sizeBytes: 0, state: NO_LINES };
  const state = (): JournalState => {
    const sizeBytes = file.sizeBytes();
    if (sizeBytes !== known.sizeBytes) {
      const text = file.read();
      const read = readJournal(text);
      if (read.brokenLine !== undefined) {
        // What is damaged stays as it is, for whoever wants to look; nothing is written behind it.
        file.putAway();
        known = { sizeBytes: 0, state: NO_LINES };
        return known.state;
      }
      if (read.isTorn) file.dropTorn(text);
      known = { sizeBytes: file.sizeBytes(), state: read.state };
    }
    return known.state;
  };
  const add = (entry: NewEntry) => {
    const line = linked(state(), entry);
    file.append(JSON.stringify(line));
    known = { sizeBytes: file.sizeBytes(), state: stateAfter(known.state, line) };
  };
  return {
    state,
    add,
    look(record) {
      const placed = chained(record, state());
      const { chain } = placed;
      if (chain !== undefined) add(lookOf(state(), { ...placed, chain }));
      return placed;
    },
    seal: (at, result, sentence) => add(sealOf(state(), at, result, sentence)),
  };
}

/** A stack that was destroyed and built again counts its releases anew. */
export function putAwayFormer(file: JournalFile, { state }: JournalKeeper, release: Release): void {
  if (isOpen(release) && state().isSealed) file.putAway();
}
