import { count } from "../../arguments.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "history",
  about: "the last releases: how each ended, why, and how long it took",
  works: "reads",
  order: 150,
  declare: (command) =>
    command.option("--limit <number>", "how many at most", count(1000), 20).action(async (options) => {
      const [{ runFlow }, { history }, { showHistory }] = await Promise.all([
        import("../../flow.ts"),
        import("../../../validation/insight/history.ts"),
        import("../../view/history.ts"),
      ]);
      await runFlow(options, "reads", (context) => history(context, options.limit), showHistory);
    }),
});
