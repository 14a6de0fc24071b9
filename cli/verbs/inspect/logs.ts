import type { Slot } from "../../../contract/slot.ts";
import { count, slotArgument } from "../../arguments.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "logs",
  about: "what the tasks of a slot wrote last; on AWS, where it is and the command that shows it",
  works: "reads",
  order: 160,
  isSeldom: true,
  declare: (command) =>
    command
      .argument("<slot>", "blue or green", slotArgument)
      .option("--lines <number>", "how many of each task at most", count(10_000), 100)
      .action(async (slot: Slot, options) => {
        const [{ runFlow }, { logs }, { localLogs }, { showLogs }] = await Promise.all([
          import("../../flow.ts"),
          import("../../../validation/insight/logs.ts"),
          import("../../../validation/adapters/logs/local.ts"),
          import("../../view/history.ts"),
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
      }),
});
