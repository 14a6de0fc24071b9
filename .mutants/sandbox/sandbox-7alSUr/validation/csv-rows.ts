/** A row of a CSV file. */
export interface CsvRow {
  /** Number of the line on which it begins, from 1; a row may go over several. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * The rows of a CSV text that are not empty (RFC 4180: a cell in quotes may hold commas, line ends and doubled quotes).
 * Answers with the problem where it is no CSV.
 */
export function csvRows(given: string): readonly CsvRow[] | string {
  const text = given.replace(/^\uFEFF/, "");
  const rows: CsvRow[] = [];
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

/** What is wrong with names of columns and with widths of rows, each with its line. */
export function tableProblems(names: readonly string[], rows: readonly CsvRow[]): readonly string[] {
  const doubled = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...(names.includes("") ? ["line 1 has a column without a name"] : []),
    ...doubled.map((name) => `line 1 has the column ${name} twice`),
    ...rows.flatMap(({ line, cells }) =>
      cells.length === names.length
        ? []
        : [`line ${line} has ${cells.length} cells for ${names.length} columns`],
    ),
  ];
}

/** A number as JSON has it; an empty cell is null; all else is text. */
export const cellValue = (cell: string): unknown => {
  if (cell === "") return null;
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(cell) ? Number(cell) : cell;
};

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
