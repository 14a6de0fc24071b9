import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "feedback",
  about: "take what turned out to be right: labels of predictions, by request id or by slot and time",
  works: "reads",
  order: 165,
  isSeldom: true,
  declare: (command) =>
    command
      .argument("<file>", "rows as lines of JSON, or as CSV (docs/signals/labels.md); - reads standard input")
      .action(async (file: string, options) => {
        const [{ runFlow }, { feedback }, { textOf }] = await Promise.all([
          import("../../flow.ts"),
          import("../../../validation/signals/feedback/feedback.ts"),
          import("../../actions/feedback-file.ts"),
        ]);
        await runFlow(options, "reads", async (context) => feedback(context, await textOf(file)));
      }),
});
