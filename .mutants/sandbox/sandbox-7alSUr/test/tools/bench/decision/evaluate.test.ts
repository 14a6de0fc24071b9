import { describe, expect, it } from "vitest";
import { summarised } from "../../../../tools/bench/decision/evaluate.ts";
import { QUICK_NULL_CELLS } from "../../../../tools/bench/decision/null-cells.ts";
import { ARGO_EXAMPLE } from "../../../../tools/bench/decision/peers/rule.ts";
import type { OneSetting } from "../../../../tools/bench/decision/peers/search.ts";
import type {
  CellResult,
  Detection,
  FaultResult,
  GridResult,
  NullResult,
} from "../../../../tools/bench/decision/result.ts";

const ran = { seed: 1, runs: 100 };
const named = (part: string) => QUICK_NULL_CELLS.find(({ name }) => name.includes(part))?.name ?? "";

const healthy = (cell: string, peers: NullResult["peers"], clustered = false): NullResult => ({
  kind: "null",
  cell,
  ...ran,
  clustered,
  falseRollbacks: 1,
  rate: clustered ? 0.02 : 0.01,
  upper95: 0.05,
  peers,
});

const found = (harmed: number): Detection => ({ detected: 1, median: 5, harmed, early: 0 });

const gridCell = (cell: string, ours: number, oneSetting: number, robust: number): GridResult => ({
  kind: "grid",
  cell,
  ...ran,
  ours,
  oneSetting,
  oneSettingPeriod: 1,
  robust,
  robustPeriod: 1,
  oracle: robust,
});

const rule = (...medians: number[]) => ({ rule: { ...ARGO_EXAMPLE, periodMinutes: 1 as const }, medians });
const settings = (medians: readonly number[]): OneSetting => ({
  counter: rule(...medians),
  alarm: rule(...medians),
  all: [rule(...medians)],
});

describe("the summary", () => {
  it("divides by the best peer that leaves good candidates alone, clusters and tolerated ratios forgiven", () => {
    const cells: CellResult[] = [
      healthy(named("usual"), { hasty: 0.5, fair: 0.01 }),
      healthy(named("tolerated"), { hasty: 1, fair: 1 }),
      healthy(named("lognormal"), { hasty: 1, fair: 1 }, true),
      {
        kind: "fault",
        cell: "f",
        ...ran,
        ours: found(10),
        peers: { hasty: found(5), fair: found(40) },
      } satisfies FaultResult,
    ];
    const summary = summarised(cells, settings([]));
    expect(summary.usersHarmedRatio).toEqual({ f: 0.25 });
    expect(summary.worstClustered).toMatchObject({ cell: named("lognormal"), rate: 0.02 });
    expect(summary.worstFalseRollback.rate).toBe(0.01);
    expect(summary.onlyOurs).toBeNull();
  });

  it("divides by nobody when no peer leaves good candidates alone", () => {
    const fault = { kind: "fault", cell: "f", ...ran, ours: found(10), peers: { hasty: found(5) } } as const;
    const cells: CellResult[] = [healthy(named("usual"), { hasty: 0.5 }), fault];
    expect(summarised(cells, settings([])).usersHarmedRatio).toEqual({ f: null });
  });

  it("counts what only ours sees, and every cell in which any rule is faster by more than the bar", () => {
    const cells = [
      gridCell("only ours", 300, 1440, 1440),
      gridCell("as fast", 10, 10, 10),
      gridCell("slower than both", 30, 20, 10),
      gridCell("never", 1440, 1440, 1440),
    ];
    const summary = summarised(cells, settings([1440, 10, 20, 1440]));
    expect(summary).toMatchObject({ onlyOurs: 1, beyondToleranceOneSetting: 1, beyondToleranceRobust: 1 });
    // Of the three that anybody sees: 0.21, 1 and 3.
    expect(summary.oracleRatioP90).toBe(3);
  });
});
