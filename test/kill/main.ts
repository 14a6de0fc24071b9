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
    /** What has not begun after this time counts as failed. */
    minutes: { type: "string", default: "40" },
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

const lanes = await Promise.allSettled(
  Array.from({ length: Math.min(Number(flags.lanes), rows.length) }, runLane),
);
for (const lane of lanes) if (lane.status === "rejected") throw lane.reason;
const seconds = Math.round((performance.now() - startedMs) / 1000);
const order = (cell: Cell) => ROWS.findIndex(({ verb }) => verb === cell.verb);
const inOrder = cells.toSorted((a, b) => order(a) - order(b));
const summary = summaryOf(inOrder);
const { passed, failed, skipped } = summary;
console.log(
  flags.json ? JSON.stringify({ ...summary, seconds, cells: inOrder }) : renderTable(inOrder, seconds),
);
// Standard output is one JSON object, or a text that ends with this line.
(flags.json ? console.error : console.log)(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;

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
  const tell = (cell: Cell) => {
    cells.push(cell);
    const why = cell.outcome === "passed" ? "" : `: ${cell.why}`;
    process.stderr.write(
      `${cell.verb} · ${cell.phase} · ${cell.victim}: ${cell.outcome} (${cell.seconds} s)${why}\n`,
    );
  };
  const planned = row.phases.flatMap((phase) => VICTIMS.map((victim) => ({ phase, victim })));
  const wanted = planned.filter(
    ({ phase, victim }) => new RegExp(flags.phase).test(phase.name) && new RegExp(flags.victim).test(victim),
  );
  const ground = await undisturbed(lane, row).catch((error: unknown) => String(error));
  for (const { phase, victim } of wanted) {
    const known = { verb: row.verb, phase: phase.name, victim, seconds: 0 };
    const isLate = performance.now() - startedMs > Number(flags.minutes) * 60_000;
    if (isLate) tell({ ...known, outcome: "failed", why: `not run within ${flags.minutes} minutes` });
    else if (typeof ground === "string") tell({ ...known, outcome: "failed", why: ground });
    else tell(await runCell(lane, row, phase, victim, ground));
  }
}

const CWD = ({ world }: Lane) => ({ cwd: world.place.directory });

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
