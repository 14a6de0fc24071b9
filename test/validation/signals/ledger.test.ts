import fc from "fast-check";
import { expect, it } from "vitest";
import { batchOf, readBatch } from "../../../validation/signals/ledger/batch.ts";
import { labelMinutes } from "../../../validation/signals/ledger/label-minutes.ts";
import { entriesOf, openLedger } from "../../../validation/signals/ledger/ledger.ts";
import type { Labelled } from "../../../validation/signals/feedback/row.ts";
import { memoryLabels } from "../support/label-world.ts";

const MINUTE_MS = 60_000;
const STACK = { project: "fraud", stack: "prod" };
const DAY = Date.parse("2026-11-29T00:00:00Z");
const row = (id: string, more: Partial<Labelled> = {}): Labelled => ({
  id,
  atMs: DAY + 90_000,
  slot: "green",
  version: "2",
  segments: {},
  wrong: false,
  loss: undefined,
  ...more,
});

it("what is read is what was written, a day an object", async () => {
  const kept = new Map<string, string>();
  const ledger = openLedger(STACK, memoryLabels(kept));
  const rows = [
    row("a"),
    row("b", { wrong: true }),
    row("c", { atMs: DAY - 1, wrong: undefined, loss: 0.25 }),
  ];
  expect(await ledger.add(rows, DAY + MINUTE_MS)).toEqual({ days: 2, added: 2 });
  expect([...kept.keys()].map((name) => name.replace(/[^/]*$/, ""))).toEqual([
    "labels/fraud/prod/2026-11-29/",
    "labels/fraud/prod/2026-11-28/",
  ]);
  const found = await ledger.read(DAY - MINUTE_MS, DAY + 2 * MINUTE_MS);
  expect(found.map(({ minuteMs, wrong, count, lossSum }) => [minuteMs - DAY, wrong, count, lossSum])).toEqual(
    [
      [-MINUTE_MS, undefined, 1, 0.25],
      [MINUTE_MS, false, 1, undefined],
      [MINUTE_MS, true, 1, undefined],
    ],
  );
  expect(await ledger.read(DAY, DAY + MINUTE_MS)).toEqual([]);
});

it("an object that is no batch is an error, not an empty one", async () => {
  const kept = new Map([["labels/fraud/prod/2026-11-29/x.json", '{"version":2}']]);
  await expect(openLedger(STACK, memoryLabels(kept)).read(DAY, DAY + 1)).rejects.toThrow(
    "x.json is no batch",
  );
});

it("however rows are cut into batches, repeated and ordered, each counts once and as it came first", () => {
  const batches = fc.array(
    fc.record({
      arrivedMs: fc.integer({ min: 0, max: 1000 }),
      rows: fc.uniqueArray(fc.record({ id: fc.integer({ min: 0, max: 20 }), wrong: fc.boolean() }), {
        selector: ({ id }) => id,
        minLength: 1,
      }),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(batches, fc.func(fc.integer()), (given, order) => {
      const unique = [...new Map(given.map((one) => [one.arrivedMs, one])).values()];
      const read = unique.map(({ arrivedMs, rows }) => {
        const { name, text } = batchOf(
          rows.map(({ id, wrong }) => row(String(id), { wrong })),
          arrivedMs,
        );
        return readBatch(name, text);
      });
      const entries = entriesOf(read.toSorted((a, b) => order(a.arrivedMs) - order(b.arrivedMs)));
      const first = new Map<number, boolean>();
      for (const { rows } of unique.toSorted((a, b) => a.arrivedMs - b.arrivedMs)) {
        for (const { id, wrong } of rows) if (!first.has(id)) first.set(id, wrong);
      }
      const wrong = entries.filter((one) => one.wrong === true).reduce((sum, { count }) => sum + count, 0);
      const all = entries.reduce((sum, { count }) => sum + count, 0);
      expect([all, wrong]).toEqual([first.size, [...first.values()].filter(Boolean).length]);
    }),
  );
});

it("the name of a batch is that of its rows, whatever they say and whenever they come", () => {
  const name = batchOf([row("a"), row("b")], 1).name;
  expect(batchOf([row("b", { wrong: true }), row("a")], 2).name).toBe(name);
  expect(batchOf([row("a")], 1).name).not.toBe(name);
});

it("a label that comes after the declared age is left out of its minute for good", () => {
  const late = (arrivedMs: number, id: string) => {
    const { name, text } = batchOf([row(id, { wrong: true, atMs: DAY })], arrivedMs);
    return readBatch(name, text);
  };
  const entries = entriesOf([late(DAY + 11 * MINUTE_MS, "in time"), late(DAY + 11 * MINUTE_MS + 1, "late")]);
  const answers = new Map([
    [DAY, 10],
    [DAY + MINUTE_MS, 7],
  ]);
  expect(labelMinutes(entries, "green", answers, { kind: "counts", labelAfterMinutes: 10 })).toEqual([
    { atMs: DAY, predictions: 10, labelled: 1, wrong: 1 },
    { atMs: DAY + MINUTE_MS, predictions: 7, labelled: 0, wrong: 0 },
  ]);
});

it("losses sum, a wrong answer has a loss of 1, and a loss alone is neither right nor wrong", () => {
  const { name, text } = batchOf(
    [
      row("a", { wrong: undefined, loss: 0.25 }),
      row("b", { wrong: true }),
      row("c"),
      row("d", { slot: "blue" }),
    ],
    DAY + 2 * MINUTE_MS,
  );
  const entries = entriesOf([readBatch(name, text)]);
  const of = (kind: "counts" | "losses") =>
    labelMinutes(entries, "green", new Map(), { kind, labelAfterMinutes: 10 }).map(({ labelled, wrong }) => [
      labelled,
      wrong,
    ]);
  expect([of("losses"), of("counts")]).toEqual([[[3, 1.25]], [[2, 1]]]);
});

it("the labels of a segment stand beside the answers of all: nobody knows how many are of it", () => {
  const { name, text } = batchOf(
    [row("a", { segments: { country: "DE" } }), row("b", { segments: { country: "FR" } }), row("c")],
    DAY + 2 * MINUTE_MS,
  );
  const segment = { key: "country", value: "DE" };
  const taken = { kind: "counts", labelAfterMinutes: 10, segment } as const;
  expect(labelMinutes(entriesOf([readBatch(name, text)]), "green", new Map([[DAY, 100]]), taken)).toEqual([
    { atMs: DAY, predictions: 100, labelled: 0, wrong: 0 },
    { atMs: DAY + MINUTE_MS, predictions: 3, labelled: 1, wrong: 0 },
  ]);
});
