import { join } from "node:path";
import { LOCAL_STACK } from "../../cli/local/project.ts";
import { aStack, type World } from "../scenario/support/world.ts";
import { ALL_PASSES } from "../scenario/support/thresholds.ts";
import { killIn, undisturbed, type Lane, type Undisturbed, type Victim } from "./cell.ts";
import type { Phase } from "./phases.ts";
import type { Cell } from "./table.ts";
import { shortGoldenSet, type Row } from "./verbs.ts";

/** One cell of the matrix that is still to come. */
export interface Planned {
  readonly row: Row;
  readonly phase: Phase;
  readonly victim: Victim;
}

export interface RunOptions {
  /** Worlds that work at the same time. */
  readonly lanes: number;
  /** What has not begun after this time counts as failed. */
  readonly minutes: number;
  /** Told of each cell when it is done. */
  readonly tell: (cell: Cell) => void;
}

const DISK_GATE = join(import.meta.dirname, "..", "scenario", "support", "disk-gate.ts");
// Whatever a machine under load measures passes: a kill is tested here, and not a model.
const SUITE = {
  maxFailureRate: 1,
  minAccuracy: 0.01,
  accuracyMargin: 1,
  accuracySight: 1,
  latencyMargin: 100,
  latencySight: 100,
};

/** Works through the cells in several worlds; the answer has them in their order. */
export async function runMatrix(planned: readonly Planned[], options: RunOptions): Promise<readonly Cell[]> {
  const worlds: World[] = [];
  const done = new Map<Planned, Cell>();
  const waiting = [...planned];
  const untilMs = performance.now() + options.minutes * 60_000;
  const grounds = new Map<Row, Promise<Undisturbed | string>>();
  const groundOf = (lane: Lane, row: Row) => {
    const known = grounds.get(row) ?? undisturbed(lane, row).catch((error: unknown) => String(error));
    grounds.set(row, known);
    return known;
  };

  const work = async () => {
    const lane = await openLane();
    worlds.push(lane.world);
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const ground =
          performance.now() < untilMs
            ? await groundOf(lane, next.row)
            : `not begun within ${options.minutes} minutes`;
        const cell = await cellOf(lane, next, ground);
        done.set(next, cell);
        options.tell(cell);
      }
    } finally {
      await lane.world.close();
    }
  };
  const interrupted = endOnSignal(worlds);
  try {
    const count = Math.min(options.lanes, planned.length);
    const lanes = await Promise.allSettled(Array.from({ length: count }, work));
    for (const lane of lanes) if (lane.status === "rejected") throw lane.reason;
  } finally {
    interrupted.forget();
  }
  return planned.flatMap((one) => done.get(one) ?? []);
}

/** What was asked to end ends with everything that it had started. */
function endOnSignal(worlds: readonly World[]) {
  const end = () => {
    void Promise.allSettled(worlds.map((world) => world.close())).then(() => process.exit(130));
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, end);
  return {
    forget() {
      for (const signal of signals) process.off(signal, end);
    },
  };
}

const THRESHOLDS = { ...ALL_PASSES, minRequestsPerMinute: 1 };
/** Enough that each minute of the cloud, half a second of the machine's, has some on either slot. */
const REQUESTS_PER_MINUTE = 12;

async function openLane(): Promise<Lane> {
  const world = await aStack({
    speed: 120,
    suite: SUITE,
    thresholds: THRESHOLDS,
    blue: { image: "digits:1", modelVersion: "1" },
    green: { image: "digits:2", modelVersion: "2" },
    nodeArguments: ["--import", DISK_GATE],
  });
  await shortGoldenSet(world);
  let counted = 0;
  return {
    world,
    gate: await world.gate(),
    users: world.users(REQUESTS_PER_MINUTE),
    count: () => (counted += 1),
  };
}

/** `ground`: how the verb ends undisturbed, or why that is not known. */
async function cellOf(
  lane: Lane,
  { row, phase, victim }: Planned,
  ground: Undisturbed | string,
): Promise<Cell> {
  const known = { verb: row.verb, phase: phase.name, victim, seconds: 0 };
  if (typeof ground === "string") return { ...known, outcome: "failed", why: ground };
  const seen = ground.phases.get(phase);
  if (seen === undefined) return { ...known, outcome: "skipped", why: "the verb makes no such call" };
  if (victim === "engine" && !seen.hasProgram) {
    return { ...known, outcome: "skipped", why: "no engine process runs in this phase" };
  }
  const fromMs = performance.now();
  const stranded = await killIn(lane, row, phase, victim, ground).catch((error: unknown) => [String(error)]);
  const seconds = Math.round((performance.now() - fromMs) / 100) / 10;
  if (stranded.length === 0) return { ...known, outcome: "passed", why: "", seconds };
  // A lock that stays is this cell's finding, and not the next one's.
  await lane.world.engine.runPulumi(["cancel", "--yes", "--stack", LOCAL_STACK], {
    cwd: lane.world.place.directory,
  });
  return { ...known, outcome: "failed", why: stranded.join("; "), seconds };
}
