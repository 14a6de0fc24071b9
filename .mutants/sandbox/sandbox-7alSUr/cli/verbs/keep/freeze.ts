import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "freeze",
  about:
    "give each model that runs without one a copy of `service`, so that an edit of it is for the next deploy alone",
  works: "writes",
  order: 170,
  isSeldom: true,
  declare: (command) =>
    command.action(async (options) => {
      const [{ runFlow }, { freeze }] = await Promise.all([
        import("../../flow.ts"),
        import("../../../validation/deploy/freeze.ts"),
      ]);
      await runFlow(options, "writes", freeze);
    }),
});
