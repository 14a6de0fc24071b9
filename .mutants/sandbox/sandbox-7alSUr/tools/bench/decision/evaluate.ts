import { quantile, upper95 } from "./bounds.ts";
import { HORIZON_MINUTES, isClustered, type Cell } from "./cell.ts";
import { GROSS_VERDICT } from "./detection-cells.ts";
import { GRID } from "./grid.ts";
import { FULL_NULL_CELLS } from "./null-cells.ts";
import { PEERS, type Planned } from "./plan.ts";
import type { OneSetting, PerCell, Tuned } from "./peers/search.ts";
import type { Rollbacks } from "./pool.ts";
import type {
  BenchResult,
  CellResult,
  Detection,
  FaultResult,
  GridResult,
  GrossResult,
  NullResult,
  SeenBy,
  Worst,
} from "./result.ts";
import { COMPARISON, KNOWN_PHI, OURS, type Rollback } from "./simulate.ts";

export interface Evaluated {
  readonly planned: readonly Planned[];
  readonly rollbacks: readonly Rollbacks[];
  readonly seed: number;
  readonly oneSetting: OneSetting;
  /** Only with the grid. */
  readonly perCell: PerCell | undefined;
  readonly releases: Releases;
}

const partOf = <T>(all: readonly T[], is: (one: T) => boolean) => all.filter(is).length / all.length;
const isBack = ({ minute }: Rollback) => minute !== undefined;

export function evaluate({
  planned,
  rollbacks,
  seed,
  oneSetting,
  perCell,
  releases,
}: Evaluated): BenchResult {
  const cells: CellResult[] = [];
  planned.forEach((job, index) => {
    const done = rollbacks[index] ?? {};
    const ran = { cell: job.cell.name, seed, runs: job.runs };
    switch (job.kind) {
      case "null":
        addNull(cells, job.cell, ran, done);
        break;
      case "gross": {
        const { periods, inPart } = job.gross.comparisonBy;
        const seen = (judge: string, by: number, needed: number) => seenBy(done[judge], job.cell, by, needed);
        const comparisonPhiKnown = seen(KNOWN_PHI, periods, inPart);
        const comparison = seen(COMPARISON, periods, inPart);
        const verdict = seen(OURS, GROSS_VERDICT.periods, GROSS_VERDICT.inPart);
        cells.push({ kind: "gross", ...ran, comparisonPhiKnown, comparison, verdict } satisfies GrossResult);
        break;
      }
      case "fault":
      case "slow": {
        const { [OURS]: ours, ...others } = done;
        const peers = Object.fromEntries(
          Object.entries(others).map(([name, results]) => [name, detectionOf(results, job.cell)]),
        );
        cells.push({
          kind: job.kind,
          ...ran,
          ours: detectionOf(ours, job.cell),
          peers,
        } satisfies FaultResult);
        break;
      }
      case "grid": {
        const at = GRID.indexOf(job.point);
        const median = (detectionOf(done[OURS], job.cell).median ?? HORIZON_MINUTES) satisfies number;
        if (perCell !== undefined) cells.push({ ...ran, ...gridResult(at, median, oneSetting, perCell) });
      }
    }
  });
  return summarised(cells, oneSetting, releases);
}

/** What was measured in whole releases. */
export type Releases = Pick<BenchResult, "worlds" | "harmedInReleases">;

/** Everything that follows from the cells and the releases. */
export function summarised(
  cells: readonly CellResult[],
  oneSetting: OneSetting,
  { worlds, harmedInReleases }: Releases = { worlds: [], harmedInReleases: [] },
): BenchResult {
  const usersHarmedInReleases = ratiosOf(cells, harmedInReleases);
  return { cells, ...summary(cells, oneSetting), worlds, harmedInReleases, usersHarmedInReleases };
}

function ratiosOf(cells: readonly CellResult[], harmed: BenchResult["harmedInReleases"]) {
  const nulls = cells.filter((one) => one.kind === "null");
  const entries = harmed.map(({ cell, failedToRetreat, failedToEnd }) => {
    const fault = cells.find((one): one is FaultResult => one.kind === "fault" && one.cell === cell);
    const least = fault === undefined ? undefined : leastHarm(fault, nulls);
    const ratios =
      least === undefined ? null : { toRetreat: failedToRetreat / least, toEnd: failedToEnd / least };
    return [cell, ratios] as const;
  });
  return Object.fromEntries(entries);
}

/** Kayenta is asked in runs of its own, and belongs to the same cell. */
function addNull(
  cells: CellResult[],
  cell: Cell,
  ran: Pick<NullResult, "cell" | "seed" | "runs">,
  done: Rollbacks,
) {
  const { [OURS]: ours = [], ...others } = done;
  const peers = Object.fromEntries(
    Object.entries(others).map(([name, results]) => [name, partOf(results, isBack)]),
  );
  const last = cells.at(-1);
  if (last?.kind === "null" && last.cell === cell.name) {
    cells[cells.length - 1] = { ...last, peers: { ...last.peers, ...peers } };
    return;
  }
  const falseRollbacks = ours.filter(isBack).length;
  cells.push({
    kind: "null",
    ...ran,
    clustered: isClustered(cell),
    falseRollbacks,
    rate: falseRollbacks / ran.runs,
    upper95: upper95(falseRollbacks, ran.runs),
    peers,
  });
}

/** Of the runs that reached the onset. */
function seenBy(results: readonly Rollback[] = [], cell: Cell, periods: number, needed: number): SeenBy {
  const onset = cell.fault?.onset ?? 0;
  const reached = results.filter(({ minute }) => minute === undefined || minute >= onset);
  return { periods, needed, part: partOf(reached, ({ minute = Infinity }) => minute < onset + periods) };
}

function detectionOf(results: readonly Rollback[] = [], cell: Cell): Detection {
  const onset = cell.fault?.onset ?? 0;
  const reached = results.filter(({ minute }) => minute === undefined || minute >= onset);
  const minutes = reached.map(({ minute = Infinity }) => minute - onset + 1);
  const median = quantile(minutes, 0.5);
  return {
    detected: partOf(reached, isBack),
    median: Number.isFinite(median) ? median : null,
    harmed: reached.reduce((sum, { harmed }) => sum + harmed, 0) / reached.length,
    early: 1 - reached.length / results.length,
  };
}

function gridResult(at: number, ours: number, oneSetting: OneSetting, perCell: PerCell) {
  const single = [oneSetting.counter, oneSetting.alarm]
    .map(({ rule, medians }) => ({ rule, median: medians[at] ?? HORIZON_MINUTES }))
    .reduce((best, one) => (one.median < best.median ? one : best));
  const robust = perCell.robust[at];
  return {
    kind: "grid",
    ours,
    oneSetting: single.median,
    oneSettingPeriod: single.rule.periodMinutes,
    robust: robust?.median ?? HORIZON_MINUTES,
    robustPeriod: robust?.rule.periodMinutes ?? 1,
    oracle: perCell.oracle[at]?.median ?? HORIZON_MINUTES,
  } as const;
}

type Summary = Omit<BenchResult, "cells" | keyof Releases | "usersHarmedInReleases">;

function summary(cells: readonly CellResult[], oneSetting: OneSetting): Summary {
  const nulls = cells.filter((one) => one.kind === "null");
  const grid = cells.filter((one) => one.kind === "grid");
  const faults = cells.filter((one): one is FaultResult => one.kind === "fault");
  const has = grid.length > 0;
  const isSeen = (median: number) => median < HORIZON_MINUTES;
  const ratios = grid
    .filter(({ ours, oracle }) => isSeen(ours) || isSeen(oracle))
    .map(({ ours, oracle }) => ours / oracle);
  return {
    worstFalseRollback: worstOf(nulls.filter(({ clustered }) => !clustered)),
    worstClustered: worstOf(nulls.filter(({ clustered }) => clustered)),
    beyondToleranceOneSetting: has ? beyondOneSetting(grid, [oneSetting.counter, oneSetting.alarm]) : null,
    beyondToleranceRobust: has
      ? grid.filter(({ ours, robust, robustPeriod }) => ours > 1.5 * robust + robustPeriod).length
      : null,
    onlyOurs: has ? grid.filter(({ ours, oneSetting }) => isSeen(ours) && !isSeen(oneSetting)).length : null,
    oracleRatioP90: has ? quantile(ratios, 0.9) : null,
    usersHarmedRatio: Object.fromEntries(faults.map((one) => [one.cell, harmedRatio(one, nulls)])),
  };
}

/** Cells in which a rule with one setting for the whole grid is faster by more than the bar. */
export function beyondOneSetting(grid: readonly GridResult[], rules: readonly Tuned[]): number {
  return grid.filter(({ ours }, at) =>
    rules.some(({ rule, medians }) => ours > 1.25 * (medians[at] ?? HORIZON_MINUTES) + rule.periodMinutes),
  ).length;
}

function worstOf(nulls: readonly NullResult[]): Worst {
  const worst = nulls.reduce<NullResult | undefined>(
    (found, one) => (found === undefined || one.rate > found.rate ? one : found),
    undefined,
  );
  return { cell: worst?.cell ?? "", rate: worst?.rate ?? 0, upper95: worst?.upper95 ?? 1 };
}

/** Few runs of a peer that is right in 99 % may show so many wrong ones. */
const WITH_NOISE = 0.03;

/**
 * Ours divided by the least harm of those peers with one setting that leave good candidates alone: in cells without
 * clusters, where the candidate is exactly as good. Only those are counted against a peer; a ratio of 1.1 that we
 * tolerate and clusters that we allow for are not.
 */
function harmedRatio(fault: FaultResult, nulls: readonly NullResult[]): number | null {
  const least = leastHarm(fault, nulls);
  return least === undefined ? null : fault.ours.harmed / least;
}

function leastHarm({ peers }: FaultResult, nulls: readonly NullResult[]): number | undefined {
  const asGood = FULL_NULL_CELLS.filter((one) => one.ratio === 1 && !isClustered(one)).map(
    ({ name }) => name,
  );
  const isFair = (name: string) =>
    name !== PEERS.tuned &&
    nulls.every(({ cell, peers: others }) => !asGood.includes(cell) || (others[name] ?? 1) <= WITH_NOISE);
  const harms = Object.entries(peers)
    .filter(([name]) => isFair(name))
    .map(([, { harmed }]) => harmed);
  return harms.length === 0 ? undefined : Math.min(...harms);
}
