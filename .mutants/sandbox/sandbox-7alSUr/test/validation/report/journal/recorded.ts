import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { journalFiles } from "../../../../validation/adapters/journal-files.ts";
import type { Context } from "../../../../validation/ports.ts";
import type { JournalFiles } from "../../../../validation/report/journal/keeper.ts";
import { createRecorder } from "../../../../validation/report/journal/recorder.ts";
import { rollout, type RolloutOutcome } from "../../../../validation/rollout/rollout.ts";
import type { StepOutcome } from "../../../../validation/rollout/step-types.ts";
import type { World } from "../../support/world.ts";

export async function releasesFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "journal-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A rollout of the world as the verb has it: with a journal in the folder that listens. */
export async function recordedRollout(world: World, files: string | JournalFiles, pollMs = 30_000) {
  const context = world.context();
  const recorder = createRecorder({
    stack: "ml-blue-green/test",
    files: typeof files === "string" ? journalFiles(files) : files,
    who: () => "ml-blue-green 0.2.0",
    deployed: () => Promise.resolve(world.deployed()),
    reporter: context.reporter,
  });
  const steps: StepOutcome[] = [];
  const listening: Context = {
    ...context,
    reporter: {
      report(event) {
        context.reporter.report(event);
        void recorder.heard(event, world.clock.now());
      },
    },
  };
  const outcome: RolloutOutcome = await rollout(listening, {
    pollMs,
    looked(step, before) {
      steps.push(step);
      void recorder.looked(step, before, world.clock.now());
    },
  });
  await recorder.conclude(outcome, world.clock.now());
  return { outcome, steps, record: await recorder.recordOf(outcome.last, world.clock.now()) };
}
