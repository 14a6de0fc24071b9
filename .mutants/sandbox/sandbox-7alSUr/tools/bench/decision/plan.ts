import type { Cell } from "./cell.ts";
import { FAULT_CELLS, GROSS_CELLS, SLOW_CELLS, type GrossCell } from "./detection-cells.ts";
import { GRID, gridCell, type GridPoint } from "./grid.ts";
import { FULL_NULL_CELLS, QUICK_NULL_CELLS } from "./null-cells.ts";
import { KAYENTA_WINDOWS } from "./peers/kayenta.ts";
import { ARGO_EXAMPLE, FLAGGER_DEFAULT, type ThresholdRule } from "./peers/rule.ts";
import type { OneSetting, PeerSearch } from "./peers/search.ts";
import type { Job } from "./pool.ts";

/** Names of the peers in tables and in JSON. */
export const PEERS = {
  argoExample: "Argo Rollouts, example",
  flaggerDefault: "Flagger, default",
  counter: "Argo Rollouts or Flagger, best setting",
  alarm: "M of N alarm, best setting",
  tuned: "best rule tuned for the cell",
} as const;

export type Planned = Job &
  (
    | { readonly kind: "null" }
    | { readonly kind: "gross"; readonly gross: GrossCell }
    | { readonly kind: "fault" }
    | { readonly kind: "slow" }
    | { readonly kind: "grid"; readonly point: GridPoint }
  );

export interface Runs {
  readonly null: number;
  /** Kayenta's ranks are dear; it is asked in fewer runs. */
  readonly kayenta: number;
  readonly gross: number;
  readonly fault: number;
  readonly grid: number;
}

export const QUICK: Runs = { null: 2000, kayenta: 40, gross: 100, fault: 60, grid: 0 };
export const FULL: Runs = { null: 8000, kayenta: 300, gross: 1000, fault: 500, grid: 300 };

export function planOf(runs: Runs, isFull: boolean, oneSetting: OneSetting, search: PeerSearch): Planned[] {
  const rules: Readonly<Record<string, ThresholdRule>> = {
    [PEERS.argoExample]: ARGO_EXAMPLE,
    [PEERS.flaggerDefault]: FLAGGER_DEFAULT,
    [PEERS.counter]: oneSetting.counter.rule,
    [PEERS.alarm]: oneSetting.alarm.rule,
  };
  const nobody = { rules: {}, kayenta: [] };
  const nulls = (isFull ? FULL_NULL_CELLS : QUICK_NULL_CELLS).flatMap((cell): Planned[] => [
    { kind: "null", cell, runs: runs.null, asked: { rules, kayenta: [] } },
    { kind: "null", cell, runs: runs.kayenta, asked: { rules: {}, kayenta: KAYENTA_WINDOWS } },
  ]);
  const gross = GROSS_CELLS.map((gross): Planned => {
    const asked = { ...nobody, comparison: true, knownPhi: gross.phi };
    return { kind: "gross", gross, cell: gross.cell, runs: runs.gross, asked };
  });
  const faults = FAULT_CELLS.map((cell): Planned => {
    const tuned = { [PEERS.tuned]: search.robustAt(nearestPoint(cell)).rule };
    const asked = { rules: { ...rules, ...tuned }, kayenta: KAYENTA_WINDOWS };
    return { kind: "fault", cell, runs: runs.fault, asked };
  });
  const slow = SLOW_CELLS.map((cell): Planned => ({ kind: "slow", cell, runs: runs.fault, asked: nobody }));
  const grid = (isFull ? GRID : []).map((point): Planned => {
    return { kind: "grid", point, cell: gridCell(point), runs: runs.grid, asked: { ...nobody } };
  });
  return [...nulls, ...gross, ...faults, ...slow, ...grid];
}

/** The point of the grid with a cell's traffic and the ratio that is nearest to its fault's. */
function nearestPoint({ failing, requestsPerMinute, share, fault }: Cell): GridPoint {
  const ratio = (fault?.failing ?? failing) / failing;
  const distance = (point: GridPoint) =>
    [
      point.failing / failing,
      point.requestsPerMinute / requestsPerMinute,
      point.share / share,
      point.ratio / ratio,
    ].reduce((sum, times) => sum + Math.abs(Math.log(times)), 0);
  return GRID.reduce((best, point) => (distance(point) < distance(best) ? point : best));
}
