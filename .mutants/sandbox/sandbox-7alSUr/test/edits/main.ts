/**
 * `npm run test:edits -- --edits 300 --seed 1 --json`: random edits of every key of `service`, `network`, `thresholds` and
 * `rollout`, each deployed by `pulumi up` under users, with a model that takes two seconds to load; in between manual
 * shares, switches, reverts and deploys. No user's request fails, or the edit is refused with a reason. Each stack has a
 * seed, which is printed; `--seed <n> --edits <k>` is that stack again. Ends with 1 when an edit did neither.
 */
import { parseArgs } from "node:util";
import { closeOpen, EDITS_OF_A_STACK, runEpisode, type EditStep } from "./run.ts";

const { values: flags } = parseArgs({
  options: {
    edits: { type: "string", default: "30" },
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "120" },
    json: { type: "boolean", default: false },
  },
});

const wanted = Number(flags.edits);
const untilMs = performance.now() + Number(flags.minutes) * 60_000;
const steps: EditStep[] = [];
const edits = () => steps.filter(({ isEdit }) => isEdit);
const tell = (step: EditStep) => {
  steps.push(step);
  const { seed, origin, action, outcome, seconds, problems } = step;
  process.stderr.write(
    `seed ${seed} (${origin}), edit ${edits().length}: ${action}: ${outcome} (${seconds} s)` +
      `${problems.map((problem) => `\n  FAILED ${problem}`).join("")}\n`,
  );
};
const end = () => void closeOpen().then(() => process.exit(130));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
for (let seed = Number(flags.seed); edits().length < wanted && performance.now() < untilMs; seed += 1) {
  await runEpisode(seed, Math.min(EDITS_OF_A_STACK, wanted - edits().length), tell);
}

const failed = steps.filter(({ problems }) => problems.length > 0);
const summary = {
  edits: edits().length,
  done: edits().filter(({ outcome }) => outcome === "done").length,
  refused: edits().filter(({ outcome }) => outcome === "refused").length,
  between: steps.length - edits().length,
  requests: steps.reduce((sum, { requests }) => sum + requests, 0),
  failed: failed.length,
  seeds: [...new Set(failed.map(({ seed }) => seed))],
};
process.stdout.write(
  flags.json
    ? `${JSON.stringify({ ...summary, steps })}\n`
    : `${summary.edits} edits (${summary.done} done, ${summary.refused} refused) under ${summary.requests} requests, ` +
        `${summary.failed} failed${summary.seeds.map((seed) => ` · seed ${seed}`).join("")}\n`,
);
process.exitCode = failed.length === 0 && edits().length > 0 ? 0 : 1;
