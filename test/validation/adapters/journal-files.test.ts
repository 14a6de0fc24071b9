import { cpSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { journalFiles, journalIn, type KeptJournals } from "../../../validation/adapters/journal-files.ts";
import { candidateReady } from "../support/samples.ts";
import { World } from "../support/world.ts";
import { recordedRollout, releasesFolder } from "../report/journal/recorded.ts";

/** Journals of v1 to v5, each of so many bytes, v5 the newest; `ended`: those with a seal. */
async function kept(bounds: KeptJournals, ended: readonly string[], bytes = 100): Promise<readonly string[]> {
  const folder = await releasesFolder();
  for (const at of [1, 2, 3, 4, 5]) {
    const path = journalIn(folder, `v${at}`);
    mkdirSync(dirname(path));
    writeFileSync(path, "x".repeat(bytes));
    utimesSync(path, at, at);
  }
  const files = journalFiles(folder, bounds);
  files.dropOld((id) => ended.includes(id));
  return files.releases();
}

const ALL = ["v1", "v2", "v3", "v4", "v5"];

describe("of releases that have ended", () => {
  test("the newest are kept, so many of them", async () => {
    expect(await kept({ releases: 3, bytes: 1_000 }, ALL)).toEqual(["v5", "v4", "v3"]);
  });

  test("and as many as take so many bytes together", async () => {
    expect(await kept({ releases: 9, bytes: 250 }, ALL)).toEqual(["v5", "v4"]);
  });

  test("the newest one is kept whatever it takes, and one that goes on however old it is", async () => {
    expect(await kept({ releases: 2, bytes: 10 }, ["v5", "v4", "v3", "v2"])).toEqual(["v5", "v1"]);
  });
});

test("a release that ends makes room for itself, and what ends with it is kept for its report", async () => {
  const folder = await releasesFolder();
  const rollOut = async () => {
    const world = new World(candidateReady());
    world.failureRate = { blue: 0.01, green: 0.3 };
    const files = journalFiles(folder, { releases: 1, bytes: 1024 ** 3 });
    await recordedRollout(world, files);
    return files.releases();
  };
  expect(await rollOut()).toEqual(["v2-g3"]);
  for (const [at, id] of ["v0-g1", "v1-g2"].entries()) {
    cpSync(join(folder, "v2-g3"), join(folder, id), { recursive: true });
    // Without its seal, the first has not ended.
    const lines = readFileSync(journalIn(folder, id), "utf8").split("\n");
    if (at === 0) writeFileSync(journalIn(folder, id), lines.slice(0, -2).join("\n"));
    utimesSync(journalIn(folder, id), 1 + at, 1 + at);
  }
  rmSync(join(folder, "v2-g3"), { recursive: true });
  // Told that another release is there, v0-g1 ends, too, and is written last.
  expect(await rollOut()).toEqual(["v0-g1", "v2-g3"]);
});
