import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeReport } from "../../cli/actions/report.ts";
import { keepReport } from "../../cli/report-files.ts";
import { evidenceRecord, evidenceText } from "../../validation/report/evidence.ts";
import { keepLooks } from "../../validation/report/page/from-looks.ts";
import { rollout } from "../../validation/rollout/rollout.ts";
import { step } from "../../validation/rollout/step.ts";
import { candidateReady, sharing } from "../validation/support/samples.ts";
import { STACK, World } from "../validation/support/world.ts";

const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;

describe("the report of a release", () => {
  let directory: string;
  beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), "report-"))));
  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function rolledOut(world: World, name: string) {
    const kept = keepLooks(STACK);
    const looked = (look: Parameters<typeof kept.looked>[0]) => kept.looked(look, world.clock.now());
    const outcome = await rollout(world.context(), { pollMs: 60_000, skipTests: true, looked });
    const notes: string[] = [];
    const summary = join(directory, `${name}.summary.md`);
    const directoryOf = (release: string) => join(directory, name, release);
    const path = await keepReport(kept, directoryOf, (note) => notes.push(note), summary);
    return { outcome, path, notes, summary };
  }

  it("is written when it is promoted, with every step, and its Markdown goes to the summary of the job", async () => {
    const { outcome, path, notes, summary } = await rolledOut(new World(candidateReady()), "good");
    expect(notes).toEqual([]);
    expect(path).toBe(join(directory, "good", outcome.release?.id ?? "", "report.html"));
    const page = await readFile(path ?? "", "utf8");
    for (const share of outcome.last.release === undefined ? [] : [10, 50])
      expect(page).toContain(`>${share} %<`);
    expect(await readFile(summary, "utf8")).toContain("Promoted: ");
  });

  it("is written when it is rolled back, with both numbers", async () => {
    const world = new World(sharing(10));
    world.failureRate = { blue: 0.01, green: 0.2 };
    const { outcome, path } = await rolledOut(world, "bad");
    expect(outcome.result).toBe("rolledBack");
    const page = await readFile(path ?? "", "utf8");
    expect(page).toContain("Rolled back:");
    expect(page).toMatch(/class="big">\d+ %/);
    expect(page).toContain("what others saw before is not in it");
  });

  it("is not written while the release is open, and what cannot be written is said and changes nothing", async () => {
    const world = new World(sharing(10));
    const kept = keepLooks(STACK);
    kept.looked(await step(world.context(), ONCE), world.clock.now());
    expect(await keepReport(kept, () => directory, expect.unreachable, "")).toBeUndefined();
    const bad = new World(sharing(10));
    bad.failureRate = { blue: 0.01, green: 0.5 };
    bad.clock.advance(12 * 60_000);
    kept.looked(await step(bad.context(), ONCE), bad.clock.now());
    await writeFile(join(directory, "a-file"), "");
    const notes: string[] = [];
    await keepReport(
      kept,
      () => join(directory, "a-file"),
      (note) => notes.push(note),
      "",
    );
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
