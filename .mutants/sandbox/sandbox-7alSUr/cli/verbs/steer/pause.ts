import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "pause",
  about: "stop the running release where it is; it is watched on, and rolled back if it fails",
  works: "writes",
  brief: "stop the running release where it is",
  order: 100,
  declare: (command) =>
    command.option("--reason <text>", "for the audit log", "").action(async (options) => {
      const [{ runFlow }, { pause }] = await Promise.all([
        import("../../flow.ts"),
        import("../../../validation/steering/steering.ts"),
      ]);
      await runFlow(options, "writes", (context) => pause(context, options.reason));
    }),
});
