import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "restore",
  about: "put the route back to what is deployed, after something else changed its weights",
  works: "writes",
  order: 200,
  isSeldom: true,
  declare: (command) =>
    command.action(async (options) => {
      const [{ runFlow }, { restore }] = await Promise.all([
        import("../../flow.ts"),
        import("../../../validation/rollout/drift.ts"),
      ]);
      await runFlow(options, "writes", restore);
    }),
});
