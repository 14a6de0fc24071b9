import { describe, expect, it } from "vitest";
import { CORPUS } from "./corpus.ts";
import { fuzzAll } from "./host.ts";
import { Choices } from "./inputs/random.ts";
import { mutated } from "./inputs/mutate.ts";
import { PARSERS } from "./table.ts";

const NAMES = Object.keys(PARSERS);
/** Beside what went wrong once: a little of what `npm run fuzz` does for longer. */
const COUNT = 12;

describe("the readers of text from outside", () => {
  it("take nothing that is none, refuse in their own words, and end: all that went wrong once, and some more", async () => {
    const results = await fuzzAll(NAMES, { seed: 1, count: COUNT, seconds: 2 }, () => {});
    expect(results.flatMap(({ name, faults }) => faults.map((fault) => ({ name, ...fault })))).toEqual([]);
    expect(results.map(({ name }) => name)).toEqual(NAMES);
    // One that refuses whatever it gets would find nothing.
    expect(results.filter(({ accepted }) => accepted === 0).map(({ name }) => name)).toEqual([]);
  });

  it("are each in the table, with what went wrong once", () => {
    expect(Object.keys(CORPUS).filter((name) => !NAMES.includes(name))).toEqual([]);
  });
});

describe("the fuzzer", () => {
  const bounds = { seed: 1, count: 300, seconds: 20 };

  it.each(["crash", "hang", "wrong acceptance"])("finds a planted defect: %s", async (kind) => {
    const [found] = await fuzzAll(["planted"], bounds, () => {}, { plant: kind, deadMs: 1500 });
    expect(found?.faults[0]).toMatchObject({ kind });
  });

  it("finds nothing in a parser without one", async () => {
    const [found] = await fuzzAll(["planted"], bounds, () => {}, { plant: "sound" });
    expect(found).toMatchObject({ faults: [], inputs: 300 });
  });

  it("makes the same inputs of the same seed, and others of another", () => {
    const material = { pool: [Buffer.from('{"share":10}')], words: ["x"], edits: "json" } as const;
    const made = (seed: number) => {
      const choices = new Choices(seed);
      return Array.from({ length: 20 }, () => mutated(material, choices).toString("base64"));
    };
    expect(made(1)).toEqual(made(1));
    expect(made(1)).not.toEqual(made(2));
  });
});
