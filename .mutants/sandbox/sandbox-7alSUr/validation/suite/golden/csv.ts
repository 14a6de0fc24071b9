import { cellValue, csvRows, tableProblems } from "../../csv-rows.ts";
import type { GoldenLine } from "./reading.ts";

/**
 * A golden set of CSV (RFC 4180: a cell in quotes may hold commas, line ends and doubled quotes): a header, then an
 * example a row. `label`, `id` and `slice.<name>` are what they say, all other columns are the input's. Answers with
 * all problems when there are such.
 */
export function readCsv(text: string): readonly GoldenLine[] | string {
  const read = csvRows(text);
  if (typeof read === "string") return read;
  const [header, ...rows] = read;
  if (header === undefined) return [];
  const names = header.cells.map((name) => name.trim());
  const problems = [...headerProblems(names), ...tableProblems(names, rows)];
  if (problems.length > 0) return problems.slice(0, 10).join("; ");
  return rows.map(({ line, cells }) => ({ line, value: objectOf(names, cells) }));
}

function headerProblems(names: readonly string[]): readonly string[] {
  return [
    ...(names.includes("label") ? [] : ["line 1 is no header with a column label"]),
    ...(names.some((name) => isInput(name)) ? [] : ["line 1 has no column of an input"]),
  ];
}

const SLICE = "slice.";
const isInput = (name: string) => name !== "label" && name !== "id" && !name.startsWith(SLICE);

function objectOf(names: readonly string[], cells: readonly string[]): unknown {
  const columns = names.map((name, index) => [name, cells[index] ?? ""] as const);
  const slice = columns.flatMap(([name, cell]) =>
    name.startsWith(SLICE) && cell !== "" ? [[name.slice(SLICE.length), cell] as const] : [],
  );
  const cellOf = (wanted: string) => columns.find(([name]) => name === wanted)?.[1];
  const input = Object.fromEntries(
    columns.flatMap(([name, cell]) => (isInput(name) ? [[name, cellValue(cell)] as const] : [])),
  );
  const label = cellOf("label") ?? "";
  const id = cellOf("id");
  return {
    ...(id === undefined ? {} : { id }),
    input,
    ...(label === "" ? {} : { label: cellValue(label) }),
    slice: Object.fromEntries(slice),
  };
}
