import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { JournalFile, JournalFiles } from "../report/journal/keeper.ts";

/** Where the journal of a release is, below the folder of its model. */
export const journalIn = (folder: string, releaseId: string): string => join(folder, releaseId, JOURNAL);

export const JOURNAL = "journal.jsonl";

/** How much is kept of releases of one model that have ended. */
export interface KeptJournals {
  readonly releases: number;
  /** With the reports beside the journals, and with those of releases that go on. */
  readonly bytes: number;
}

/** A release of an hour on AWS is 0.6 MB (docs/seeing/evidence.md): years of them, or two hundred of the longest. */
export const KEPT_JOURNALS: KeptJournals = { releases: 200, bytes: 1024 ** 3 };

/**
 * The journals of one model below a folder, a folder for each release. A line is appended in one call, by the process
 * that has something to tell: it waits for no other, and what it writes is a few kilobytes.
 */
export function journalFiles(folder: string, kept = KEPT_JOURNALS): JournalFiles {
  const releases = () => {
    if (!existsSync(folder)) return [];
    const inside = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory());
    return inside
      .map(({ name }) => ({ name, path: journalIn(folder, name) }))
      .filter(({ path }) => existsSync(path))
      .toSorted((a, b) => statSync(b.path).mtimeMs - statSync(a.path).mtimeMs)
      .map(({ name }) => name);
  };
  return {
    of: (releaseId) => journalFile(journalIn(folder, releaseId)),
    releases,
    dropOld(hasEnded) {
      let bytes = 0;
      for (const [at, id] of releases().entries()) {
        bytes += bytesIn(join(folder, id));
        const isTooMuch = at > 0 && (at >= kept.releases || bytes > kept.bytes);
        if (isTooMuch && hasEnded(id)) rmSync(join(folder, id), { recursive: true, force: true });
      }
    },
  };
}

const bytesIn = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

/** A seal, the shortest line of all, is no longer. */
const END_BYTES = 8_192;

function endOf(path: string): string {
  const file = openSync(path, "r");
  try {
    const end = Buffer.alloc(END_BYTES);
    const from = Math.max(0, fstatSync(file).size - END_BYTES);
    return end.toString("utf8", 0, readSync(file, end, 0, END_BYTES, from));
  } finally {
    closeSync(file);
  }
}

export function journalFile(path: string): JournalFile {
  return {
    sizeBytes: () => (existsSync(path) ? statSync(path).size : 0),
    read: () => (existsSync(path) ? readFileSync(path, "utf8") : ""),
    lastLine: () => (existsSync(path) ? endOf(path).trimEnd().split("\n").at(-1) : undefined) ?? "",
    append(line) {
      mkdirSync(dirname(path), { recursive: true });
      appendFileSync(path, `${line}\n`);
    },
    dropTorn(text) {
      const whole = text.slice(0, text.lastIndexOf("\n") + 1);
      truncateSync(path, Buffer.byteLength(whole));
    },
    putAway() {
      const folder = dirname(path);
      const others = readdirSync(folder).filter((name) => /^journal-\d+\.jsonl$/.test(name)).length;
      renameSync(path, join(folder, `journal-${others + 1}.jsonl`));
    },
  };
}
