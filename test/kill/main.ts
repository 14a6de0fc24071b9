/**
 * `npm run test:kill`: every verb that writes × each phase of it × what is killed with SIGKILL in it. Whatever died is
 * started again, the verb is run again, and must end as if nothing had been. Ends with 1 when anything is stranded.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { aStack, type World } from "../scenario/support/world.ts";
import { killIn, undisturbed, VICTIMS, type Lane, type Undisturbed, type Victim } from "./cell.ts";
import type { Phase } from "./phases.ts";
import { renderTable, summaryOf, type Cell } from "./table.ts";
import { ROWS, type Row } from "./verbs.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    /** Only verbs, phases and victims whose names match this regular expression. */
    verb: { type: "string", default: "" },
    phase: { type: "string", default: "" },
    victim: { type: "string", default: "" },
    /** Worlds that run at the same time. */
    lanes: { type: "string", default: "2" },
  },
});

const DISK_GATE = join(import.meta.dirname, "..", "scenario", "support", "disk-gate.ts");
// Whatever a machine under load measures passes: a kill is tested here, and not a model.
const SUITE = {
  measureSeconds: 1,
  minAccuracy: 0.01,
  accuracyMargin: 1,
  accuracySight: 1,
  latencyMargin: 100,
  latencySight: 100,
};
const startedMs = performance.now();
const rows = ROWS.filter(({ verb }) => new RegExp(flags.verb).test(verb));
const waiting = [...rows];
const cells: Cell[] = [];
const worlds: World[] = [];
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // What was asked to end ends with everything that it had started.
  process.once(signal, () => {
    void Promise.allSettled(worlds.map((world) => world.close())).then(() => process.exit(130));
  });
}

await Promise.all(Array.from({ length: Math.min(Number(flags.lanes), rows.length) }, runLane));
const seconds = Math.round((performance.now() - startedMs) / 1000);
const order = (cell: Cell) => ROWS.findIndex(({ verb }) => verb === cell.verb);
const inOrder = cells.toSorted((a, b) => order(a) - order(b));
const summary = summaryOf(inOrder);
console.log(
  flags.json ? JSON.stringify({ ...summary, seconds, cells: inOrder }) : renderTable(inOrder, seconds),
);
console.log(`${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped`);
process.exitCode = summary.failed === 0 ? 0 : 1;

async function runLane(): Promise<void> {
  const world = await aStack({
    speed: 120,
    suite: SUITE,
    blue: { image: "digits:1", modelVersion: "1" },
    green: { image: "digits:2", modelVersion: "2" },
    nodeArguments: ["--import", DISK_GATE],
  });
  worlds.push(world);
  let cellsRun = 0;
  const lane: Lane = { world, gate: await world.gate(), users: world.users(3), count: () => (cellsRun += 1) };
  try {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) await runRow(lane, row);
  } finally {
    await world.close();
  }
}

async function runRow(lane: Lane, row: Row): Promise<void> {
  const baseline = await undisturbed(lane, row);
  for (const phase of row.phases) {
    for (const victim of VICTIMS) {
      const wanted = new RegExp(flags.phase).test(phase.name) && new RegExp(flags.victim).test(victim);
      if (!wanted) continue;
      const cell = await runCell(lane, row, phase, victim, baseline);
      cells.push(cell);
      const word = cell.outcome === "passed" ? "" : `: ${cell.why}`;
      process.stderr.write(
        `${row.verb} · ${phase.name} · ${victim}: ${cell.outcome} (${cell.seconds} s)${word}\n`,
      );
    }
  }
}

async function runCell(
  lane: Lane,
  row: Row,
  phase: Phase,
  victim: Victim,
  baseline: Undisturbed,
): Promise<Cell> {
  const known = { verb: row.verb, phase: phase.name, victim };
  const seen = baseline.phases.get(phase);
  if (seen === undefined)
    return { ...known, outcome: "skipped", why: "the verb makes no such call", seconds: 0 };
  if (victim === "engine" && !seen.hasProgram) {
    return { ...known, outcome: "skipped", why: "no engine process runs in this phase", seconds: 0 };
  }
  const fromMs = performance.now();
  const stranded = await killIn(lane, row, phase, victim, baseline).catch((error: unknown) => [
    String(error),
  ]);
  const seconds = Math.round((performance.now() - fromMs) / 100) / 10;
  return stranded.length === 0
    ? { ...known, outcome: "passed", why: "", seconds }
    : { ...known, outcome: "failed", why: stranded.join("; "), seconds };
}
