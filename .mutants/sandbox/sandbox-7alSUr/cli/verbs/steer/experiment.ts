import { Argument } from "commander";
import { MOST_EXPERIMENT_DAYS } from "../../../contract/release/experiment.ts";
import { count, positive } from "../../arguments.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "experiment",
  about:
    "ask by a fixed split whether a signal gets better on the candidate: `start` before its first users, `status` at any time, `stop`",
  works: "writes",
  order: 135,
  isSeldom: true,
  declare: (command) =>
    command
      .addArgument(new Argument("<what>", "what to do").choices(["start", "status", "stop"] as const))
      .option("--signal <name>", "with start: the signal of the stack that should get better")
      .option("--split <percent>", "with start: the candidate's share", count(99), 50)
      .option("--days <days>", "with start: it ends after so many days", count(MOST_EXPERIMENT_DAYS), 14)
      .option(
        "--smallest <points>",
        "with start: it ends sooner when no difference above so many points is left",
        positive,
      )
      .option("--reason <text>", "with stop: for the audit log", "")
      .action(async (what, options) => {
        const [{ runFlow }, { experimentStatus, startExperiment, stopExperiment }] = await Promise.all([
          import("../../flow.ts"),
          import("../../../validation/experiment/experiment.ts"),
        ]);
        switch (what) {
          case "status":
            return runFlow(options, "reads", experimentStatus);
          case "stop":
            return runFlow(options, "writes", (context) => stopExperiment(context, options.reason));
          case "start": {
            const { signal, split: percent, days, smallest } = options;
            if (signal === undefined) return command.error("error: start takes --signal <name>");
            const wanted = { signal, percent, days, smallestPoints: smallest };
            return runFlow(options, "writes", (context) => startExperiment(context, wanted));
          }
        }
      }),
});
