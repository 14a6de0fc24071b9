import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "sync",
  about: "bring the release keys of the stack file in line with what is deployed",
  works: "writes",
  order: 90,
  declare: (command) =>
    command
      .option(
        "--only-file",
        "leave users who were rolled back to the next `step`, for who may only read",
        false,
      )
      .action(async (options) => {
        const { runFlow } = await import("../../flow.ts");
        const { sync } = await import("../../../validation/stack/sync.ts");
        const { onlyFile } = options;
        await runFlow(options, onlyFile ? "reads" : "writes", (context) => sync(context, { onlyFile }));
      }),
});
