import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kept } from "../../cli/actions/kept.ts";
import { makeReport } from "../../cli/actions/report.ts";
import { keepReport } from "../../cli/report-files.ts";
import { evidenceRecord, evidenceText } from "../../validation/report/evidence.ts";
import { step } from "../../validation/rollout/step.ts";
import { recordedRollout } from "../validation/report/journal/recorded.ts";
import { candidateReady, sharing } from "../validation/support/samples.ts";
import { STACK, World } from "../validation/support/world.ts";

const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;

describe("the report of a release", () => {
  let directory: string;
  beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), "report-"))));
  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function rolledOut(world: World, name: string) {
    const folder = join(directory, name);
    const { outcome } = await recordedRollout(world, folder, 60_000);
    const journal = join(folder, outcome.release?.id ?? "", "journal.jsonl");
    const notes: string[] = [];
    const summary = join(directory, `${name}.summary.md`);
    const path = await keepReport(journal, (note) => notes.push(note), summary);
    return { outcome, journal, path, notes, summary };
  }

  it("is written when it is promoted, with every step, and its Markdown goes to the summary of the job", async () => {
    const { journal, path, notes, summary } = await rolledOut(new World(candidateReady()), "good");
    expect(notes).toEqual([]);
    expect(path).toBe(join(dirname(journal), "report.html"));
    const page = await readFile(path ?? "", "utf8");
    for (const share of [10, 50]) expect(page).toContain(`>${share} %<`);
    expect(page).toContain("npx bluegreen verify");
    expect(await readFile(summary, "utf8")).toContain("Promoted: ");
  });

  it("is written when it is rolled back, with both numbers, and made again from the journal", async () => {
    const world = new World(sharing(10));
    world.failureRate = { blue: 0.01, green: 0.2 };
    const { outcome, journal, path } = await rolledOut(world, "bad");
    expect(outcome.result).toBe("rolledBack");
    const page = await readFile(path ?? "", "utf8");
    expect(page).toContain("Rolled back:");
    expect(page).toMatch(/class="big">\d+ %/);
    expect(page).toContain("what another job or host saw before is not in it");
    const facts: unknown = JSON.parse(await makeReport([journal], { markdown: false, json: true }));
    expect(facts).toMatchObject({ tone: "bad", deciding: { name: "failed" } });
  });

  it("is found by the id of the release, below the folders of this project, unless there are two", async () => {
    const place = { root: directory, directory: join(directory, ".local") };
    const folder = async (...path: readonly string[]) => {
      const found = join(directory, ...path);
      await mkdir(found, { recursive: true });
      await writeFile(join(found, "journal.jsonl"), "");
      return join(found, "journal.jsonl");
    };
    const journal = await folder(".bluegreen", "releases", "fraud", "prod", "v3-g9");
    expect(kept("v3-g9", place)).toBe(journal);
    expect(kept(journal, place)).toBe(journal);
    expect(kept(undefined, place)).toBe(journal);
    expect(() => kept("v3-g", place)).toThrow(/"v3-g" is no file. Looked below .*\.local\/releases and /);
    await folder(".local", "releases", "fraud", "dev", "v3-g9");
    const later = join(directory, ".local", "releases", "fraud", "dev", "v3-g9", "journal.jsonl");
    await utimes(journal, 1_000, 1_000);
    expect(kept(undefined, place)).toBe(later);
    expect(() => kept(undefined, { root: later, directory: later })).toThrow(
      /^.*No release was named\. Looked/s,
    );
    expect(() => kept("v3-g9", place)).toThrow(/"v3-g9" is no file. There are: .*dev.*, .*prod/);
  });

  it("that cannot be written is said and changes nothing", async () => {
    const notes: string[] = [];
    await keepReport(join(directory, "nowhere", "journal.jsonl"), (note) => notes.push(note), "");
    expect(notes).toEqual([expect.stringMatching(/^the report of the release could not be written: /)]);
  });

  it("is made later from evidence files of one release, in whatever order they are named, and of no others", async () => {
    const world = new World(sharing(10));
    world.failureRate = { blue: 0.01, green: 0.2 };
    const files: string[] = [];
    for (const minutes of [1, 12]) {
      world.clock.advance(minutes * 60_000);
      const record = evidenceRecord(STACK, await step(world.context(), ONCE), world.clock.now());
      files.push(join(directory, `evidence-${minutes}.json`));
      await writeFile(files.at(-1) ?? "", evidenceText(record));
    }
    const html = join(directory, "later.html");
    const said = await makeReport(files.toReversed(), { html, markdown: false, json: false });
    expect(said).toBe(`Rolled back: release v2-g3 on green, from 10 %\nThe report is in ${html}`);
    const facts: unknown = JSON.parse(await makeReport(files, { markdown: false, json: true }));
    expect(facts).toMatchObject({ release: "v2-g3", tone: "bad", deciding: { name: "failed" } });
    const other = join(directory, "other.json");
    const text = await readFile(files[0] ?? "", "utf8");
    await writeFile(other, text.replaceAll("v2-g3", "v9-g9"));
    await expect(makeReport([...files, other], { markdown: true, json: false })).rejects.toMatchObject({
      code: "BG421",
    });
    await writeFile(other, "{}");
    await expect(makeReport([other], { markdown: true, json: false })).rejects.toMatchObject({
      code: "BG420",
    });
  });
});
