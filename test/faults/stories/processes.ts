import { setTimeout as pause } from "node:timers/promises";
import { programOf } from "../../kill/processes.ts";
import { untilIn, within } from "../../kill/patience.ts";
import { openHost } from "../../two-hosts/host.ts";
import { noNamespaces } from "../../support/namespaces.ts";
import { problemsAfter } from "../judge.ts";
import type { Story } from "../story.ts";
import { begunRollout } from "../world.ts";

/** A verb waits so long for a lock of another one (WAITS_MS of validation/stack/apply.ts), and a little more. */
const LONGER_THAN_A_LOCK_MS = 130_000;
const SHORT_MS = 20_000;

export const PROCESSES: readonly Story[] = [
  {
    name: "a rollout sleeps while a person reverts, wakes up, and puts nobody back",
    skipped: undefined,
    async run(given) {
      const { world } = given;
      const { rollout, fromMs, other: all } = await begunRollout(given);
      process.kill(-rollout.pid, "SIGSTOP");
      const reverted = await world.revert();
      const atRevert = (await world.see.live())[all];
      process.kill(-rollout.pid, "SIGCONT");
      const woken = await within("the end of the rollout", rollout.ended);
      const again = await world.revert();
      return [
        ...(atRevert === 100 ? [] : [`after the revert (${reverted.sentence}) ${all} has ${atRevert} %`]),
        ...(woken.exitCode === 0 ? ["the rollout that was woken says that it has promoted"] : []),
        ...(again.exitCode === 0 ? [] : [`revert ends with ${again.exitCode}: ${again.sentence}`]),
        ...(await problemsAfter(given, { fromMs, all })),
      ];
    },
  },
  {
    name: "the engine sleeps in the middle of an update for longer than others wait for its lock, and ends it",
    skipped: undefined,
    async run(given) {
      const { world } = given;
      const { rollout, fromMs, candidate } = await begunRollout(given);
      let engine: number | undefined;
      await untilIn("an update", async () => {
        engine = await programOf(rollout.pid);
        return engine !== undefined;
      });
      process.kill(Number(engine), "SIGSTOP");
      const held = await world.run("pulumi", "up", "--yes", "--skip-preview");
      await pause(LONGER_THAN_A_LOCK_MS);
      if (rollout.isAlive()) process.kill(Number(engine), "SIGCONT");
      const woken = await within("the end of the rollout", rollout.ended);
      const last = woken.exitCode === 0 ? world.verdictOf(woken) : await world.rollout("--skip-tests");
      return [
        ...(held.exitCode === 0 ? ["another update ran beside the one that slept"] : []),
        ...(last.exitCode === 0 ? [] : [`run again it ends with ${last.exitCode}: ${last.sentence}`]),
        ...(await problemsAfter(given, { fromMs, all: candidate })),
      ];
    },
  },
  {
    name: "a host of the same name, in another PID namespace, reverts what a sleeping one rolls out",
    skipped: noNamespaces,
    async run(given) {
      const { world } = given;
      const { rollout, fromMs, other: all } = await begunRollout(given);
      const host = openHost(world.place);
      try {
        process.kill(-rollout.pid, "SIGSTOP");
        const reverting = host.run(["revert", "--json"]);
        await untilIn(`everyone on ${all}`, async () => (await world.see.live())[all] === 100);
        await pause(SHORT_MS);
        process.kill(-rollout.pid, "SIGCONT");
        const [reverted, woken] = await Promise.all([reverting, within("the rollout's end", rollout.ended)]);
        const broken = /cancelling the update of .*/.exec(reverted.stderr + woken.stderr)?.[0];
        const again = await world.revert();
        return [
          ...(broken === undefined ? [] : [`a living lock was broken: ${broken}`]),
          ...(again.exitCode === 0 ? [] : [`revert ends with ${again.exitCode}: ${again.sentence}`]),
          ...(await problemsAfter(given, { fromMs, all })),
        ];
      } finally {
        await host.close();
      }
    },
  },
];
