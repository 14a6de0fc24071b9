import { describe, expect, it } from "vitest";
import { cell, type Cell } from "../../../../tools/bench/decision/cell.ts";
import { randomOf } from "../../../../tools/bench/decision/random.ts";
import { OURS, simulate } from "../../../../tools/bench/decision/simulate.ts";
import { worldOf } from "../../../../tools/bench/decision/world.ts";

const NOBODY = { rules: {}, kayenta: [] };
const SEED = 20_260_101;

function falseRollbacks(of: Cell, runs: number): number {
  let count = 0;
  for (let run = 0; run < runs; run++) {
    if (simulate(of, NOBODY, SEED, run)[OURS]?.minute !== undefined) count += 1;
  }
  return count;
}

// If 1 % of the runs were rolled back, more than 10 of 150 would be about once in two million times.
it("rolls back a good candidate, watched for a day, no more often than promised", () => {
  const cells = [
    cell("usual", { historyMinutes: 240 }),
    cell("little", { requestsPerMinute: 60, share: 0.5, historyMinutes: 240 }),
    cell("tolerated", { requestsPerMinute: 60, share: 0.25, ratio: 1.1, historyMinutes: 240 }),
  ];
  const back = cells.reduce((sum, one) => sum + falseRollbacks(one, 50), 0);
  expect(back).toBeLessThanOrEqual(10);
});

describe("the simulated traffic", () => {
  it("has the requests and failures that the cell says, whatever its clusters", () => {
    const clusters: Cell["clusters"][] = [
      { kind: "none" },
      { kind: "fixed", size: 3 },
      { kind: "lognormal", median: 2, sigma: 1 },
      { kind: "sessions", minutes: 1, fails: 0.5 },
      { kind: "sessions", minutes: 60, fails: 0.1 },
    ];
    for (const kind of clusters) {
      const of = cell("traffic", { clusters: kind, historyMinutes: 0, requestsPerMinute: 6000 });
      const world = worldOf(of, randomOf(SEED), false);
      const total = { requests: 0, failed: 0, candidate: 0, slow90: 0 };
      for (let minute = 0; minute < 1000; minute++) {
        world.next();
        total.requests += world.at.active.requests;
        total.slow90 += world.at.active.slow90;
        total.failed += world.at.active.failed;
        total.candidate += world.at.candidate.requests;
        for (const { requests, failed, slow90, slow99 } of world.at.zones) {
          expect(failed + slow90).toBeLessThanOrEqual(requests);
          expect(slow99).toBeLessThanOrEqual(slow90);
        }
      }
      expect(total.requests / 5_400_000).toBeCloseTo(1, 1);
      expect(total.candidate / 600_000).toBeCloseTo(1, 1);
      expect(total.slow90 / 540_000).toBeCloseTo(1, 1);
      expect(total.failed / 27_000).toBeCloseTo(1, 1);
    }
  });
});
