import { InvalidArgumentError, type Command } from "commander";
import { positive, slotArgument } from "./arguments.ts";
import { harmless } from "./view/harmless.ts";

type AddVerb = (nameAndArguments: string, description: string) => Command;

/** The verbs by which people see beforehand, and afterwards, how a release is decided. `add`: a verb on a stack. */
export function addPlanningVerbs(program: Command, add: AddVerb): void {
  addPlan(add);
  addReplay(add);
  program
    .command("explain")
    .argument("<file>", "what `step` or `rollout` wrote with --evidence")
    .description("what was decided and why, for a person on call; needs no stack")
    .action(async (file: string) => {
      const { explain } = await import("./verbs/explain.ts");
      process.stdout.write(`${harmless(await explain(file))}\n`);
    });
}

function addPlan(add: AddVerb): void {
  add("plan", "what the schedule can see at the traffic of the last hours, how often it errs, what it costs")
    .option("--traffic <number>", "assume so many requests a minute", positive)
    .option("--error-rate <rate>", "assume that so many fail, 0 to 1", rate)
    .option("--poll <seconds>", "time between two looks of a rollout (default: as `rollout`)", positive)
    .action(async (options) => {
      const [{ runFlow }, { plan }, { showPlan }] = await Promise.all([
        import("./flow.ts"),
        import("../validation/planning/plan.ts"),
        import("./view/plan.ts"),
      ]);
      const { traffic, errorRate, poll } = options;
      await runFlow(
        options,
        "reads",
        (context) => plan(context, { traffic, errorRate, pollSeconds: poll }),
        showPlan,
      );
    });
}

function addReplay(add: AddVerb): void {
  add("replay", "past data through the judge, minute by minute: what it would have done, and when")
    .option("--from <time>", "ISO 8601 (default: as the last release shared users)", time)
    .option("--to <time>", "ISO 8601 (default: now)", time)
    .option("--candidate <slot>", "which slot is judged (default: the last release's)", slotArgument)
    .option("--file <file>", "evidence, or counts as CSV or JSON (docs/runbook.md), instead of CloudWatch")
    .option("--set <key=value...>", "other settings of rollout or thresholds: alpha=0.001", collected, [])
    .action(async (options) => {
      const { from, to, candidate, file, set } = options;
      const { showReplay } = await import("./view/replay.ts");
      if (file !== undefined) {
        const { replayFile } = await import("./verbs/replay.ts");
        const outcome = await replayFile(file, candidate, set);
        process.stdout.write(`${harmless(options.json ? JSON.stringify(outcome) : showReplay(outcome))}\n`);
        return;
      }
      const [{ runFlow }, { replay }] = await Promise.all([
        import("./flow.ts"),
        import("../validation/insight/replay.ts"),
      ]);
      const wanted = { fromMs: from, toMs: to, candidate };
      await runFlow(options, "reads", (context) => replay(context, wanted, set), showReplay);
    });
}

function time(text: string): number {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  throw new InvalidArgumentError("It takes an ISO 8601 time: 2026-11-25T10:00Z.");
}

function rate(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value < 1) return value;
  throw new InvalidArgumentError("It takes a number from 0 to below 1.");
}

const collected = (text: string, before: readonly string[]): readonly string[] => [...before, text];
