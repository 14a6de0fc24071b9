/**
 * `npm run test:two-hosts -- --runs 200 --json`: two hosts of one name (two PID namespaces) work on one stack at the same
 * time, in random interleavings. Each run has a seed, which is printed; `--seed <n> --runs 1` is that run alone, from a
 * fresh stack. Ends with 1 when a living lock was broken, a success was reported that was none, or the cloud has what
 * nobody asked for.
 */
import { parseArgs } from "node:util";
import { noNamespaces } from "../support/namespaces.ts";
import { interleavingOf } from "./operations.ts";
import { openPair, runOne, type Outcome } from "./run.ts";

const { values: flags } = parseArgs({
  options: {
    runs: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "120" },
    json: { type: "boolean", default: false },
  },
});

if (noNamespaces !== undefined) {
  process.stdout.write(flags.json ? `${JSON.stringify({ skipped: noNamespaces })}\n` : `${noNamespaces}\n`);
  // Where nobody reads what was skipped, it would pass for proof.
  if (process.env["CI"] !== undefined) process.exitCode = 1;
} else {
  const outcomes: Outcome[] = [];
  const untilMs = performance.now() + Number(flags.minutes) * 60_000;
  const pair = await openPair();
  const end = () => void pair.close().then(() => process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  try {
    for (let at = 0; at < Number(flags.runs) && performance.now() < untilMs; at += 1) {
      const outcome = await runOne(pair, interleavingOf(Number(flags.seed) + at));
      outcomes.push(outcome);
      const { seed, first, second, delayMs, exitCodes, seconds, problems } = outcome;
      process.stderr.write(
        `seed ${seed}: ${first.kind} and, ${delayMs} ms later, ${second.kind}: exit ${exitCodes.join(" and ")} ` +
          `(${seconds} s)${problems.map((problem) => `\n  ${problem}`).join("")}\n`,
      );
    }
  } finally {
    await pair.close();
  }
  const failed = outcomes.filter(({ problems }) => problems.length > 0);
  const summary = { ran: outcomes.length, failed: failed.length, seeds: failed.map(({ seed }) => seed) };
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ ...summary, outcomes })}\n`
      : `${summary.ran} interleavings, ${summary.failed} failed${failed.map(({ seed }) => ` · seed ${seed}`).join("")}\n`,
  );
  process.exitCode = failed.length === 0 && outcomes.length > 0 ? 0 : 1;
}
