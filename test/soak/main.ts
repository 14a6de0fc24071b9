/**
 * `npm run soak`: releases as soon as the last has ended, of two models in one stack on the local cloud, half of them
 * bad, under users and planned faults (docs/worst-day/soak.md). Ends with a table, and with 1 when a bar does not hold.
 */
import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { amountProblem, countProblem, endOn } from "../../tools/script-options.ts";
import { soak } from "./soak.ts";
import { readState } from "./state.ts";
import { holds, renderTable, summaryOf } from "./table.ts";

const { values: flags } = parseArgs({
  options: {
    days: { type: "string", default: "1" },
    speed: { type: "string", default: "30" },
    seed: { type: "string", default: "1" },
    /** A file in which it is kept: when it is there, the soak goes on where it ended, for so many days more. */
    resume: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

endOn([
  amountProblem("days", flags.days),
  amountProblem("speed", flags.speed),
  countProblem("seed", flags.seed, 0),
]);

const before = flags.resume === undefined ? undefined : await readState(flags.resume);
const { state, sight } = await soak({
  seed: before?.seed ?? Number(flags.seed),
  speed: before?.speed ?? Number(flags.speed),
  minutes: Number(flags.days) * 24 * 60,
  statePath: flags.resume,
  before,
  tell: (line) => process.stderr.write(`${line}\n`),
});
const summary = summaryOf(state);
const { rows, tallies } = state;
console.log(flags.json ? JSON.stringify({ ...summary, sight, rows, tallies }) : renderTable(summary));
if (flags.resume === undefined) await rm(state.root, { recursive: true, force: true });
process.exitCode = holds(summary) ? 0 : 1;
