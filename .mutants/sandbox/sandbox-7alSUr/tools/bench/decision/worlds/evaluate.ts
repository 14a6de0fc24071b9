import type { ReplaySettings } from "../../../../validation/insight/replay/settings.ts";
import { quantile, upper95 } from "../bounds.ts";
import { FAULT_CELLS } from "../detection-cells.ts";
import { runTasks } from "../pool.ts";
import { WORLD_CASES, type WorldCase } from "./cases.ts";
import type { ReleaseRun } from "./release.ts";
import type { HarmedResult, WorldResult } from "./result.ts";
import type { WorldDone, WorldTask } from "./run.ts";

export interface WorldRuns {
  readonly good: number;
  readonly bad: number;
  readonly day: number;
  readonly harmed: number;
}

export const QUICK_WORLDS: WorldRuns = { good: 40, bad: 20, day: 4, harmed: 8 };
export const FULL_WORLDS: WorldRuns = { good: 2000, bad: 500, day: 1000, harmed: 200 };

interface WorldJob extends Pick<WorldTask, "name" | "candidate"> {
  readonly runs: number;
}

export interface WorldsInput {
  readonly runs: WorldRuns;
  readonly settings: ReplaySettings;
  readonly seed: number;
  readonly workers: number;
  readonly report: (done: number, all: number) => void;
  /** Only cases whose name has it. */
  readonly only?: string | undefined;
}

const CHUNK_RUNS = 10;

/** Simulates the releases of all worlds; the results do not depend on the number of workers. */
export async function measureWorlds({
  runs,
  settings,
  seed,
  workers,
  report,
  only = "",
}: WorldsInput): Promise<{
  readonly worlds: readonly WorldResult[];
  readonly harmed: readonly HarmedResult[];
}> {
  const cases = WORLD_CASES.filter(({ name }) => name.includes(only));
  const faults = FAULT_CELLS.filter(({ name }) => name.includes(only));
  const jobs = [
    ...cases.flatMap((one) => jobsOf(one, runs)),
    ...faults.map(({ name }): WorldJob => ({ name, candidate: "harmed", runs: runs.harmed })),
  ];
  const tasks = jobs.flatMap(({ runs: all, ...job }) =>
    Array.from({ length: Math.ceil(all / CHUNK_RUNS) }, (_, chunk) => ({
      ...job,
      settings,
      seed,
      fromRun: chunk * CHUNK_RUNS,
      toRun: Math.min(all, (chunk + 1) * CHUNK_RUNS),
    })),
  );
  const file = new URL("worker.ts", import.meta.url);
  const done = await runTasks<(typeof tasks)[number], WorldDone>(file, tasks, { workers, report });
  const runsOf = (name: string, candidate: WorldTask["candidate"]) =>
    done.flatMap(({ runs: some }, index) =>
      tasks[index]?.name === name && tasks[index].candidate === candidate ? some : [],
    );
  return {
    worlds: cases.map((one) =>
      worldResult(one, seed, { good: runsOf(one.name, "good"), bad: runsOf(one.name, "bad") }),
    ),
    harmed: faults.map(({ name }) => harmedResult(name, seed, runsOf(name, "harmed"))),
  };
}

function jobsOf({ name, good, bad, watch }: WorldCase, runs: WorldRuns): readonly WorldJob[] {
  return [
    ...(good === undefined
      ? []
      : [{ name, candidate: "good", runs: watch === "day" ? runs.day : runs.good } as const]),
    ...(bad === undefined ? [] : [{ name, candidate: "bad", runs: runs.bad } as const]),
  ];
}

/** A minute counts when it ended two minutes ago and two checks agree on it. */
const LAG_MINUTES = 2;

export function worldResult(
  { name, watch }: Pick<WorldCase, "name" | "watch">,
  seed: number,
  { good, bad }: { readonly good: readonly ReleaseRun[]; readonly bad: readonly ReleaseRun[] },
): WorldResult {
  const part = (runs: readonly ReleaseRun[], is: (run: ReleaseRun) => boolean) =>
    runs.length === 0 ? null : runs.filter(is).length / runs.length;
  const median = (runs: readonly ReleaseRun[], of: (run: ReleaseRun) => number) =>
    runs.length === 0 ? null : quantile(runs.map(of), 0.5);
  const isBack = ({ end }: ReleaseRun) => end === "rolledBack";
  const isPromoted = ({ end }: ReleaseRun) => end === "promoted";
  const isBy =
    (minutes: number) =>
    ({ answeredAfter = Infinity }: ReleaseRun) =>
      answeredAfter <= minutes + LAG_MINUTES;
  return {
    name,
    seed,
    goodRuns: good.length,
    badRuns: bad.length,
    goodRolledBack: part(good, isBack),
    goodRolledBackUpper95: good.length === 0 ? null : upper95(good.filter(isBack).length, good.length),
    goodRetreated: part(good, ({ retreats }) => retreats > 0),
    goodAnswered: part(good, (run) => isBack(run) || run.retreats > 0),
    // A day at the first share ends with nobody promoted.
    goodPromoted: watch === "day" ? null : part(good, isPromoted),
    badPromoted: part(bad, isPromoted),
    medianMinutes: watch === "day" ? null : median(good, ({ minutes }) => minutes),
    medianFailedToRetreat: median(bad, ({ failedToRetreat }) => failedToRetreat),
    medianFailedToEnd: median(bad, ({ failedToEnd }) => failedToEnd),
    badBy3: part(bad, isBy(3)),
    badBy6: part(bad, isBy(6)),
  };
}

/** Of the runs that reached the onset, as for the peers. */
function harmedResult(cell: string, seed: number, runs: readonly ReleaseRun[]): HarmedResult {
  const onset = FAULT_CELLS.find(({ name }) => name === cell)?.fault?.onset ?? 0;
  const reached = runs.filter(({ minutes }) => minutes > onset);
  const mean = (of: (run: ReleaseRun) => number) =>
    reached.reduce((sum, run) => sum + of(run), 0) / reached.length;
  return {
    cell,
    seed,
    runs: runs.length,
    failedToRetreat: mean(({ failedToRetreat }) => failedToRetreat),
    failedToEnd: mean(({ failedToEnd }) => failedToEnd),
  };
}
