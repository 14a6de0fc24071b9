import { Argument } from "commander";
import { count, slotArgument } from "../../arguments.ts";
import { defineVerb } from "../define.ts";

const several = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

export const definition = defineVerb({
  usage: "cohort",
  about:
    "send requests with a header to a slot, whatever the split is: `add <name>`, `remove <name>`, `list`",
  works: "writes",
  order: 137,
  isSeldom: true,
  declare: (command) =>
    command
      .addArgument(new Argument("<what>", "what to do").choices(["add", "remove", "list"] as const))
      .argument("[name]", "the cohort's name")
      .option("--header <name=value>", "with add: the header; again for another value", several)
      .option("--slot <slot>", "with add: where they go", slotArgument)
      .option("--until <time>", "with add: its end, as 2026-12-31T00:00:00Z")
      .option(
        "--days <days>",
        "with add: its end, so many days from now, when there is no --until",
        count(365),
        14,
      )
      .action(async (what, name, options) => {
        const [{ runFlow }, { addCohort, listCohorts, removeCohort }] = await Promise.all([
          import("../../flow.ts"),
          import("../../../validation/cohorts/cohorts.ts"),
        ]);
        if (what === "list") return runFlow(options, "reads", listCohorts);
        if (name === undefined) return command.error(`error: ${what} takes the cohort's name`);
        if (what === "remove") return runFlow(options, "writes", (context) => removeCohort(context, name));
        const { header: headers, slot, until: time, days } = options;
        if (headers === undefined || slot === undefined)
          return command.error("error: add takes --header <name=value> and --slot <slot>");
        const until = time === undefined ? { days } : { time };
        return runFlow(options, "writes", (context) => addCohort(context, { name, slot, headers, until }));
      }),
});
