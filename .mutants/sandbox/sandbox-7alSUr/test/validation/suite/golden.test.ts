import { describe, expect, test } from "vitest";
import { readGolden } from "../../../validation/suite/golden.ts";

const lines = (...objects: readonly object[]) => objects.map((one) => JSON.stringify(one)).join("\n");

describe("a golden set of JSON lines", () => {
  test("takes an id and slices beside the input", () => {
    const text = lines(
      { id: "a", input: { x: 1 }, label: 2, slice: { country: "DE", adult: true, age: 30 } },
      { id: 7, input: [1, 2], label: "b" },
    );
    expect(readGolden(text)).toEqual([
      { id: "a", input: { x: 1 }, label: 2, slice: { country: "DE", adult: "true", age: "30" } },
      { id: "7", input: [1, 2], label: "b" },
    ]);
  });

  test("takes a request that is sent as it is", () => {
    const request = { messages: [{ role: "user", content: "hi" }] };
    expect(readGolden(lines({ request, label: "hello" }))).toEqual([
      { input: request, request, label: "hello" },
    ]);
    expect(readGolden(lines({ input: "hi", request, label: "hello", slice: { kind: "greeting" } }))).toEqual([
      { input: "hi", request, label: "hello", slice: { kind: "greeting" } },
    ]);
  });

  test("takes a request that happens to have such a member for what it always was", () => {
    expect(
      readGolden(lines({ input: "hi", label: 1 }, { id: 4, age: 30, label: 1 }, { slice: 3, label: 0 })),
    ).toEqual([
      { input: { input: "hi" }, label: 1 },
      { input: { id: 4, age: 30 }, label: 1 },
      { input: { slice: 3 }, label: 0 },
    ]);
  });

  test("names all that is wrong at once, by the lines of the file", () => {
    const text = [
      '{"id":"a","input":1,"label":1}',
      "",
      "{",
      '{"x":1}',
      '{"id":"a","input":2,"label":1}',
      '{"input":3,"label":1,"slice":["DE"]}',
      '{"id":{},"input":3,"label":1}',
    ].join("\r\n");
    expect(readGolden(text)).toBe(
      "line 3 is no JSON object with a label; line 4 is no JSON object with a label; line 5 has the id of line 1, a; " +
        'line 6 has a slice that is no object of texts, like {"country":"DE"}; line 7 has an id that is no text',
    );
  });

  test("with very many problems names the first ones and how many there are more", () => {
    const problem = readGolden(Array.from({ length: 40 }, () => "{}").join("\n"));
    expect(problem).toMatch(/^line 1 .*; line 10 is no JSON object with a label; and 30 more$/);
  });
});

describe("a golden set of CSV, known by its name", () => {
  const csv = (...rows: readonly string[]) => readGolden(rows.join("\r\n"), "data/Golden.CSV");

  test("has a header, and columns for label, id and slices", () => {
    expect(csv("id,age,name,slice.country,label", '1,30,"Smith, J.",DE,yes', "2,-1.5e3,,,0", "")).toEqual([
      { id: "1", input: { age: 30, name: "Smith, J." }, label: "yes", slice: { country: "DE" } },
      { id: "2", input: { age: -1500, name: null }, label: 0, slice: {} },
    ]);
  });

  test("takes quotes, commas and line ends in quotes, and counts the lines of the file", () => {
    expect(csv("text,label", '"He said ""no"",', 'twice",1', "007,2")).toEqual([
      { input: { text: 'He said "no",\r\ntwice' }, label: 1, slice: {} },
      { input: { text: "007" }, label: 2, slice: {} },
    ]);
    expect(csv("text,label", '"a', 'b",1', "c")).toBe("line 4 has 1 cells for 2 columns");
  });

  test.each([
    [["a,b", "1,2"], "line 1 is no header with a column label"],
    [["label", "1"], "line 1 has no column of an input"],
    [["a,a,label", "1,2,3"], "line 1 has the column a twice"],
    [["a,label", "1", "1,2,3"], "line 2 has 1 cells for 2 columns; line 3 has 3 cells for 2 columns"],
    [["a,label", "1,"], "line 2 is no JSON object with a label"],
    [["a,label", '"1,2'], "line 2 has a cell whose quotes are not closed at its end"],
    [["a,label", '"1"x,2'], "line 2 has a cell whose quotes are not closed at its end"],
    [["a,label"], "it has no examples"],
    [[""], "it has no examples"],
  ])("of %j is refused: %s", (rows, problem) => {
    expect(csv(...rows)).toBe(problem);
  });

  test("of 100,000 rows is read at once", () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => `${i},"x",${i % 3}`);
    expect(csv("a,b,label", ...rows)).toHaveLength(100_000);
  });
});
