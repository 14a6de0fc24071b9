import { expect, it } from "vitest";
import { readRows } from "../../../validation/signals/feedback/read-rows.ts";

const NOW = Date.parse("2026-11-29T12:00:00Z");
const TIME = "2026-11-29T11:00:00Z";
const read = (...rows: readonly object[]) => readRows(rows.map((row) => JSON.stringify(row)).join("\n"), NOW);

it("reads rows by request id, by slot and by model version, with what they say", () => {
  const { rows, problems } = read(
    { requestId: "a", label: 4 },
    { requestId: "b", correct: false, time: TIME, segment: { country: "DE" } },
    { slot: "green", loss: 0.25, time: Date.parse(TIME) },
    { modelVersion: "7", correct: true, time: "2026-11-29T12:00:00+01:00", id: 12 },
  );
  expect(problems).toEqual([]);
  const atMs = Date.parse(TIME);
  expect(rows.map(({ of, says, atMs: time, segments }) => [of, says, time, segments])).toEqual([
    [{ requestId: "a" }, { label: 4 }, undefined, {}],
    [{ requestId: "b" }, { correct: false }, atMs, { country: "DE" }],
    [{ slot: "green", atMs }, { loss: 0.25 }, atMs, {}],
    [{ modelVersion: "7", atMs }, { correct: true }, atMs, {}],
  ]);
});

it("reads the same rows from CSV, where an empty cell says nothing", () => {
  const csv = [
    "requestId,slot,time,label,correct,loss,segment.country",
    'a,,,"4",,,DE',
    `,blue,${TIME},,false,,`,
    `,green,${TIME},,,0.5,`,
  ].join("\r\n");
  const { rows, problems } = readRows(csv, NOW);
  expect(problems).toEqual([]);
  expect(rows.map(({ says, segments }) => [says, segments])).toEqual([
    [{ label: 4 }, { country: "DE" }],
    [{ correct: false }, {}],
    [{ loss: 0.5 }, {}],
  ]);
});

it.each([
  [{ label: 4 }, "names no prediction"],
  [{ requestId: "a" }, "says nothing"],
  [{ requestId: "a", label: 4, correct: true }, "label and correct"],
  [{ slot: "red", correct: true, time: TIME }, "there are blue and green"],
  [{ slot: "blue", correct: true }, "has no time"],
  [{ slot: "blue", label: 4, time: TIME }, "no requestId, so nobody knows the answer"],
  [{ slot: "blue", modelVersion: "1", correct: true, time: TIME }, "one of them is enough"],
  [{ requestId: "a", correct: "no" }, "not true or false"],
  [{ requestId: "a", loss: 1.5 }, "from 0 to 1"],
  [{ requestId: "a", correct: true, time: "yesterday" }, "neither ISO 8601"],
  [{ requestId: "a", correct: true, time: 1_764_000_000 }, "neither ISO 8601"],
  [{ requestId: "a", correct: true, time: "2026-11-29T12:30:00Z" }, "in the future"],
  [{ requestId: "a", correct: true, segment: "DE" }, "a segment that is no object"],
  [{ requestId: "a", correct: true, verdict: 1 }, "has verdict"],
  [{ requestId: "", correct: true }, "a requestId that is no text"],
  [["a"], "is no JSON object"],
])("names what is wrong with %j and its line", (row, why) => {
  const { rows, problems } = readRows(`{"requestId":"good","correct":true}\n\n${JSON.stringify(row)}`, NOW);
  expect(rows).toHaveLength(1);
  expect(problems).toEqual([expect.stringMatching(new RegExp(`^line 3 .*${why}`))]);
});

it("names a CSV row of another width, and a text that is no JSON", () => {
  expect(readRows("requestId,correct\na", NOW).problems).toEqual(["line 2 has 1 cells for 2 columns"]);
  expect(readRows('{"requestId"', NOW).problems).toEqual(["line 1 is no JSON object"]);
});

it("a row twice counts once by its request id or its id; without one equal rows of a file are two, and the same file again has the same ids", () => {
  const twice = read(
    { requestId: "a", correct: true },
    { requestId: "a", correct: false },
    { requestId: "b", correct: true },
  );
  expect([twice.rows.length, twice.repeated]).toEqual([2, 1]);
  const row = { slot: "blue", correct: true, time: TIME };
  const [once, again] = [read(row, row), read(row, row)];
  expect(once.rows).toHaveLength(2);
  expect(once.rows.map(({ id }) => id)).toEqual(again.rows.map(({ id }) => id));
});
