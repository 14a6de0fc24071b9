import { describe, expect, it } from "vitest";
import { CELLS } from "../../../tools/bench/signals/cells.ts";
import { cellResult, summaryOf, tableOf } from "../../../tools/bench/signals/result.ts";
import { runSignalTask } from "../../../tools/bench/signals/worker.ts";

function outcomes(name: string, runs: number) {
  const cell = CELLS.find(({ world }) => world.name === name);
  if (cell === undefined) throw new Error(`no cell ${name}`);
  const seen = runSignalTask({ id: 0, world: cell.world, seed: 1, fromRun: 0, toRun: runs });
  return { cell, seen };
}

const LATER = "labels, share 50 to 10 %: the candidate's an hour later";

describe("simulated days of signals", () => {
  it("accuse a good candidate of labels that are counted as they come, and not at the same age", () => {
    expect(outcomes(`${LATER} · as they come`, 1).seen).toMatchObject([
      { held: false, rolledBack: expect.any(Number) },
    ]);
    expect(outcomes(LATER, 1).seen).toMatchObject([
      { rolledBack: undefined, answered: undefined, held: false },
    ]);
  });

  it("hold, and accuse nobody, where one slot's labels are not all there yet", () => {
    const name = "labels, share 50 to 10 %: an hour later, and not all of them old enough";
    expect(outcomes(name, 1).seen).toMatchObject([
      { rolledBack: undefined, answered: undefined, held: true },
    ]);
  });

  it("are told with medians, of which a run that saw nothing is later than any", () => {
    const { cell, seen } = outcomes("losses: twice the loss", 3);
    const result = cellResult(cell, [
      ...seen,
      { rolledBack: undefined, answered: undefined, told: {}, held: false },
    ]);
    expect(result).toMatchObject({ runs: 4, rolledBack: 3 });
    expect(result.medianMinutes).toBeLessThanOrEqual(15);
    expect(tableOf([result])).toContain("| losses: twice the loss | 4 | rolled back in 75 % |");
    expect(summaryOf([result])).toMatchObject({
      worstFalseRollback: null,
      losses: { medianMinutes: { "twice the loss": result.medianMinutes } },
    });
  });
});
