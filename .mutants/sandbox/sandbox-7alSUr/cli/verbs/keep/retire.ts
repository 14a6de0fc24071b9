import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "retire",
  about: "scale the standby, or a model that was rolled back, to no tasks once it is drained",
  works: "writes",
  brief: "scale the standby to no tasks",
  order: 190,
  ends: ["needsPerson"],
  declare: (command) =>
    command
      .option("--give-up-standby", "also one that is younger than `rollout.keepStandbyHours`", false)
      .action(async (options) => {
        const [{ runFlow }, { retire }] = await Promise.all([
          import("../../flow.ts"),
          import("../../../validation/deploy/retire.ts"),
        ]);
        const { giveUpStandby } = options;
        await runFlow(options, "writes", (context) => retire(context, { giveUpStandby }));
      }),
});
