import { cell, type Cell, type Fault } from "./cell.ts";

const fault = (failing: number, differs: Partial<Fault> = {}): Fault => ({
  onset: 0,
  failing,
  overMinutes: 0,
  slow: 1,
  ...differs,
});

/** Gross failure, 20 % of the requests, from the first minute or late. */
export const ONSETS = [0, 60, 240, 1380] as const;
const GROSS = 0.2;

export interface GrossCell {
  readonly cell: Cell;
  /** Size of the clusters that its failures come in. */
  readonly phi: 1 | 3;
  /** By which complete period the comparison alone has to see it, in what part of the runs. */
  readonly comparisonBy: { readonly periods: number; readonly inPart: number };
}

/** By which period the whole verdict has to see each of them, in what part of the runs. */
export const GROSS_VERDICT = { periods: 3, inPart: 0.99 };

export const GROSS_CELLS: readonly GrossCell[] = ONSETS.flatMap((onset) => {
  const gross = (failing: number, phi: 1 | 3, periods: number, inPart: number): GrossCell => ({
    cell: cell(`20 % failing from minute ${onset}, usual ${failing * 100} %, clusters of ${phi}`, {
      failing,
      clusters: phi === 1 ? { kind: "none" } : { kind: "fixed", size: phi },
      fault: fault(GROSS, { onset }),
    }),
    phi,
    comparisonBy: { periods, inPart },
  });
  return [gross(0.005, 1, 2, 0.99), gross(0.01, 1, 3, 0.99), gross(0.005, 3, 6, 0.9), gross(0.01, 3, 6, 0.9)];
});

/** Faults as they come, each with the whole verdict and the peers on the same traffic. */
export const FAULT_CELLS: readonly Cell[] = [
  cell("fails twice as often", { fault: fault(0.01) }),
  cell("fails five times as often", { fault: fault(0.025) }),
  cell("fails ten times as often", { fault: fault(0.05) }),
  cell("five times, from minute 1380", { fault: fault(0.025, { onset: 1380 }) }),
  cell("five times, from minute 240", { fault: fault(0.025, { onset: 240 }) }),
  cell("twice as often, 6,000/min", { requestsPerMinute: 6000, fault: fault(0.01) }),
  cell("half as often again, 6,000/min, 50 % share", {
    requestsPerMinute: 6000,
    share: 0.5,
    fault: fault(0.0075),
  }),
  cell("ten times, 60/min", { requestsPerMinute: 60, fault: fault(0.05) }),
  cell("ten times, 6/min, 50 % share", { requestsPerMinute: 6, share: 0.5, fault: fault(0.05) }),
  cell("one of four tasks hangs: 25 % unanswered", { fault: fault(0.25, { onset: 60 }) }),
  cell("resets connections: 8 % unanswered", { fault: fault(0.08, { onset: 60 }) }),
  cell("slow drift: to 5 % failing over 12 hours", { fault: fault(0.05, { overMinutes: 720 }) }),
  cell("20 % failing from minute 240", { fault: fault(GROSS, { onset: 240 }) }),
];

/** Nothing fails, answers come late: the peers, set up for failures, are not asked. */
export const SLOW_CELLS: readonly Cell[] = [
  cell("three times as many slow answers", { fault: fault(0.005, { slow: 3 }) }),
  cell("three times as many slow answers, 60/min", {
    requestsPerMinute: 60,
    fault: fault(0.005, { slow: 3 }),
  }),
];
