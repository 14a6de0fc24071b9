import { InvalidArgumentError } from "commander";
import { positive } from "../../arguments.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "plan",
  about: "what the schedule can see at the traffic of the last hours, how often it errs, what it costs",
  works: "reads",
  order: 240,
  ends: ["needsPerson"],
  declare: (command) =>
    command
      .option("--traffic <number>", "assume so many requests a minute", positive)
      .option("--error-rate <rate>", "assume that so many fail, 0 to 1", rate)
      .option("--poll <seconds>", "time between two checks of a rollout (default: as `rollout`)", positive)
      .action(async (options) => {
        const [{ runFlow }, { plan }, { showPlan }] = await Promise.all([
          import("../../flow.ts"),
          import("../../../validation/planning/plan.ts"),
          import("../../view/plan.ts"),
        ]);
        const { traffic, errorRate, poll } = options;
        await runFlow(
          options,
          "reads",
          (context) => plan(context, { traffic, errorRate, pollSeconds: poll }),
          showPlan,
        );
      }),
});

function rate(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value < 1) return value;
  throw new InvalidArgumentError("It takes a number from 0 to below 1.");
}
