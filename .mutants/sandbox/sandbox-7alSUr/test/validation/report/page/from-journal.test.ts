import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../../../../validation/insight/replay/settings.ts";
import type { JournalEntry } from "../../../../validation/report/journal/entry.ts";
import { firstScreen } from "../../../../validation/report/page/first-screen.ts";
import { storyOfJournal } from "../../../../validation/report/page/from-journal.ts";
import { reportHtml } from "../../../../validation/report/page/page.ts";
import { recordedLooks, recorded } from "../support/recorded.ts";

const link = (n: number, at: string) => ({ n, at, previous: null, digest: `sha256:${n}` });

/** A recorded release as a journal; its counts are handed in whole. */
function journalOf(since: "deploy" | "this process", sealed: "rolledBack" | "replaced" | undefined) {
  const looks = recordedLooks("rolled-back");
  const [first, last] = [looks[0], looks.at(-1)];
  if (first?.release === undefined || first.model === undefined || last === undefined)
    throw new Error("no looks");
  const { rollout } = DEFAULT_SETTINGS;
  const entries: readonly JournalEntry[] = [
    {
      ...link(1, first.at),
      kind: "begin",
      stack: first.stack,
      release: first.release,
      model: first.model,
      settings: { ...rollout, stickinessSeconds: 0 },
      who: "ml-blue-green 0.2.0",
      since,
    },
    ...looks.map(({ comparison, ...look }, at): JournalEntry => ({
      ...look,
      ...link(at + 2, look.at),
      kind: "look",
      whole: "sha256:0",
      comparison: comparison && { ...comparison, counts: [] },
    })),
    {
      ...link(90, last.at),
      kind: "event",
      event: "reverted",
      sentence: "all traffic is on blue after 0.04 s",
    },
    ...(sealed === undefined
      ? []
      : [
          {
            ...link(91, last.at),
            kind: "seal",
            result: sealed,
            sentence: last.sentence,
            looks: looks.length,
            all: "sha256:1",
          } satisfies JournalEntry,
        ]),
  ];
  const story = storyOfJournal(entries, recorded("rolled-back").counts, "journal.jsonl");
  if (story === undefined) throw new Error("it has a begin");
  return story;
}

describe("a report from a journal", () => {
  it("says what one from the same evidence says, and how it is verified", () => {
    const [journal, evidence] = [journalOf("deploy", "rolledBack"), recorded("rolled-back")];
    expect(firstScreen(journal)).toEqual(firstScreen(evidence));
    const page = reportHtml(journal, (text) => text);
    expect(page).toContain("npx bluegreen verify journal.jsonl");
    expect(page).toContain("all traffic is on blue after 0.04 s");
    expect(page).toContain("rollout.alpha");
  });

  it("never pretends to be whole, to have ended, or to know where users are of a release that was replaced", () => {
    const story = journalOf("this process", undefined);
    expect(story.source).toMatchObject({ whole: false });
    expect(story.source.sentence).toMatch(/begins in the middle.*not sealed/);
    const replaced = firstScreen(journalOf("deploy", "replaced"));
    expect(replaced).toMatchObject({ word: "Replaced", tone: "open" });
    expect(replaced.next.map(({ command }) => command)).toEqual(["npx bluegreen status"]);
    expect(storyOfJournal([], [], "journal.jsonl")).toBeUndefined();
  });
});
