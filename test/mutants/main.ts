/**
 * `npm run mutants:setup`, once, then `npm run mutants [-- --area rollback] [--files <globs>] [--json]`: small wrong edits in the source, area by area, and
 * whether a test finds them (Stryker). What it found is kept in .mutants/, so that another run tries what changed alone.
 * Ends with 1 when the tests of an area find less than areas.ts asks for.
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { countProblem, endOn, namesProblem } from "../../tools/script-options.ts";
import { AREAS, type Area } from "./areas.ts";
import { scoreOf, survivorsIn, type Mutant, type Score } from "./score.ts";

/** Of @stryker-mutator/core, what is used here. It is installed for those who run this alone. */
interface StrykerCore {
  readonly Stryker: new (options: object) => { runMutationTest(): Promise<readonly Mutant[]> };
}

const CORE = new URL("stryker/node_modules/@stryker-mutator/core/dist/src/index.js", import.meta.url);

async function strykerCore(): Promise<StrykerCore> {
  if (!existsSync(CORE)) {
    process.stderr.write("Stryker is not installed: npm run mutants:setup\n");
    process.exit(64);
  }
  // Its types are not there where it is not installed; `StrykerCore` is what its README says.
  return (await import(CORE.href)) as StrykerCore;
}

const { values: flags } = parseArgs({
  options: {
    area: { type: "string", multiple: true },
    /** In place of the area's own globs. */
    files: { type: "string", multiple: true },
    concurrency: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});

const known = AREAS.map(({ name }) => name);
endOn([namesProblem("area", flags.area ?? [], known), countProblem("concurrency", flags.concurrency)]);

async function run({ name, mutate, tests }: Area): Promise<readonly Mutant[]> {
  const { Stryker } = await strykerCore();
  process.env["MUTANTS_AREA"] = name;
  const stryker = new Stryker({
    testRunner: "vitest",
    plugins: [new URL("../vitest-runner/dist/src/index.js", new URL("../../", CORE)).href],
    vitest: { configFile: "test/mutants/vitest.config.ts", related: false },
    mutate: [...(flags.files ?? mutate)],
    testFiles: [...tests],
    coverageAnalysis: "perTest",
    incremental: true,
    incrementalFile: `.mutants/${name}.json`,
    tempDirName: `.mutants/sandbox-${name}`,
    ignorePatterns: [".mutants", ".servers", ".local", ".bluegreen", "dist"],
    // What runs once when a file is loaded would take all tests again; words for people are read by their tests.
    ignoreStatic: true,
    mutator: { excludedMutations: ["StringLiteral"] },
    concurrency: Number(flags.concurrency),
    timeoutMS: 10_000,
    reporters: ["json", "progress-append-only"],
    jsonReporter: { fileName: `.mutants/${name}.report.json` },
    allowConsoleColors: false,
  });
  return await stryker.runMutationTest();
}

const wanted = AREAS.filter(({ name }) => flags.area === undefined || flags.area.includes(name));
const scores: Score[] = [];
for (const area of wanted) {
  const results = await run(area);
  const score = scoreOf(area, results);
  scores.push(score);
  process.stderr.write(`${survivorsIn(results).join("\n")}\n`);
  process.stderr.write(`${score.area}: ${score.percent} % of ${score.mutants} mutants found\n`);
}
if (flags.json) console.log(JSON.stringify(scores));
else for (const { area, percent, mutants } of scores) console.log(`${area}: ${percent} % of ${mutants}`);
process.exitCode = scores.every(({ isEnough }) => isEnough) ? 0 : 1;
