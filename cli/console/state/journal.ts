import { readFile } from "node:fs/promises";
import { isRecord } from "../../../contract/config/field.ts";

/** A line of a release's journal, as the page tells it; the whole line is `raw`, shown on demand. */
export interface ToldEntry {
  readonly n: number;
  readonly at: string;
  readonly kind: string;
  readonly verdict: string | undefined;
  readonly sentence: string;
}

/** Of lines that have none of their own. */
const SENTENCES: Readonly<Record<string, string>> = {
  begin: "the journal begins",
  tests: "the pre-traffic tests, with their worst examples",
};

const testOutcome = ({ report }: Readonly<Record<string, unknown>>) =>
  isRecord(report) && typeof report["outcome"] === "string" ? report["outcome"] : undefined;

const SHOWN_ENTRIES = 400;

/** The lines of a journal that are whole; a torn last one is dropped. Empty: there is no such file. */
export async function journalLines(path: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (isRecord(error) && error["code"] === "ENOENT") return "";
    throw error;
  });
  return text.split("\n").flatMap((line) => {
    if (line === "") return [];
    try {
      const entry: unknown = JSON.parse(line);
      return isRecord(entry) ? [entry] : [];
    } catch {
      // A process was killed while it wrote.
      return [];
    }
  });
}

/** The newest entries, oldest first; of looks that say the same in a row the first. */
export function toldEntries(lines: readonly Readonly<Record<string, unknown>>[]): readonly ToldEntry[] {
  const told = lines.map((line, index): ToldEntry => {
    const text = (key: string) => (typeof line[key] === "string" ? line[key] : undefined);
    const kind = text("kind") ?? "";
    return {
      n: typeof line["n"] === "number" ? line["n"] : index,
      at: text("at") ?? "",
      kind,
      verdict: text("verdict") ?? text("result") ?? text("event") ?? testOutcome(line),
      sentence: text("sentence") ?? (Object.hasOwn(SENTENCES, kind) ? SENTENCES[kind] : undefined) ?? "",
    };
  });
  return told
    .filter((entry, index) => {
      const before = told[index - 1];
      return entry.kind !== "look" || before?.kind !== "look" || before.verdict !== entry.verdict;
    })
    .slice(-SHOWN_ENTRIES);
}
