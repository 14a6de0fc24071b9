import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** An input that went wrong once, and what it was about. */
interface CorpusEntry {
  readonly why: string;
  readonly text?: string;
  readonly base64?: string;
  /** Texts, each so many times, one after the other: for what is long. */
  readonly parts?: readonly (readonly [text: string, times: number])[];
}

const FOLDER = join(import.meta.dirname, "corpus");

/** The entries of each parser, from all files. */
export const CORPUS: Readonly<Record<string, readonly CorpusEntry[]>> = Object.assign(
  {},
  ...readdirSync(FOLDER).map((file): unknown => JSON.parse(readFileSync(join(FOLDER, file), "utf8"))),
);

/** What went wrong once. */
export const corpusOf = (name: string): readonly Buffer[] =>
  (CORPUS[name] ?? []).map(({ text, base64 = "", parts }) => {
    if (parts !== undefined) return Buffer.from(parts.map(([one, times]) => one.repeat(times)).join(""));
    return text === undefined ? Buffer.from(base64, "base64") : Buffer.from(text);
  });
