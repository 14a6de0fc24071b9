import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { journalFiles } from "../../../../validation/adapters/journal-files.ts";
import { canonical, sha256 } from "../../../../validation/report/journal/digest.ts";
import { readJournal, wholeLooks } from "../../../../validation/report/journal/read.ts";
import { candidateReady } from "../../support/samples.ts";
import { World } from "../../support/world.ts";
import { recordedRollout, releasesFolder } from "./recorded.ts";

const journalIn = (folder: string) => join(folder, "v2-g3", "journal.jsonl");
const readIn = async (folder: string) => readJournal(await readFile(journalIn(folder), "utf8"));

describe("the journal of a release", () => {
  test("tells of a promoted one from its begin to its seal, with each look's counts as the evidence has them", async () => {
    const world = new World(candidateReady());
    world.failureRate = { blue: 0.01, green: 0.01 };
    const folder = await releasesFolder();
    const { steps, record } = await recordedRollout(world, folder);
    const { entries, state, isTorn, brokenLine } = await readIn(folder);

    expect({ isTorn, brokenLine }).toEqual({ isTorn: false, brokenLine: undefined });
    expect(entries[0]).toMatchObject({ kind: "begin", n: 1, previous: null, stack: "ml-blue-green/test" });
    const looked = steps.filter(({ verdict }) => verdict !== undefined);
    expect(entries.filter(({ kind }) => kind === "look")).toHaveLength(looked.length);
    expect(entries.flatMap((one) => (one.kind === "event" ? [one.event] : []))).toEqual([
      "shifted",
      "shifted",
      "shifted",
      "promoted",
    ]);
    expect(entries.at(-1)).toMatchObject({ kind: "seal", result: "promoted", looks: looked.length });
    expect(state.isSealed).toBe(true);

    for (const [at, entry] of entries.entries()) {
      const { digest, ...open } = entry;
      expect(sha256(canonical(open))).toBe(digest);
      expect(entry.previous).toBe(entries[at - 1]?.digest ?? null);
    }
    for (const { kind: _, whole, n, previous, digest: _own, ...look } of wholeLooks(entries))
      expect(sha256(canonical({ ...look, chain: { n, previous } }))).toBe(whole);
    expect([...wholeLooks(entries)].at(-1)?.whole).toBe(record.chain?.digest);
  });

  test("does not keep a minute twice that no look has revised", async () => {
    const world = new World(candidateReady());
    const folder = await releasesFolder();
    const { record } = await recordedRollout(world, folder);
    const { entries } = await readIn(folder);
    const kept = entries.flatMap((one) =>
      one.kind === "look" ? (one.comparison?.counts[0]?.minutes ?? []) : [],
    );
    expect(kept).toHaveLength(record.comparison?.counts[0]?.minutes.length ?? 0);
    expect(kept.length).toBeGreaterThan(10);
  });

  test("of a bad candidate ends with its rollback", async () => {
    const world = new World(candidateReady());
    world.failureRate = { blue: 0.01, green: 0.3 };
    const folder = await releasesFolder();
    await recordedRollout(world, folder);
    const { entries } = await readIn(folder);
    const last = [...wholeLooks(entries)].at(-1);
    expect(last).toMatchObject({ verdict: "rollback", split: { blue: 100, green: 0 } });
    expect(entries.map((one) => (one.kind === "event" ? one.event : one.kind)).slice(-4)).toEqual([
      "look",
      "reverted",
      "look",
      "seal",
    ]);
    expect(entries.at(-1)).toMatchObject({ kind: "seal", result: "rolledBack" });
  });

  test("is gone on with by another process, from before a line that a kill has torn", async () => {
    const world = new World(candidateReady());
    const folder = await releasesFolder();
    let looks = 0;
    const files = journalFiles(folder);
    const dying = recordedRollout(world, {
      ...files,
      of: (id) => ({
        ...files.of(id),
        append(line) {
          looks += 1;
          if (looks > 5) throw new Error("no space is left");
          files.of(id).append(line);
        },
      }),
    });
    await dying;
    await appendFile(journalIn(folder), '{"n":6,"at":"2026');
    expect(await readIn(folder)).toMatchObject({ isTorn: true, brokenLine: undefined });

    await recordedRollout(world, folder);
    const { entries, isTorn } = await readIn(folder);
    expect(isTorn).toBe(false);
    expect(entries.map(({ n }) => n)).toEqual(entries.map((_, at) => at + 1));
    expect(entries.at(-1)?.kind).toBe("seal");
  });

  test("that cannot be written is told once, and no verdict minds", async () => {
    const world = new World(candidateReady());
    const files = journalFiles(await releasesFolder());
    const full = () => {
      throw new Error("no space is left");
    };
    const { outcome } = await recordedRollout(world, {
      ...files,
      of: (id) => ({ ...files.of(id), append: full }),
    });
    expect(outcome.result).toBe("promoted");
    const told = world.events.flatMap((event) => (event.kind === "note" ? [event.message] : []));
    expect(told.filter((message) => message.includes("journal"))).toEqual([
      "the journal of this release has gaps from here on: no space is left",
    ]);
  });

  test("with a line that is none is put away, and a new one says that it begins in the middle", async () => {
    const world = new World({ ...candidateReady() });
    const folder = await releasesFolder();
    await recordedRollout(new World(candidateReady()), folder);
    const text = await readFile(journalIn(folder), "utf8");
    await writeFile(journalIn(folder), text.replace('"kind":"look"', '"kind":"lock"'));
    await recordedRollout(world, folder);
    expect(await readFile(join(folder, "v2-g3", "journal-1.jsonl"), "utf8")).toContain('"kind":"lock"');
    expect((await readIn(folder)).entries.map(({ n }) => n)[0]).toBe(1);
  });
});
