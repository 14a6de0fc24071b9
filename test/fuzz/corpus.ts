import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** An input that went wrong once, and what it was about. */
interface CorpusEntry {
  readonly why: string;
  readonly text?: string;
  readonly base64?: string;
  /** Texts, each so many times, one after the other: for what is long. */
  readonly parts?: readonly (readonly [text: string, times: number])[];
}

/** What went wrong once: `corpus/<name>.json`, if there is such a file. */
export function corpusOf(name: string): readonly Buffer[] {
  const path = join(import.meta.dirname, "corpus", `${name}.json`);
  if (!existsSync(path)) return [];
  const entries: readonly CorpusEntry[] = JSON.parse(readFileSync(path, "utf8"));
  return entries.map(({ text, base64 = "", parts }) => {
    if (parts !== undefined) return Buffer.from(parts.map(([one, times]) => one.repeat(times)).join(""));
    return text === undefined ? Buffer.from(base64, "base64") : Buffer.from(text);
  });
}
