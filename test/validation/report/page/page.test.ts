import { describe, expect, it } from "vitest";
import { affectedBy } from "../../../../validation/report/page/affected.ts";
import { firstScreen } from "../../../../validation/report/page/first-screen.ts";
import { reportMarkdown } from "../../../../validation/report/page/markdown.ts";
import { reportHtml } from "../../../../validation/report/page/page.ts";
import type { ReleaseStory } from "../../../../validation/report/page/story.ts";
import { RECORDED, recorded } from "../support/recorded.ts";

const asTyped = (text: string) => text;
const pageOf = (story: ReleaseStory) => reportHtml(story, asTyped);
const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(1)> &amp; ' </style></svg> \u202e`;

describe("the report of a rolled-back release", () => {
  const story = recorded("rolled-back");
  const first = firstScreen(story);

  it("says first what happened, to whom, by which two numbers, and what to do", () => {
    expect(first.word).toBe("Rolled back");
    expect(first.what).toBe("version 3 on green, from 10 %");
    expect(first.deciding?.name).toBe("failed");
    expect(Number.parseFloat(first.deciding?.candidate ?? "")).toBeGreaterThan(5);
    expect(first.deciding?.active).toBe("0 %");
    expect(first.evidence?.value).toBeGreaterThanOrEqual(first.evidence?.needed ?? Number.NaN);
    expect(first.traffic).toContain("blue");
    expect(first.next.map(({ command }) => command)).toContain("npx bluegreen logs green");
  });

  it("counts who was affected from the minutes, and what the active slot would have failed is no harm of the candidate", () => {
    const failed = story.counts.find(({ kind }) => kind === "failed");
    const sum = (column: readonly number[] | undefined) => (column ?? []).reduce((a, b) => a + b, 0);
    expect(affectedBy(story)).toMatchObject({
      onCandidate: sum(failed?.candidate.requests),
      failed: sum(failed?.candidate.events),
      beyond: sum(failed?.candidate.events),
    });
    const asBad = {
      ...story,
      counts: story.counts.map((counts) => ({ ...counts, active: counts.candidate })),
    };
    expect(affectedBy(asBad)).toMatchObject({ failed: sum(failed?.candidate.events), beyond: 0 });
    expect(affectedBy({ ...story, counts: [] })).toBeUndefined();
    expect(firstScreen({ ...story, counts: [] }).affected[0]).toMatch(/^Not known/);
  });

  it("says the same in Markdown", () => {
    const text = reportMarkdown(story, asTyped, "https://example.com/report.html");
    expect(text).toContain("### ⛔ Rolled back: version 3 on green, from 10 %");
    expect(text).toContain(`**${first.deciding?.candidate}**`);
    expect(text).toContain("`npx bluegreen logs green`");
    expect(text).toContain("(https://example.com/report.html)");
  });
});

describe("what the report of a rolled-back release says of its end", () => {
  const refusal = /refused until somebody says otherwise/;
  const saidNext = (story: ReleaseStory) => firstScreen(story).next.map(({ say }) => say);

  it("is that the model is refused, when the gates have rolled it back", () => {
    const { why } = firstScreen(recorded("rolled-back"));
    expect(saidNext(recorded("rolled-back")).join()).toMatch(refusal);
    expect(why).toHaveLength(1);
    expect(why[0]).toContain("13 of 66 requests");
  });

  it("is not that after a deadline, which proves nothing against it", () => {
    const story = recorded("rolled-back");
    const last = story.looks.length - 1;
    const looks = story.looks.map((look, at) => (at === last ? { ...look, why: "deadline" } : look));
    expect(saidNext({ ...story, looks }).join()).not.toMatch(refusal);
    expect(saidNext({ ...story, looks })).toContain(
      "Nothing was proven against the model: deploy it again when it can be decided:",
    );
  });

  const given = recorded("retreat");
  const reverted = { result: "rolledBack", at: "2026-11-30T20:00:00.000Z" } as const;
  const sentence = "rolled back: invoices were wrong";

  it("is a person's reason after a revert, and that nothing refuses the model", () => {
    // The retreat is the last look: what a person knew of it stands behind their own reason.
    const story: ReleaseStory = { ...given, end: { ...reverted, sentence } };
    expect(saidNext(story).join()).not.toMatch(refusal);
    expect(firstScreen(story).why).toEqual([sentence, ...(given.looks.at(-1)?.reasons ?? [])]);
  });

  it("is not a doubt of hours before", () => {
    const later = given.looks.filter(({ verdict }) => verdict === "hold").slice(-1);
    const story: ReleaseStory = {
      ...given,
      looks: [...given.looks, ...later],
      end: { ...reverted, sentence },
    };
    expect(firstScreen(story).why).toEqual([sentence]);
  });
});

describe("the report of a promoted release", () => {
  const story = recorded("promoted");

  it("says of each step what would have been seen, and what nobody may read out of it", () => {
    const { proven, notProven, tone } = firstScreen(story);
    expect(tone).toBe("good");
    expect(proven.map(({ share }) => share)).toEqual([10, 50, 100]);
    expect(proven.at(0)?.seen).toMatch(/^\d+ %$/);
    expect(proven.at(-1)?.seen).toBeUndefined();
    expect(notProven.join(" ")).toContain("after the promotion");
  });

  it("says of waived tests, dry runs, silent gates and a missing begin that nothing is proven by them", () => {
    const looks = story.looks.map((look) => ({
      ...look,
      gates: look.gates.map((gate, at) => (at === 0 ? { ...gate, dryRun: true } : gate)),
    }));
    const source = { ...story.source, whole: false, sentence: "It began elsewhere." };
    const told = firstScreen({ ...story, looks, source, waived: ["accuracy (fail)"] }).notProven.join(" ");
    for (const part of ["dry run", "accuracy (fail)", "It began elsewhere."]) expect(told).toContain(part);
  });

  it("shows the pre-traffic tests with the worst examples", () => {
    const page = pageOf(story);
    expect(page).toContain("Pre-traffic tests: passed");
    expect(page).toContain("Worst examples");
  });
});

describe("a report", () => {
  it.each(RECORDED)("of %s is one file below 400 kB that loads and runs nothing", (name) => {
    const page = pageOf(recorded(name));
    expect(Buffer.byteLength(page)).toBeLessThan(400_000);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son[a-z]+=| style=/);
    expect(page).toContain("default-src &#39;none&#39;");
    expect(page).not.toMatch(/="[^"]*(NaN|undefined|Infinity)|\[object|>undefined</);
  });

  it("of a day with a look a minute stays below 400 kB", () => {
    const story = recorded("promoted");
    const begin = Date.parse(story.began);
    const day = Array.from({ length: 1440 }, (_, minute) => {
      const look = story.looks[3 + (minute % (story.looks.length - 4))];
      return look === undefined ? [] : [{ ...look, at: new Date(begin + minute * 60_000).toISOString() }];
    }).flat();
    const counts = story.counts.map((one) => {
      const minutes = Array.from({ length: 1440 }, (_, minute) => minute);
      const column = { requests: minutes.map(() => 61), events: minutes.map((at) => at % 3) };
      return { ...one, minutes, candidate: column, active: column };
    });
    const signals = Array.from({ length: 10 }, (_, at) =>
      counts.slice(0, 1).map((one) => ({ ...one, name: `signal-${at}`, kind: "signal" as const })),
    ).flat();
    expect(Buffer.byteLength(pageOf({ ...story, looks: day, counts: [...counts, ...signals] }))).toBeLessThan(
      400_000,
    );
  });

  it("shows whatever comes from outside as text", () => {
    const story = recorded("retreat");
    const hostile: ReleaseStory = {
      ...story,
      stack: HOSTILE,
      release: HOSTILE,
      model: { modelVersion: HOSTILE, image: HOSTILE, digest: undefined },
      looks: story.looks.map((look) => ({
        ...look,
        sentence: HOSTILE,
        reasons: [HOSTILE, HOSTILE],
        gates: look.gates.map((gate) => ({
          ...gate,
          gate: HOSTILE,
          answer: { ...gate.answer, reason: HOSTILE },
        })),
      })),
      counts: story.counts.map((counts) => ({ ...counts, name: HOSTILE })),
      settings: [[HOSTILE, HOSTILE]],
      waived: [HOSTILE],
      events: [{ at: story.began, sentence: HOSTILE }],
      source: { sentence: HOSTILE, whole: false, file: HOSTILE },
      tests: {
        outcome: HOSTILE,
        sentence: HOSTILE,
        checks: [{ name: HOSTILE, answer: "fail", reason: HOSTILE, numbers: {} }],
        worst: [{ id: HOSTILE, input: HOSTILE, label: HOSTILE, candidate: HOSTILE, active: HOSTILE }],
      },
    };
    const page = pageOf(hostile);
    expect(page).not.toMatch(/<script|<img|onerror=alert\(1\)>|\u202e/);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(reportMarkdown(hostile, asTyped)).not.toMatch(/(?<!\\)<(script|img)/);
  });

  it("of a retreat names it as one, and says that the release is open", () => {
    const story = recorded("retreat");
    expect(firstScreen(story)).toMatchObject({ word: "Users back, tried again", tone: "open" });
    expect(pageOf(story)).toContain("users back");
  });
});
