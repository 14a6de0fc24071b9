import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "status",
  about: "slots, shares, alarms, drift, and what to do next",
  works: "reads",
  order: 210,
  declare: (command) =>
    command.option("--all", "one line for each stack of the project", false).action(async (options) => {
      if (options.all) {
        // A variable of the shell is a default of all verbs; a word of the command line is meant.
        const named = (["stack", "model"] as const).find(
          (name) => command.getOptionValueSource(name) === "cli",
        );
        if (named !== undefined)
          return command.error(`error: --all is every stack and model, and takes no --${named}`);
        const { statusOfAll } = await import("../../actions/all-stacks.ts");
        await statusOfAll(options.json);
        return;
      }
      const [
        { runFlow },
        { status },
        { showStatus },
        { openRunRecords, stateDirectory },
        { leadsOf },
        { workOn },
      ] = await Promise.all([
        import("../../flow.ts"),
        import("../../../validation/insight/status.ts"),
        import("../../view/status.ts"),
        import("../../../validation/adapters/processes/records.ts"),
        import("../../../validation/adapters/way-in.ts"),
        import("../../at-work.ts"),
      ]);
      const { fateOfRun } = openRunRecords(stateDirectory());
      await runFlow(
        options,
        "reads",
        (context, target) => status(context, { fateOfRun, leadsOf, works: () => workOn(target) }),
        showStatus,
      );
    }),
});
