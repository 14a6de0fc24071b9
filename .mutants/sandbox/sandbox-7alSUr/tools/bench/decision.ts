/**
 * `npm run bench:decision`: how often the verdict under shipped defaults rolls back a good candidate, how soon it
 * sees a bad one, and how many users pay for it, beside Argo Rollouts, Flagger, CloudWatch alarms and Kayenta's judge
 * on the same simulated traffic. `-- --full` adds cells and the grid; docs/decision.md tells what came out.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { DEFAULT_SETTINGS, withSet } from "../../validation/insight/replay/settings.ts";
import { evaluate, summarised, type Releases } from "./decision/evaluate.ts";
import { peerSearch } from "./decision/peers/search.ts";
import { FULL, planOf, QUICK } from "./decision/plan.ts";
import { runAll } from "./decision/pool.ts";
import type { BenchResult } from "./decision/result.ts";
import { describe } from "./decision/tables.ts";
import { WORLD_CASES } from "./decision/worlds/cases.ts";
import { FULL_WORLDS, measureWorlds, QUICK_WORLDS } from "./decision/worlds/evaluate.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    seed: { type: "string", default: "20260101" },
    workers: { type: "string", default: "2" },
    /** Part of the usual runs, to try something out. */
    part: { type: "string", default: "1" },
    /** Runs of each healthy cell; unless given, 2,000, and 8,000 of the full bench. */
    "null-runs": { type: "string" },
    /** A result whose cells are summed up again instead of simulated. */
    cells: { type: "string" },
    /** With `--cells`: simulates the whole releases anew. */
    worlds: { type: "boolean", default: false },
    /** Only worlds and faults whose name has this text. */
    only: { type: "string" },
    /** Settings of the whole releases other than the shipped ones: rollout.advanceWhen=proven. */
    set: { type: "string", multiple: true, default: [] },
    /** Where to keep the JSON too. */
    write: { type: "string" },
  },
});
const seed = Number(flags.seed);
const workers = Number(flags.workers);
const part = Number(flags.part);
if (flags["null-runs"] !== undefined && !(Number(flags["null-runs"]) >= 1)) {
  throw new Error("--null-runs takes a whole number from 1");
}
if (!(Number.isInteger(seed) && Number.isInteger(workers) && workers >= 1 && part > 0 && part <= 1)) {
  throw new Error("--seed and --workers take whole numbers, --part a number above 0, at most 1");
}

const startMs = performance.now();
const search = peerSearch();
const oneSetting = search.oneSetting();
const result = flags.cells === undefined ? await measured() : await summedUp(flags.cells);
const json = JSON.stringify(result, undefined, 1);
if (flags.write !== undefined) writeFileSync(resolve(flags.write), `${json}\n`);
console.log(flags.json ? json : describe(result, oneSetting));
console.error(`${Math.round((performance.now() - startMs) / 1000)} s, seed ${seed}`);

async function measured(): Promise<BenchResult> {
  const usual = flags.full ? FULL : QUICK;
  const scaled = (runs: number) => Math.ceil(runs * part);
  const runs = {
    null: flags["null-runs"] === undefined ? scaled(usual.null) : Number(flags["null-runs"]),
    kayenta: scaled(usual.kayenta),
    gross: scaled(usual.gross),
    fault: scaled(usual.fault),
    grid: scaled(usual.grid),
  };
  const planned = planOf(runs, flags.full, oneSetting, search);
  const rollbacks = await runAll(planned, { seed, workers, report: reporter() });
  const perCell = flags.full ? search.perCell() : undefined;
  return evaluate({ planned, rollbacks, seed, oneSetting, perCell, releases: await releases() });
}

async function summedUp(path: string): Promise<BenchResult> {
  // The bench wrote it in this form; before version 0.2 without whole releases.
  const before = JSON.parse(readFileSync(path, "utf8")) as BenchResult & Partial<Releases>;
  const { cells, worlds = [], harmedInReleases = [] } = before;
  const anew = flags.worlds ? await releases() : { worlds: [], harmedInReleases: [] };
  return summarised(cells, oneSetting, {
    worlds: replaced(
      worlds.filter(({ name }) => WORLD_CASES.some((one) => one.name === name)),
      anew.worlds,
      ({ name }) => name,
    ),
    harmedInReleases: replaced(harmedInReleases, anew.harmedInReleases, ({ cell }) => cell),
  });
}

/** What was measured before, with what was measured anew in its place. */
function replaced<T>(before: readonly T[], anew: readonly T[], nameOf: (one: T) => string): readonly T[] {
  const known = new Set(before.map(nameOf));
  const found = new Map(anew.map((one) => [nameOf(one), one]));
  return [
    ...before.map((one) => found.get(nameOf(one)) ?? one),
    ...anew.filter((one) => !known.has(nameOf(one))),
  ];
}

async function releases(): Promise<Releases> {
  const usual = flags.full ? FULL_WORLDS : QUICK_WORLDS;
  const scaled = (runs: number) => Math.ceil(runs * part);
  const { worlds, harmed } = await measureWorlds({
    runs: {
      good: scaled(usual.good),
      bad: scaled(usual.bad),
      day: scaled(usual.day),
      harmed: scaled(usual.harmed),
    },
    settings: withSet(DEFAULT_SETTINGS, flags.set),
    seed,
    workers,
    report: reporter(),
    only: flags.only,
  });
  return { worlds, harmedInReleases: harmed };
}

/** Says each tenth of the work that is done. */
function reporter() {
  let reported = 0;
  return (done: number, all: number) => {
    const percent = Math.floor((100 * done) / all);
    if (percent < reported + 10) return;
    reported = percent;
    console.error(`${percent} % after ${Math.round((performance.now() - startMs) / 1000)} s`);
  };
}
