/**
 * `npm run bench:client-errors -- --runs 20 --json`: releases of a candidate that answers 422 to half of its users,
 * beside an active slot that refuses nobody, under 600 requests a minute. Real requests; the clock of the cloud is
 * faster. Counted is whether its users are back in the check in which the third whole minute has counted. Ends with 1
 * when one was not.
 */
import { parseArgs } from "node:util";
import { releaseThatRefuses } from "../../test/scenario/support/client-errors.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "20" },
    speed: { type: "string", default: "15" },
  },
});
const count = Number(flags.runs);
const speed = Number(flags.speed);
if (!(Number.isInteger(count) && count >= 1 && speed >= 1)) {
  throw new Error("--runs takes a whole number from 1, --speed a number from 1");
}

const BY_MINUTE = 3;
const runs = [];
for (let run = 1; run <= count; run++) {
  const { release, ...seen } = await releaseThatRefuses(speed);
  const { result, sentence } = release;
  runs.push({ ...seen, result, sentence });
  console.error(
    `${run} of ${count}: ${result}, back after ${seen.seconds} s with ${seen.minutes} minutes counted; ${seen.refused} of ${seen.asked} requests refused`,
  );
}
const seconds = runs.map((run) => run.seconds).toSorted((a, b) => a - b);
const result = {
  runs: count,
  // A release that is not rolled back throws.
  answered: runs.length,
  rolledBack: runs.filter((run) => run.result === "rolledBack").length,
  byMinute3: runs.filter(({ minutes }) => minutes <= BY_MINUTE).length,
  medianSeconds: seconds[Math.floor(seconds.length / 2)],
  longestSeconds: seconds.at(-1),
};
const words = `${result.answered} of ${count} rolled back, ${result.byMinute3} by the third whole minute, ${result.rolledBack} rolled back; after ${result.medianSeconds} s of the cloud's clock, ${result.longestSeconds} s at most`;
console.log(flags.json ? JSON.stringify({ ...result, each: runs }) : words);
if (result.byMinute3 < count) process.exitCode = 1;
