/**
 * `npm run simulate`: so many releases, each with what its seed draws for it, and after each that breaks a promise the
 * command that repeats it with as few incidents as it takes. With `--planted` also whether each planted defect is found.
 */
import { parseArgs } from "node:util";
import { countProblem, endOn, namesProblem } from "../../tools/script-options.ts";
import { DEFECTS } from "./planted/defects.ts";
import { inLanes, type SeedOutcome } from "./lanes.ts";
import { INVARIANTS } from "./watch/violation.ts";

const { values: flags } = parseArgs({
  options: {
    /** Of the first release; the others follow. */
    seed: { type: "string", default: "1" },
    releases: { type: "string" },
    lanes: { type: "string", default: "2" },
    json: { type: "boolean", default: false },
    /** Numbers of the incidents of one seed that happen. */
    keep: { type: "string" },
    /** The name of one defect that the product gets first. */
    plant: { type: "string" },
    /** Looks for every planted defect, too, within so many releases. */
    planted: { type: "boolean", default: false },
    within: { type: "string", default: "2000" },
  },
});

const names = DEFECTS.map(({ name }) => name);
endOn([
  countProblem("seed", flags.seed, 0),
  countProblem("releases", flags.releases ?? "1"),
  countProblem("lanes", flags.lanes),
  countProblem("within", flags.within),
  namesProblem("plant", flags.plant === undefined ? [] : [flags.plant], names),
]);

const first = Number(flags.seed);
const isReplay = flags.keep !== undefined;
const releases = isReplay ? 1 : Number(flags.releases ?? 2_000);
const lanes = Number(flags.lanes);
const keep = isReplay ? (flags.keep ?? "").split(",").map(Number).filter(Number.isInteger) : undefined;
const say = (line: string) => process.stderr.write(`${line}\n`);

/** The one command that does the same again. */
function replayCommand({ seed, keep }: SeedOutcome): string {
  const plant = flags.plant === undefined ? "" : ` --plant ${flags.plant}`;
  return `npm run simulate -- --seed ${seed} --keep ${keep.length === 0 ? "none" : keep.join(",")}${plant}`;
}

function tell({ violations, story, trace }: SeedOutcome): void {
  for (const { invariant, what } of violations) say(`  broken: ${INVARIANTS[invariant]}\n    ${what}`);
  for (const line of story) say(`  incident ${line}`);
  for (const line of trace) say(`    ${line.slice(0, 300)}`);
}

const broken: SeedOutcome[] = [];
const ends: Record<string, number> = {};
const startedMs = performance.now();
const stopAtFirst = flags.plant !== undefined;
const task = { first, count: releases, planted: flags.plant, keep, stopAtFirst, shrinks: !isReplay };
await inLanes(lanes, task, (outcome) => {
  ends[outcome.end] = (ends[outcome.end] ?? 0) + 1;
  if (outcome.violations.length > 0) broken.push(outcome);
});
const seconds = Math.round((performance.now() - startedMs) / 1000);

for (const found of broken.toSorted((a, b) => a.seed - b.seed)) {
  if (!isReplay) say(`seed ${found.seed}: ${replayCommand(found)}`);
  tell(found);
}

interface Sought {
  readonly name: string;
  /** How many releases it took; undefined: not found. */
  readonly after: number | undefined;
}

/** Each in processes of its own, until the first release that breaks a promise. */
async function seek(name: string): Promise<Sought> {
  const seeds: number[] = [];
  await inLanes(
    lanes,
    { ...task, count: Number(flags.within), planted: name, stopAtFirst: true, shrinks: false },
    ({ seed, violations }) => {
      if (violations.length > 0) seeds.push(seed);
    },
  );
  const after = seeds.length === 0 ? undefined : Math.min(...seeds) - first + 1;
  say(`${name}: ${after === undefined ? "not found" : `found after ${after} releases`}`);
  return { name, after };
}

const sought: Sought[] = [];
if (flags.planted) for (const name of names) sought.push(await seek(name));
const plantedFound = sought.filter(({ after }) => after !== undefined).length;
const planted = sought.length;
const done = Object.values(ends).reduce((sum, count) => sum + count, 0);
const summary = { releases: done, violations: broken.length, seconds, plantedFound, planted };
const looked = flags.planted ? `${plantedFound} of ${planted} planted defects found` : "none was planted";
console.log(
  flags.json
    ? JSON.stringify({ ...summary, ends, sought })
    : `${done} releases in ${seconds} s: ${broken.length} break a promise; ${looked}\n${JSON.stringify(ends)}`,
);
process.exitCode = broken.length === 0 && plantedFound === planted ? 0 : 1;
