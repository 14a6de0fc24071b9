import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { toldEntries } from "../../../cli/console/state/journal.ts";
import { toldTests } from "../../../cli/console/state/told-tests.ts";
import { isRecord } from "../../../contract/config/field.ts";
import { pastOfEvidence } from "../../../validation/insight/replay/counts-file.ts";
import { explanation } from "../../../validation/report/explain.ts";
import { readJournal, wholeLooks } from "../../../validation/report/journal/read.ts";
import { storyOfEvidence } from "../../../validation/report/page/from-evidence.ts";
import { storyOfJournal } from "../../../validation/report/page/from-journal.ts";
import { reportMarkdown } from "../../../validation/report/page/markdown.ts";
import { reportHtml } from "../../../validation/report/page/page.ts";
import type { ReleaseStory } from "../../../validation/report/page/story.ts";
import { isEvidence } from "../../../validation/report/read-evidence.ts";
import { NotEvidence } from "../../../verify/read/json.ts";
import { verify } from "../../../verify/verify.ts";
import { demand, unlessRefused, type FuzzedParser } from "../parser.ts";
import { isSame, isUserError, jsonOf, takenIf, textOf } from "../support.ts";

const fixture = (name: string) =>
  gunzipSync(readFileSync(join(import.meta.dirname, "../../verify/fixtures", name))).toString("utf8");
/** The first lines of a journal: as a whole each look of it takes a tenth of a second. */
const begin = (text: string, lines: number) => `${text.split("\n").slice(0, lines).join("\n")}\n`;
const RECORD = fixture("rolled-back.json.gz");
const JOURNALS = ["rolled-back.jsonl.gz", "promoted.jsonl.gz", "watchdog.jsonl.gz"].map(fixture);

const TYPED = (text: string) => text;
const MARK = "<img src=x onerror=1>";

/** Nothing that a text says is markup on the page. */
function demandReadable(story: ReleaseStory): void {
  const page = reportHtml(story, TYPED);
  demand(!page.includes("<img") && !page.includes("<script"), "a text became markup of the page");
  reportMarkdown(story, TYPED);
}

const WORDS = [
  "comparison",
  "counts",
  "minutes",
  "release",
  "verdict",
  "gates",
  "at",
  "from",
  "rollback",
  "promote",
  MARK,
  "1e300",
  "2026-02-30T00:00:00Z",
];

const evidence: FuzzedParser = {
  name: "evidence",
  seeds: [RECORD, fixture("promoted.json.gz")],
  edits: "json",
  words: WORDS,
  take(input) {
    const record = jsonOf(textOf(input));
    if (!isEvidence(record)) return "refused";
    return unlessRefused(isUserError, () => {
      demand(
        record.release === undefined || record.release.slot === "blue" || record.release.slot === "green",
        "no slot",
      );
      explanation(record);
      const story = storyOfEvidence([record], {
        source: { sentence: "fuzzed", whole: false, file: undefined },
      });
      if (story !== undefined) demandReadable(story);
      if (record.comparison !== undefined) pastOfEvidence(record, record.comparison, "fuzzed");
    });
  },
};

const journal: FuzzedParser = {
  name: "journal",
  seeds: JOURNALS.map((text) => begin(text, 6)),
  edits: "lines",
  words: WORDS,
  take(input) {
    const text = textOf(input);
    const { entries, brokenLine } = readJournal(text);
    demand(entries.length <= text.split("\n").length, "there are more entries than lines");
    demand(brokenLine === undefined || brokenLine === entries.length + 1, "the broken line is another one");
    const counts = [...wholeLooks(entries)].at(-1)?.comparison?.counts ?? [];
    const story = storyOfJournal(entries, counts, "journal.jsonl");
    if (story !== undefined) demandReadable(story);
    return takenIf(story !== undefined && brokenLine === undefined);
  },
};

const consoleJournal: FuzzedParser = {
  name: "console-journal",
  seeds: JOURNALS.map((text) => begin(text, 6)),
  edits: "lines",
  words: WORDS,
  take(input) {
    // As cli/console/state/journal.ts reads a file: whole lines that are objects.
    const lines = textOf(input).split("\n").map(jsonOf).filter(isRecord);
    const told = toldEntries(lines);
    toldTests(lines);
    demand(told.length <= lines.length, "more is told than there is");
    demand(
      told.every(({ at, kind, sentence }) => [at, kind, sentence].every((one) => typeof one === "string")),
      "no text",
    );
    return takenIf(told.length > 0);
  },
};

const isNotEvidence = (error: unknown) => error instanceof NotEvidence;

/** What holds must say what the text said before it was changed: every value of it is under a digest. */
const verified = (name: string, seeds: readonly string[], edits: "json" | "lines"): FuzzedParser => {
  const values = seeds.map((seed) =>
    edits === "json" ? [jsonOf(seed)] : seed.split("\n").filter(Boolean).map(jsonOf),
  );
  return {
    name,
    seeds,
    edits,
    words: WORDS,
    take(input) {
      const text = textOf(input);
      return unlessRefused(isNotEvidence, () => {
        const { holds, differences, kind } = verify(text);
        demand(holds === (differences.length === 0), "it holds with differences");
        if (!holds) throw new NotEvidence("differences");
        const now =
          edits === "json" ? [jsonOf(text)] : text.split("\n").slice(0, -1).filter(Boolean).map(jsonOf);
        // A record without a digest is one of an earlier version: only what follows from its counts is checked.
        const [record] = kind === "evidence" ? [jsonOf(text)] : now;
        if (kind === "evidence" && !(isRecord(record) && isRecord(record["chain"]))) return;
        const isKnown = values.some((value) => now.every((line, at) => isSame(line, value[at])));
        demand(isKnown, "something holds that nobody wrote");
      });
    },
  };
};

export const EVIDENCE: readonly FuzzedParser[] = [
  evidence,
  journal,
  consoleJournal,
  verified("verify-evidence", [RECORD], "json"),
  verified("verify-journal", [begin(JOURNALS[0] ?? "", 4)], "lines"),
];
