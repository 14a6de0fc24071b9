/**
 * `npm run mutants [-- --area rollback] [--files <globs>] [--json]`: small wrong edits in the source, area by area, and
 * whether a test finds them (Stryker). What it found is kept in .mutants/, so that another run tries what changed alone.
 * Ends with 1 when the tests of an area find less than areas.ts asks for.
 */
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import { AREAS, type Area } from "./areas.ts";
import { scoreOf, survivorsIn, type Score } from "./score.ts";

const { values: flags } = parseArgs({
  options: {
    area: { type: "string", multiple: true },
    /** In place of the area's own globs. */
    files: { type: "string", multiple: true },
    concurrency: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});

async function run({ name, mutate, tests }: Area) {
  process.env["MUTANTS_AREA"] = name;
  const stryker = new Stryker({
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    vitest: { configFile: "test/mutants/vitest.config.ts", related: false },
    mutate: [...(flags.files ?? mutate)],
    testFiles: [...tests],
    coverageAnalysis: "perTest",
    incremental: true,
    incrementalFile: `.mutants/${name}.json`,
    tempDirName: `.mutants/sandbox-${name}`,
    ignorePatterns: [".mutants", ".local", ".bluegreen", "dist"],
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
process.exitCode = wanted.length > 0 && scores.every(({ isEnough }) => isEnough) ? 0 : 1;
