import { count } from "../../arguments.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "approve",
  about: "say yes to the next share that `rollout.approvals` marks",
  works: "writes",
  order: 120,
  declare: (command) =>
    command
      .option("--step <percent>", "the share, when it is not the next one", count(100))
      .option("--reason <text>", "for the audit log", "")
      .action(async (options) => {
        const [{ runFlow }, { approve }] = await Promise.all([
          import("../../flow.ts"),
          import("../../../validation/steering/steering.ts"),
        ]);
        await runFlow(options, "writes", (context) => approve(context, options.step, options.reason));
      }),
});
