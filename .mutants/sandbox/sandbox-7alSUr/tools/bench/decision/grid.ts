import { cell, type Cell } from "./cell.ts";

/** One cell of the grid: steady traffic, a fault from the first minute. */
export interface GridPoint {
  readonly failing: number;
  readonly requestsPerMinute: number;
  readonly share: number;
  readonly ratio: number;
}

const FAILING = [0.001, 0.005, 0.01, 0.05];
const REQUESTS = [6, 60, 600, 6000];
const SHARES = [0.01, 0.1, 0.25, 0.5];
const RATIOS = [1.5, 2, 5, 10];

export const GRID: readonly GridPoint[] = FAILING.flatMap((failing) =>
  REQUESTS.flatMap((requestsPerMinute) =>
    SHARES.flatMap((share) => RATIOS.map((ratio) => ({ failing, requestsPerMinute, share, ratio }))),
  ),
);

export const gridName = ({ failing, requestsPerMinute, share, ratio }: GridPoint) =>
  `${failing * 100} % × ${ratio}, ${requestsPerMinute}/min, ${share * 100} % share`;

export const gridCell = (point: GridPoint): Cell =>
  cell(gridName(point), {
    failing: point.failing,
    requestsPerMinute: point.requestsPerMinute,
    share: point.share,
    fault: { onset: 0, failing: point.failing * point.ratio, overMinutes: 0, slow: 1 },
  });
