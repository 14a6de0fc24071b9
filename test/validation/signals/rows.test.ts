import { describe, expect, it } from "vitest";
import type { Compared } from "../../../contract/release/compared.ts";
import { readRows } from "../../../validation/signals/rows/read-rows.ts";
import { MINUTE, readable } from "../support/readable.ts";

const MINUTE_ONE = "2026-11-25T10:01:00Z";
const row = (more: object = {}) => ({
  slot: "green",
  minute: MINUTE_ONE,
  numerator: 1,
  denominator: 60,
  ...more,
});
const why = (text: string) => {
  const read = readRows(text);
  return read.readable ? undefined : read.why;
};

describe("rows", () => {
  it("are lines of JSON or one list, of minutes in any time zone", () => {
    const lines = `${JSON.stringify(row())}\n\n${JSON.stringify(row({ slot: "blue", minute: "2026-11-25T11:01+01:00" }))}\n`;
    const list = JSON.stringify([row(), row({ slot: "blue" })]);
    const atMs = Date.parse(MINUTE_ONE);
    const expected = ["green", "blue"].map((slot) => ({
      slot,
      atMs,
      numerator: 1,
      denominator: 60,
      segment: undefined,
    }));
    expect(readRows(lines)).toEqual({ readable: true, value: expected });
    expect(readRows(list)).toEqual({ readable: true, value: expected });
    expect(readRows("")).toEqual({ readable: true, value: [] });
  });

  it.each([
    ["slot", row({ slot: "red" }), 'slot is "red"; allowed: blue or green'],
    [
      "minute",
      row({ minute: "2026-11-25T10:01:30Z" }),
      'minute is "2026-11-25T10:01:30Z"; allowed: the begin of a minute in ISO 8601 with its time zone',
    ],
    [
      "time zone",
      row({ minute: "2026-11-25T10:01:00" }),
      'minute is "2026-11-25T10:01:00"; allowed: the begin of a minute in ISO 8601 with its time zone',
    ],
    ["denominator", row({ denominator: -1 }), "denominator is -1; allowed: a number from 0"],
    ["numerator", row({ numerator: 61 }), "numerator is 61; allowed: a number from 0 to its denominator"],
    [
      "number as text",
      row({ numerator: "1" }),
      'numerator is "1"; allowed: a number from 0 to its denominator',
    ],
    ["name", row({ count: 1 }), "count is unknown; known are slot, minute, numerator, denominator, segment"],
    ["shape", [1], "no JSON object"],
  ])("with a wrong %s are none at all, and it is named by its line", (_title, wrong, says) => {
    const text = `${JSON.stringify(row())}\n${JSON.stringify(wrong)}`;
    expect(why(text)).toBe(`1 of its 2 rows is wrong: line 2: ${says}`);
  });

  it("with many wrong ones name five, and how many more there are", () => {
    const text = Array.from({ length: 9 }, () => "no data").join("\n");
    expect(why(text)).toMatch(/^9 of its 9 rows are wrong: line 1: no JSON object; .*, and 4 more$/);
  });

  it("of the same slot and minute are not added up", () => {
    expect(why(JSON.stringify([row(), row()]))).toBe(
      "1 of its 2 rows is wrong: row 2: a second one of the same slot, minute and segment",
    );
  });
});

const pair = (windows: Compared["windows"]): Compared => ({ active: "a", attempt: 1, windows });
const SOURCE = { from: "url", url: "https://warehouse.example/rows" };

describe("a signal of rows", () => {
  const reading = (rows: Parameters<typeof readable>[1], more: object = {}) => {
    const world = readable(() => undefined, {
      ...rows,
      signals: [{ name: "wrong", source: SOURCE, ...more }],
    });
    return {
      ...world,
      one: async () => (await world.read(pair([{ from: world.at(0) }]), { isPast: true })).data.signals?.[0],
    };
  };
  const text = (startMs: number, entries: readonly (readonly [string, number, number, number, string?])[]) =>
    entries
      .map(([slot, minute, numerator, denominator, segment]) =>
        JSON.stringify({
          slot,
          minute: new Date(startMs + minute * MINUTE).toISOString(),
          numerator,
          denominator,
          segment,
        }),
      )
      .join("\n");

  it("asks for the day before the release and the time since, and says which models", async () => {
    const questions: unknown[] = [];
    const { one, at } = reading({
      rows: async (_source, question) => {
        questions.push(question);
        return { readable: true, value: "" };
      },
    });
    await one();
    expect(questions).toMatchObject([
      {
        signal: "wrong",
        stack: "test",
        from: at(-1440),
        to: at(10),
        candidate: { slot: "green" },
        active: { slot: "blue" },
      },
    ]);
  });

  it("pairs the slots by minute: one without a row had no exposure there", async () => {
    let startMs = 0;
    const world = reading({
      rows: async () => ({
        readable: true,
        value: text(startMs, [
          ["blue", -2, 1, 500],
          ["blue", 1, 2, 500],
          ["green", 1, 3, 60],
          ["green", 2, 1, 60],
          ["green", 50, 9, 60],
        ]),
      }),
    });
    ({ startMs } = world);
    const found = await world.one();
    expect(found?.minutes).toEqual([
      {
        atMs: startMs + MINUTE,
        candidate: { exposure: 60, events: 3 },
        active: { exposure: 500, events: 2 },
      },
      {
        atMs: startMs + 2 * MINUTE,
        candidate: { exposure: 60, events: 1 },
        active: { exposure: 0, events: 0 },
      },
    ]);
    expect(found?.history).toEqual([
      { exposure: 500, events: 1 },
      { exposure: 0, events: 0 },
    ]);
  });

  it("takes a source that says more than it was asked for, as all months that there are", async () => {
    const months = 150_000;
    let startMs = 0;
    const world = reading({
      rows: async () => ({
        readable: true,
        value: text(
          startMs,
          Array.from({ length: months }, (_, index) => ["blue", index - months, 0, 10] as const),
        ),
      }),
    });
    ({ startMs } = world);
    expect((await world.one())?.history).toHaveLength(1440);
  });

  it("takes rows of its segments, and holds when one names another", async () => {
    let startMs = 0;
    let segment = "country=DE";
    const world = reading(
      {
        rows: async () => ({
          readable: true,
          value: text(startMs, [
            ["green", 1, 3, 60],
            ["green", 1, 2, 6, segment],
          ]),
        }),
      },
      { segments: { country: ["DE"] } },
    );
    ({ startMs } = world);
    expect((await world.one())?.segments).toMatchObject([
      { name: "country=DE", minutes: [{ candidate: { exposure: 6, events: 2 } }] },
    ]);
    segment = "country=FR";
    expect((await world.one())?.held).toBe('its address: segment is "country=FR"; allowed: country=DE');
  });

  it("holds when nobody answers, and when a row is wrong: never is that a count of 0", async () => {
    const silent = reading({ rows: async () => ({ readable: false, why: "it answered with status 500" }) });
    expect(await silent.one()).toMatchObject({
      held: "its address: it answered with status 500",
      minutes: [],
    });
    const wrong = reading({ rows: async () => ({ readable: true, value: '{"slot":"red"}' }) });
    expect((await wrong.one())?.held).toMatch(/^its address: 1 of its 1 rows is wrong: line 1: slot is/);
  });
});
