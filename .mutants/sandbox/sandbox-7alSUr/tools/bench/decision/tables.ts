import { HORIZON_MINUTES } from "./cell.ts";
import { beyondOneSetting } from "./evaluate.ts";
import { nameOf } from "./peers/rule.ts";
import type { OneSetting } from "./peers/search.ts";
import { worldRows } from "./worlds/tables.ts";
import type { BenchResult, Detection, FaultResult, GrossResult, NullResult, SeenBy } from "./result.ts";

/** The result for people. */
export function describe(result: BenchResult, oneSetting: OneSetting): string {
  const nulls = result.cells.filter((one) => one.kind === "null");
  const gross = result.cells.filter((one) => one.kind === "gross");
  const faults = result.cells.filter(
    (one): one is FaultResult => one.kind === "fault" || one.kind === "slow",
  );
  return [
    "Good candidates rolled back within 24 hours, looked at every minute (upper: exact 95 % bound)",
    nullTable(nulls),
    "Gross failure, part of the runs in which it was seen by the n-th complete minute",
    grossTable(gross),
    "Faults: median minutes from the onset (part of the runs that saw it), failed requests of users until then",
    faultTable(faults),
    "Users harmed until the rollback, ours / best peer with one setting",
    table(
      Object.entries(result.usersHarmedRatio).map(([cell, ratio]) => [
        cell,
        ratio?.toFixed(3) ?? "no peer to compare with",
      ]),
    ),
    "Whole releases (good candidates rolled back, exact 95 % bound, gave users back, either, promoted, median minutes; then bad ones)",
    table(worldRows(result.worlds, (bar) => `(bar ${bar})`)),
    "Users harmed in whole releases / best peer with one setting: until users first went back, until the end",
    table(
      Object.entries(result.usersHarmedInReleases).map(([cell, ratios]) => [
        cell,
        ...(ratios === null
          ? ["no peer to compare with"]
          : [ratios.toRetreat, ratios.toEnd].map((ratio) => ratio.toFixed(3))),
      ]),
    ),
    `Best single settings: ${nameOf(oneSetting.counter.rule)}; ${nameOf(oneSetting.alarm.rule)}`,
    summaryLines(result, oneSetting),
  ].join("\n\n");
}

const percent = (part: number, digits = 2) => `${(100 * part).toFixed(digits)} %`;

function nullTable(nulls: readonly NullResult[]): string {
  const names = Object.keys(nulls[0]?.peers ?? {});
  return table([
    ["cell", "runs", "ours", "upper", ...names],
    ...nulls.map(({ cell, runs, rate, upper95, peers }) => [
      cell,
      String(runs),
      percent(rate),
      percent(upper95),
      ...names.map((name) => percent(peers[name] ?? Number.NaN, 1)),
    ]),
  ]);
}

const seen = ({ periods, part, needed }: SeenBy) =>
  `by ${periods}: ${percent(part)}${part < needed ? ` (bar ${percent(needed, 0)})` : ""}`;

function grossTable(gross: readonly GrossResult[]): string {
  return table([
    ["cell", "comparison, φ known", "comparison, φ estimated", "whole verdict"],
    ...gross.map(({ cell, comparisonPhiKnown, comparison, verdict }) => [
      cell,
      seen(comparisonPhiKnown),
      seen(comparison),
      seen(verdict),
    ]),
  ]);
}

const detection = ({ detected, median, harmed, early }: Detection) =>
  `${median ?? "–"} (${percent(detected, 0)}) ${Math.round(harmed)}${early > 0.01 ? ` [${percent(early, 0)} before]` : ""}`;

function faultTable(faults: readonly FaultResult[]): string {
  const names = Object.keys(faults[0]?.peers ?? {});
  return table([
    ["cell", "ours", ...names],
    ...faults.map(({ cell, ours, peers }) => [
      cell,
      detection(ours),
      ...names.map((name) => (peers[name] === undefined ? "" : detection(peers[name]))),
    ]),
  ]);
}

function summaryLines(result: BenchResult, { all }: OneSetting): string {
  const grid = result.cells.filter((one) => one.kind === "grid");
  const seenIn = (minutes: readonly number[]) => minutes.filter((one) => one < HORIZON_MINUTES).length;
  const { worstFalseRollback, worstClustered } = result;
  const lines = [
    `worst cell: ${worstFalseRollback.cell}: ${percent(worstFalseRollback.rate)}, at most ${percent(worstFalseRollback.upper95)}`,
    `worst clustered cell: ${worstClustered.cell}: ${percent(worstClustered.rate)}, at most ${percent(worstClustered.upper95)}`,
  ];
  if (grid.length === 0) return lines.join("\n");
  return [
    ...lines,
    `of ${grid.length} cells within 24 hours: ours ${seenIn(grid.map(({ ours }) => ours))}, one setting ${seenIn(grid.map(({ oneSetting }) => oneSetting))}, tuned per cell ${seenIn(grid.map(({ robust }) => robust))}, oracle ${seenIn(grid.map(({ oracle }) => oracle))}`,
    `only ours: ${result.onlyOurs}; beyond the bar: one setting ${result.beyondToleranceOneSetting} (any of ${all.length} settings: ${beyondOneSetting(grid, all)}), tuned per cell ${result.beyondToleranceRobust}`,
    `ours / oracle, 90th percentile: ${result.oracleRatioP90?.toFixed(2)}`,
  ].join("\n");
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => [...(row[column] ?? "")].length)),
  );
  return rows
    .map((row) =>
      row
        .map((text, column) => text + " ".repeat((widths[column] ?? 0) - [...text].length))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
