import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "resume",
  about: "let a paused release go on where it was",
  works: "writes",
  order: 110,
  declare: (command) =>
    command.option("--reason <text>", "for the audit log", "").action(async (options) => {
      const [{ runFlow }, { resume }] = await Promise.all([
        import("../../flow.ts"),
        import("../../../validation/steering/steering.ts"),
      ]);
      await runFlow(options, "writes", (context) => resume(context, options.reason));
    }),
});
