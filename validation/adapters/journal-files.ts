import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { JournalFile, JournalFiles } from "../report/journal/keeper.ts";

/**
 * The journals of one model below a folder, a folder for each release. A line is appended in one call, by the process
 * that has something to tell: it waits for no other, and what it writes is a few kilobytes.
 */
export function journalFiles(folder: string): JournalFiles {
  return {
    of: (releaseId) => journalFile(join(folder, releaseId, "journal.jsonl")),
    releases() {
      if (!existsSync(folder)) return [];
      const inside = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory());
      return inside
        .map(({ name }) => ({ name, path: join(folder, name, "journal.jsonl") }))
        .filter(({ path }) => existsSync(path))
        .toSorted((a, b) => statSync(b.path).mtimeMs - statSync(a.path).mtimeMs)
        .map(({ name }) => name);
    },
  };
}

export function journalFile(path: string): JournalFile {
  return {
    sizeBytes: () => (existsSync(path) ? statSync(path).size : 0),
    read: () => (existsSync(path) ? readFileSync(path, "utf8") : ""),
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
