/**
 * `npm run bench:strangers -- --runs 20 --json`: releases of a good candidate with sticky users while a stranger leaves
 * 600 requests a minute on the candidate's cookie without waiting for an answer, beside 60 honest requests a second.
 * Real requests, real time; the clock of the cloud is faster. Ends with 1 when one was rolled back, its digest refused,
 * or a user's request lost.
 */
import { parseArgs } from "node:util";
import { releaseAmongStrangers } from "../../test/scenario/support/strangers.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "20" },
    speed: { type: "string", default: "15" },
    image: { type: "string", default: "digits:3" },
  },
});
const count = Number(flags.runs);
const speed = Number(flags.speed);
if (!(Number.isInteger(count) && count >= 1 && speed >= 1)) {
  throw new Error("--runs takes a whole number from 1, --speed a number from 1");
}

const runs = [];
for (let run = 1; run <= count; run++) {
  const { release, ...seen } = await releaseAmongStrangers(flags.image, speed);
  const { exitCode, sentence } = release;
  runs.push({ ...seen, exitCode, sentence });
  console.error(
    `${run} of ${count}: exit ${exitCode}, ${seen.failed} of ${seen.asked} users' requests failed`,
  );
}
const result = {
  runs: count,
  rolledBack: runs.filter(({ live }) => live?.green === 0).length,
  refused: runs.filter(({ refused }) => refused !== undefined).length,
  held: runs.filter(({ exitCode }) => exitCode === 10).length,
  abandoned: sum(runs.map(({ abandoned }) => abandoned)),
  asked: sum(runs.map(({ asked }) => asked)),
  failed: sum(runs.map(({ failed }) => failed)),
};
const words = `${result.rolledBack} of ${count} rolled back, ${result.refused} digests refused, ${result.held} held; ${result.failed} of ${result.asked} users' requests failed; ${result.abandoned} requests abandoned`;
console.log(flags.json ? JSON.stringify({ ...result, each: runs }) : words);
if (result.rolledBack + result.refused + result.failed > 0) process.exitCode = 1;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
