import { setTimeout as pause } from "node:timers/promises";
import { within } from "../../kill/patience.ts";
import { problemsAfter } from "../judge.ts";
import type { Story } from "../story.ts";
import { begunRollout, type FaultWorld } from "../world.ts";

/** Real seconds; a minute of the cloud's is one of them. */
const SHORT_MS = 15_000;
/** Longer than a rollout goes on without an answer (validation/rollout/rollout.ts, PATIENCE and RETRY_MS, by the clock). */
const LONG_MS = 90_000;

/** A rollout whose network breaks as soon as its candidate has users; afterwards another one brings it to its end. */
async function brokenWhileBaking(given: FaultWorld, breaks: () => Promise<void>): Promise<readonly string[]> {
  const { world, network } = given;
  const { rollout, fromMs, candidate } = await begunRollout(given);
  await breaks();
  network.block();
  const first = await within("the end of the rollout", rollout.ended);
  const said = first.exitCode === 0 ? undefined : await world.rollout("--skip-tests");
  if (said !== undefined && said.exitCode !== 0)
    return [`run again it ends with ${said.exitCode}: ${said.sentence ?? said.error?.message}`];
  return problemsAfter(given, { fromMs, all: candidate });
}

export const NETWORK: readonly Story[] = [
  {
    name: "the network to the cloud is gone for a quarter of a minute while a step bakes",
    skipped: undefined,
    run: (given) =>
      brokenWhileBaking(given, async () => {
        given.network.block("call", "answer");
        await pause(SHORT_MS);
      }),
  },
  {
    name: "it is gone for longer than a rollout has patience",
    skipped: undefined,
    run: (given) =>
      brokenWhileBaking(given, async () => {
        given.network.block("call", "answer");
        await pause(LONG_MS);
      }),
  },
  {
    name: "connections are half open: calls are carried out, and nobody is told",
    skipped: undefined,
    run: (given) =>
      brokenWhileBaking(given, async () => {
        given.network.block("answer");
        await pause(SHORT_MS);
      }),
  },
  {
    name: "connections break again and again while a step bakes",
    skipped: undefined,
    run: (given) =>
      brokenWhileBaking(given, async () => {
        for (let count = 0; count < 10; count += 1) {
          given.network.reset();
          await pause(SHORT_MS / 10);
        }
      }),
  },
  {
    name: "each piece takes a quarter of a second on each way",
    skipped: undefined,
    async run(given) {
      given.network.delayBy(250);
      try {
        return await brokenWhileBaking(given, async () => {});
      } finally {
        given.network.delayBy(0);
      }
    },
  },
  {
    name: "a revert whose network is half open moves users all the same, and the next one is told so",
    skipped: undefined,
    async run(given) {
      const { world, network } = given;
      const { rollout, other } = await begunRollout(given);
      await rollout.kill9();
      rollout.sweep();
      const fromMs = Date.now();
      const revert = world.start("revert", "--json");
      await pause(1_000);
      network.block("answer");
      await pause(SHORT_MS);
      network.block();
      await within("the end of the revert", revert.ended);
      const again = await world.revert();
      if (again.exitCode !== 0) return [`run again it ends with ${again.exitCode}: ${again.sentence}`];
      return problemsAfter(given, { fromMs, all: other });
    },
  },
];
