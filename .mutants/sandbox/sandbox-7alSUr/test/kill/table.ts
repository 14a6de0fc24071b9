import { VICTIMS, type Victim } from "./cell.ts";

/** What came of one cell of the matrix. */
export interface Cell {
  readonly verb: string;
  readonly phase: string;
  readonly victim: Victim;
  readonly outcome: "passed" | "failed" | "skipped";
  /** What is stranded, or why there is nothing to kill; empty when it passed. */
  readonly why: string;
  readonly seconds: number;
}

export function summaryOf(cells: readonly Cell[]) {
  const having = (outcome: Cell["outcome"]) => cells.filter((cell) => cell.outcome === outcome).length;
  return { passed: having("passed"), failed: having("failed"), skipped: having("skipped") };
}

const MARKS: Readonly<Record<Cell["outcome"], string>> = { passed: "ok", failed: "STRANDED", skipped: "–" };

/** One line for each phase of each verb, one column for each victim; below it what the marks stand for. */
export function renderTable(cells: readonly Cell[], seconds: number): string {
  const lines = [...Map.groupBy(cells, ({ verb, phase }) => `${verb}\n${phase}`).entries()].map(
    ([key, row]) => {
      const [verb = "", phase = ""] = key.split("\n");
      return [verb, phase, ...VICTIMS.map((victim) => markOf(row.find((cell) => cell.victim === victim)))];
    },
  );
  const table = [["verb", "killed in this phase", ...VICTIMS], ...lines];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  const text = table.map((line) =>
    line
      .map((word, at) => word.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const failed = cells.filter(({ outcome }) => outcome === "failed");
  const reasons = Map.groupBy(
    cells.filter(({ outcome }) => outcome === "skipped"),
    ({ why }) => why,
  );
  return [
    ...text,
    "",
    ...[...reasons].map(([why, skipped]) => `– ${why}: ${skipped.length} cells`),
    ...failed.map(({ verb, phase, victim, why }) => `STRANDED ${verb} · ${phase} · ${victim}: ${why}`),
    `${failed.length} stranded in ${seconds} s`,
  ].join("\n");
}

const markOf = (cell: Cell | undefined) => (cell === undefined ? "" : MARKS[cell.outcome]);
