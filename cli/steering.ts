import { InvalidArgumentError, type Command } from "commander";
import { slotArgument } from "./arguments.ts";
import type { Slot } from "../contract/slot.ts";

type AddVerb = (nameAndArguments: string, description: string) => Command;

/** The verbs by which people steer a release and look back at it. `add`: makes a verb that works on a stack; `addWriting`: one that changes it. */
export function addSteeringVerbs(add: AddVerb, addWriting: AddVerb): void {
  addPauseAndResume(addWriting);
  addDecisions(addWriting);
  addRetrospect(add);
  addFreezing(addWriting);
  addRotating(addWriting);
  addCleaning(addWriting);
}

function addPauseAndResume(add: AddVerb): void {
  add("pause", "stop the running release where it is; it is watched on, and rolled back if it fails")
    .option("--reason <text>", "for the audit log", "")
    .action(async (options) => {
      const [{ runFlow }, { pause }] = await Promise.all([
        import("./flow.ts"),
        import("../validation/steering/steering.ts"),
      ]);
      await runFlow(options, "writes", (context) => pause(context, options.reason));
    });

  add("resume", "let a paused release go on where it was")
    .option("--reason <text>", "for the audit log", "")
    .action(async (options) => {
      const [{ runFlow }, { resume }] = await Promise.all([
        import("./flow.ts"),
        import("../validation/steering/steering.ts"),
      ]);
      await runFlow(options, "writes", (context) => resume(context, options.reason));
    });
}

function addDecisions(add: AddVerb): void {
  add("approve", "say yes to the next share that `rollout.approvals` marks")
    .option("--step <percent>", "the share, when it is not the next one", percent)
    .option("--reason <text>", "for the audit log", "")
    .action(async (options) => {
      const [{ runFlow }, { approve }] = await Promise.all([
        import("./flow.ts"),
        import("../validation/steering/steering.ts"),
      ]);
      await runFlow(options, "writes", (context) => approve(context, options.step, options.reason));
    });

  add("promote", "promote the running release at once, when every gate passes")
    .requiredOption(
      "--now",
      "skip the steps and bakes that are left; the schedule promotes without this verb",
    )
    .requiredOption("--reason <text>", "for the audit log", someText)
    .option(
      "--without-evidence",
      "pass over gates that have no answer, and name them in the audit log; one that fails is never passed over",
      false,
    )
    .action(async (options) => {
      const [{ runFlow }, { promoteNow }] = await Promise.all([
        import("./flow.ts"),
        import("../validation/steering/promote.ts"),
      ]);
      const { reason, withoutEvidence } = options;
      await runFlow(options, "writes", (context) => promoteNow(context, { reason, withoutEvidence }));
    });
}

function addRetrospect(add: AddVerb): void {
  add("diff", "what the stack file would change in the stack as deployed, in words")
    .option(
      "--base <revision>",
      "against the file of this Git revision; needs no credentials, and opens no secret",
    )
    .action(async (options) => {
      const { diffVerb } = await import("./verbs/diff.ts");
      await diffVerb(options);
    });

  add("history", "the last releases: how each ended, why, and how long it took")
    .option("--limit <number>", "how many at most", count(1000), 20)
    .action(async (options) => {
      const [{ runFlow }, { history }, { showHistory }] = await Promise.all([
        import("./flow.ts"),
        import("../validation/insight/history.ts"),
        import("./view/history.ts"),
      ]);
      await runFlow(options, "reads", (context) => history(context, options.limit), showHistory);
    });

  add("logs", "what the tasks of a slot wrote last; on AWS, where it is and the command that shows it")
    .argument("<slot>", "blue or green", slotArgument)
    .option("--lines <number>", "how many of each task at most", count(10_000), 100)
    .action(async (slot: Slot, options) => {
      const [{ runFlow }, { logs }, { localLogs }, { showLogs }] = await Promise.all([
        import("./flow.ts"),
        import("../validation/insight/logs.ts"),
        import("../validation/adapters/local-logs.ts"),
        import("./view/history.ts"),
      ]);
      await runFlow(
        options,
        "reads",
        (context, target) => {
          const read = target.kind === "local" ? localLogs(target.cloud) : undefined;
          return logs(context, slot, options.lines, read);
        },
        showLogs,
      );
    });
}

function addFreezing(add: AddVerb): void {
  add(
    "freeze",
    "give each model that runs without one a copy of `service`, so that an edit of it is for the next deploy alone",
  ).action(async (options) => {
    const [{ runFlow }, { freeze }] = await Promise.all([
      import("./flow.ts"),
      import("../validation/deploy/freeze.ts"),
    ]);
    await runFlow(options, "writes", freeze);
  });
}

function addRotating(add: AddVerb): void {
  add("rotate", "start tasks anew with the secrets that `service` names now, one slot after the other")
    .argument("[slot]", "blue or green (default: both, the one without users first)", slotArgument)
    .action(async (slot: Slot | undefined, options) => {
      const [{ runFlow }, { rotate }] = await Promise.all([
        import("./flow.ts"),
        import("../validation/deploy/rotate.ts"),
      ]);
      await runFlow(options, "writes", (context) => rotate(context, { slot }));
    });
}

function addCleaning(add: AddVerb): void {
  add("retire", "scale the standby, or a model that was rolled back, to no tasks once it is drained")
    .option("--give-up-standby", "also one that is younger than `rollout.keepStandbyHours`", false)
    .action(async (options) => {
      const [{ runFlow }, { retire }] = await Promise.all([
        import("./flow.ts"),
        import("../validation/deploy/retire.ts"),
      ]);
      const { giveUpStandby } = options;
      await runFlow(options, "writes", (context) => retire(context, { giveUpStandby }));
    });

  add("restore", "put the route back to what is deployed, after something else changed its weights").action(
    async (options) => {
      const [{ runFlow }, { restore }] = await Promise.all([
        import("./flow.ts"),
        import("../validation/rollout/drift.ts"),
      ]);
      await runFlow(options, "writes", restore);
    },
  );
}

function count(max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= max) return value;
    throw new InvalidArgumentError(`It takes a whole number from 1 to ${max}.`);
  };
}

const percent = count(100);

function someText(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("It takes a sentence.");
}
