import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "sync",
  about: "bring the release keys of the stack file in line with what is deployed",
  works: "writes",
  order: 90,
  isSeldom: true,
  declare: (command) =>
    command
      .option(
        "--only-file",
        "leave users who were rolled back to the next `step`, for who may only read",
        false,
      )
      .option(
        "--registry",
        "also repair what the models' registry says of them (docs/serving/registries.md)",
        false,
      )
      .action(async (options) => {
        const { runFlow } = await import("../../flow.ts");
        const { sync } = await import("../../../validation/stack/sync.ts");
        const { onlyFile, registry } = options;
        await runFlow(options, onlyFile ? "reads" : "writes", async (context, target) => {
          const synced = await sync(context, { onlyFile });
          if (!registry) return synced;
          const { registriesOnDemand } = await import("../../actions/registries.ts");
          return registriesOnDemand(context, target, synced);
        });
      }),
});
