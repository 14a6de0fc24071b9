/**
 * `npm run bench:judge -- [--runs N] [--only ecs|argo|flagger] [--json]`: bad, good and unseen candidates, deployed by
 * ECS, Argo Rollouts and Flagger as their own sources have their loops, each set up as docs/fleet/judge.md shows. The
 * counts are those of the bench of the decision; the clock is a manual one.
 */
import { parseArgs } from "node:util";
import { judgedBy, TOOLS, type JudgedRun, type ToolName } from "./judge/run.ts";
import type { PairCase } from "./judge/pair-world.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "20" },
    only: { type: "string" },
    seed: { type: "string", default: "18" },
  },
});
const [runs, seed] = [Number(flags.runs), Number(flags.seed)];
/** What a run of each case has to end in. */
const WANTED = { bad: "rollback", good: "continue", "without data": "paused" } as const;

const cells = [];
for (const tool of TOOLS.filter((name) => flags.only === undefined || name.startsWith(flags.only))) {
  // Object.keys is typed as string[]; the table is constant, so its keys are exactly its cases.
  for (const which of Object.keys(WANTED) as PairCase[]) cells.push(await cell(tool, which));
}
if (flags.json) console.log(JSON.stringify({ runs, seed, cells }));

async function cell(tool: ToolName, which: PairCase) {
  const all: JudgedRun[] = [];
  for (let run = 0; run < runs; run++) all.push(await judgedBy(tool, which, { seed, run }));
  const right = all.filter(({ end }) => end === WANTED[which]).length;
  const minutes = all.map((one) => one.minutes).toSorted((a, b) => a - b);
  const median = minutes[Math.floor(minutes.length / 2)] ?? null;
  const wrong = all.flatMap((one, run) => (one.end === WANTED[which] ? [] : [{ run, ...one }]));
  const tell = flags.json ? console.error : console.log;
  tell(`${tool}, ${which}: ${right} of ${runs} ${WANTED[which]}, median ${median} min`);
  for (const one of wrong) tell(`  run ${one.run}: ${one.end} after ${one.minutes} min: ${one.sentence}`);
  return { tool, case: which, wanted: WANTED[which], runs, right, medianMinutes: median, wrong };
}
