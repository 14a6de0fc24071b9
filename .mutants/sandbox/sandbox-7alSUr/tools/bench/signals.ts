/**
 * `npm run bench:signals -- --json`: how often the stack's own signals (labels that come late, losses, scores, streams,
 * segments) end the release of a good candidate, and how soon they see a bad one, as simulated days that the product's
 * own comparison judges. `--runs 400` is the number of runs of a cell.
 * `--only pattern`: the cells whose name it fits, a regular expression.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { runTasks } from "./decision/pool.ts";
import { CELLS } from "./signals/cells.ts";
import { decisionTime } from "./signals/decision-time.ts";
import type { Outcome } from "./signals/judge-day.ts";
import { cellResult, summaryOf, tableOf } from "./signals/result.ts";
import type { SignalTask } from "./signals/worker.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "400" },
    seed: { type: "string", default: "20260101" },
    workers: { type: "string", default: "2" },
    only: { type: "string", default: "" },
    write: { type: "string" },
  },
});
const [runs, seed, workers] = [Number(flags.runs), Number(flags.seed), Number(flags.workers)];
if (![runs, workers].every((value) => Number.isInteger(value) && value >= 1) || !Number.isInteger(seed)) {
  throw new Error("--runs and --workers take whole numbers from 1, --seed a whole number");
}

const startMs = performance.now();
const CHUNK_RUNS = 20;
const wanted = new RegExp(flags.only);
const cells = CELLS.filter(({ world }) => wanted.test(world.name));
const tasks = cells.flatMap(({ world, part }, cell) => {
  const all = Math.ceil(runs * part);
  return Array.from({ length: Math.ceil(all / CHUNK_RUNS) }, (_, chunk) => ({
    cell,
    world,
    seed,
    fromRun: chunk * CHUNK_RUNS,
    toRun: Math.min(all, (chunk + 1) * CHUNK_RUNS),
  }));
});
const decision = decisionTime();
let reported = 0;
const outcomes = await runTasks<Omit<SignalTask, "id">, readonly Outcome[]>(
  new URL("signals/worker.ts", import.meta.url),
  tasks,
  {
    workers,
    report(done, all) {
      const percent = Math.floor((100 * done) / all);
      if (percent < reported + 10) return;
      reported = percent;
      console.error(`${percent} % after ${Math.round((performance.now() - startMs) / 1000)} s`);
    },
  },
);
const results = cells.map((cell, index) =>
  cellResult(cell, outcomes.filter((_, task) => tasks[task]?.cell === index).flat()),
);
const summary = summaryOf(results);
const json = JSON.stringify({ ...summary, decision, seed, cells: results }, undefined, 1);
if (flags.write !== undefined) writeFileSync(resolve(flags.write), `${json}\n`);
console.log(flags.json ? json : tableOf(results));
console.error(`${Math.round((performance.now() - startMs) / 1000)} s`);
