import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** An input that went wrong once, and what it was about. */
interface CorpusEntry {
  readonly why: string;
  readonly text?: string;
  readonly base64?: string;
  /** The text stands that often after each other. */
  readonly times?: number;
}

/** What went wrong once: `corpus/<name>.json`, if there is such a file. */
export function corpusOf(name: string): readonly Buffer[] {
  const path = join(import.meta.dirname, "corpus", `${name}.json`);
  if (!existsSync(path)) return [];
  const entries: readonly CorpusEntry[] = JSON.parse(readFileSync(path, "utf8"));
  return entries.map(({ text, base64 = "", times = 1 }) =>
    text === undefined ? Buffer.from(base64, "base64") : Buffer.from(text.repeat(times)),
  );
}
