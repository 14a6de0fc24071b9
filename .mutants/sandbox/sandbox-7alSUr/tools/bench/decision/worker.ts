import { parentPort } from "node:worker_threads";
import type { Cell } from "./cell.ts";
import { simulate, type Asked, type Rollback } from "./simulate.ts";

/** Some runs of a cell. */
export interface Task {
  readonly id: number;
  readonly cell: Cell;
  readonly asked: Asked;
  readonly seed: number;
  readonly fromRun: number;
  readonly toRun: number;
}

export interface Done {
  readonly id: number;
  /** Per judge, run by run. */
  readonly rollbacks: Readonly<Record<string, readonly Rollback[]>>;
}

parentPort?.on("message", (task: Task) => {
  parentPort?.postMessage(runTask(task) satisfies Done);
});

export function runTask({ id, cell, asked, seed, fromRun, toRun }: Task): Done {
  const rollbacks: Record<string, Rollback[]> = {};
  for (let run = fromRun; run < toRun; run++) {
    for (const [name, rollback] of Object.entries(simulate(cell, asked, seed, run))) {
      (rollbacks[name] ??= []).push(rollback);
    }
  }
  return { id, rollbacks };
}
