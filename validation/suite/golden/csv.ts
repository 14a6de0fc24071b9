import type { GoldenLine } from "./reading.ts";

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * A golden set of CSV (RFC 4180: a cell in quotes may hold commas, line ends and doubled quotes): a header, then an
 * example a row. `label`, `id` and `slice.<name>` are what they say, all other columns are the input's. Answers with
 * all problems when there are such.
 */
export function readCsv(text: string): readonly GoldenLine[] | string {
  const read = rowsOf(text.replace(/^\uFEFF/, ""));
  if (typeof read === "string") return read;
  const [header, ...rows] = read;
  if (header === undefined) return [];
  const names = header.cells.map((name) => name.trim());
  const problems = [...headerProblems(names), ...rows.flatMap((row) => widthProblem(row, names))];
  if (problems.length > 0) return problems.slice(0, 10).join("; ");
  return rows.map(({ line, cells }) => ({ line, value: objectOf(names, cells) }));
}

function headerProblems(names: readonly string[]): readonly string[] {
  const doubled = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...(names.includes("label") ? [] : ["line 1 is no header with a column label"]),
    ...(names.some((name) => isInput(name)) ? [] : ["line 1 has no column of an input"]),
    ...(names.includes("") ? ["line 1 has a column without a name"] : []),
    ...doubled.map((name) => `line 1 has the column ${name} twice`),
  ];
}

const widthProblem = ({ line, cells }: Row, names: readonly string[]) =>
  cells.length === names.length ? [] : [`line ${line} has ${cells.length} cells for ${names.length} columns`];

const SLICE = "slice.";
const isInput = (name: string) => name !== "label" && name !== "id" && !name.startsWith(SLICE);

function objectOf(names: readonly string[], cells: readonly string[]): unknown {
  const columns = names.map((name, index) => [name, cells[index] ?? ""] as const);
  const slice = columns.flatMap(([name, cell]) =>
    name.startsWith(SLICE) && cell !== "" ? [[name.slice(SLICE.length), cell] as const] : [],
  );
  const cellOf = (wanted: string) => columns.find(([name]) => name === wanted)?.[1];
  const input = Object.fromEntries(
    columns.flatMap(([name, cell]) => (isInput(name) ? [[name, valueOf(cell)] as const] : [])),
  );
  const label = cellOf("label") ?? "";
  const id = cellOf("id");
  return {
    ...(id === undefined ? {} : { id }),
    input,
    ...(label === "" ? {} : { label: valueOf(label) }),
    slice: Object.fromEntries(slice),
  };
}

/** A number as JSON has it; an empty cell is null; all else is text. */
const valueOf = (cell: string): unknown => {
  if (cell === "") return null;
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(cell) ? Number(cell) : cell;
};

/** The rows that are not empty. */
function rowsOf(text: string): readonly Row[] | string {
  const rows: Row[] = [];
  let [line, at] = [1, 0];
  while (at < text.length) {
    const begun = line;
    const cells: string[] = [];
    for (;;) {
      const cell = cellAt(text, at);
      if (cell === undefined) return `line ${begun} has a cell whose quotes are not closed at its end`;
      cells.push(cell.value);
      line += countOf(text.slice(at, cell.end), "\n");
      at = cell.end + 1;
      if (text[cell.end] !== ",") break;
    }
    line += 1;
    const isEmpty = cells.length === 1 && cells[0]?.trim() === "";
    if (!isEmpty) rows.push({ line: begun, cells });
  }
  return rows;
}

const countOf = (text: string, part: string) => text.split(part).length - 1;

/** The cell that begins there, and where the comma or line end after it is; undefined: its quotes are not closed at its end. */
function cellAt(text: string, from: number): { readonly value: string; readonly end: number } | undefined {
  const endFrom = (at: number) => {
    const next = /[,\n]/g;
    next.lastIndex = at;
    return next.exec(text)?.index ?? text.length;
  };
  if (text[from] !== '"') {
    const end = endFrom(from);
    return { value: text.slice(from, end).replace(/\r$/, ""), end };
  }
  for (let close = text.indexOf('"', from + 1); close >= 0; close = text.indexOf('"', close + 2)) {
    if (text[close + 1] === '"') continue;
    const end = endFrom(close + 1);
    const isWhole = text.slice(close + 1, end).trim() === "";
    return isWhole ? { value: text.slice(from + 1, close).replaceAll('""', '"'), end } : undefined;
  }
  return undefined;
}
