import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { linesOf, scratchFile } from "../../../validation/adapters/scratch-file.ts";
import { inMemory, Kept } from "../../../validation/suite/many/kept.ts";
import { firstOf, listOf, mapped, picked } from "../../../validation/suite/many/many.ts";

describe.each([
  ["in memory", inMemory],
  ["in a file", scratchFile],
])("what is kept %s", (_, open) => {
  test("comes back as it was, in order and by its place, also what JSON does not know", () => {
    const odd = [
      { value: Number.NaN },
      { value: undefined },
      { text: "ä\u2028" },
      [1, Number.POSITIVE_INFINITY],
    ];
    // The first thousands never leave the memory.
    const all = [...odd, ...Array.from({ length: 5000 }, (_, at) => at), ...odd];
    const kept = new Kept<unknown>(open());
    for (const one of all) kept.append(one);
    expect(listOf(kept)).toEqual(all);
    expect(kept.length).toBe(5008);
    expect([2, 4096, 5006, 5008, -1].map((at) => kept.at(at))).toEqual([
      odd[2],
      4092,
      odd[2],
      undefined,
      undefined,
    ]);
  });

  test("is read between two writes, and when one is longer than a block", () => {
    const kept = new Kept<string>(open());
    const texts = Array.from(
      { length: 9000 },
      (_, at) => `${at}${"x".repeat(at % 1000 === 0 ? 200_000 : at % 90)}`,
    );
    for (const [at, text] of texts.entries()) {
      kept.append(text);
      if (at % 500 === 0) expect(kept.at(Math.floor(at / 2))).toBe(texts[Math.floor(at / 2)]);
    }
    expect([...kept].every((text, at) => text === texts[at])).toBe(true);
  });
});

test("a file of what is kept has no name that anybody could find", async () => {
  const directory = await mkdtemp(join(tmpdir(), "bluegreen-scratch-"));
  vi.stubEnv("TMPDIR", directory);
  const kept = new Kept<string>(scratchFile());
  vi.unstubAllEnvs();
  kept.append("a secret answer");
  expect([kept.at(0), await readdir(directory)]).toEqual(["a secret answer", []]);
});

test("lines of a file end with \\n alone, and come whole however they are read", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "bluegreen-lines-")), "golden.jsonl");
  const lines = ['{"a":"\u2028"}', "", "x".repeat(300_000), "ä".repeat(70_000), "last"];
  await writeFile(path, lines.join("\n"));
  const read: string[] = [];
  for await (const line of linesOf(path)) read.push(line);
  expect(read).toEqual(lines);
});

test("views read anew each time, and say how many there are", () => {
  const view = mapped(firstOf(["a", "b", "c"], 2), (text, place) => `${text}${place}`);
  expect([view.length, listOf(view), view.at(1), view.at(2)]).toEqual([2, ["a0", "b1"], "b1", undefined]);
  const some = picked([1, 2, 3], (one) => (one > 1 ? one : undefined));
  expect([listOf(some), listOf(some, 1)]).toEqual([[2, 3], [2]]);
});
