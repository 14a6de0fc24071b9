import { InvalidArgumentError } from "commander";
import { slotArgument } from "../../arguments.ts";
import { harmless } from "../../view/harmless.ts";
import { resultJson } from "../../json.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "replay",
  about: "past data through the judge, minute by minute: what it would have done, and when",
  works: "reads",
  order: 250,
  isSeldom: true,
  declare: (command) =>
    command
      .option("--from <time>", "ISO 8601 (default: as the last release shared users)", time)
      .option("--to <time>", "ISO 8601 (default: now)", time)
      .option("--candidate <slot>", "which slot is judged (default: the last release's)", slotArgument)
      .option("--file <file>", "evidence, or counts as CSV or JSON (docs/runbook.md), instead of CloudWatch")
      .option("--set <key=value...>", "other settings of rollout or thresholds: alpha=0.001", collected, [])
      .action(async (options) => {
        const { from, to, candidate, file, set } = options;
        const { showReplay } = await import("../../view/replay.ts");
        if (file !== undefined) {
          const { replayFile } = await import("../../actions/replay.ts");
          const outcome = await replayFile(file, candidate, set);
          process.stdout.write(`${harmless(options.json ? resultJson(outcome) : showReplay(outcome))}\n`);
          return;
        }
        const [{ runFlow }, { replay }] = await Promise.all([
          import("../../flow.ts"),
          import("../../../validation/insight/replay.ts"),
        ]);
        const wanted = { fromMs: from, toMs: to, candidate };
        await runFlow(options, "reads", (context) => replay(context, wanted, set), showReplay);
      }),
});

function time(text: string): number {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  throw new InvalidArgumentError("It takes an ISO 8601 time: 2026-11-25T10:00Z.");
}

const collected = (text: string, before: readonly string[]): readonly string[] => [...before, text];
