import { EXIT } from "../../../validation/outcome.ts";
import { untilIn, within } from "../../kill/patience.ts";
import { problemsAfter } from "../judge.ts";
import type { Story } from "../story.ts";
import { begunRollout, openFaultWorld, type FaultWorld } from "../world.ts";

/** Answers one request in five with 500 (images.local.json). */
const BAD = "digits:3-flaky";
/** A long bake, which the watchdog alone can end while the rollout hears and says nothing. */
const ROLLOUT = { watchdog: true, bakeMinutes: 100 };
const THRESHOLDS = { minRequestsPerMinute: 5, slowSeconds: 60, maxSlowRate: 1 };

async function movedBack(given: FaultWorld): Promise<readonly string[]> {
  const { world, network } = given;
  const { rollout, candidate, other } = await begunRollout(given, BAD);
  network.block("call", "answer");
  await untilIn("the watchdog's write", async () => (await world.see.live())[candidate] === 0);
  const fromMs = Date.now();
  network.block();
  const ended = await within("the end of the rollout", rollout.ended);
  const said =
    ended.exitCode === EXIT.rolledBack ? ended : await world.run("rollout", "--skip-tests", "--json");
  const problems = await problemsAfter(given, { fromMs, all: other });
  return said.exitCode === EXIT.rolledBack
    ? problems
    : [`the rollout ended with ${said.exitCode}: ${said.stdout}`, ...problems];
}

/** With a world of their own: its models may be bad, and its watchdog looks. */
export const GUARDED: readonly Story[] = [
  {
    name: "the network of a rollout is gone while a bad model has users, and the watchdog moves them back",
    skipped: undefined,
    async run() {
      const given = await openFaultWorld({ thresholds: THRESHOLDS, rollout: ROLLOUT });
      try {
        return await movedBack(given);
      } finally {
        await given.close();
      }
    },
  },
];
