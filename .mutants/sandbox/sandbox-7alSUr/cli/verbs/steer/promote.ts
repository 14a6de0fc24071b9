import { InvalidArgumentError } from "commander";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "promote",
  about: "promote the running release at once, when every gate passes",
  works: "writes",
  order: 130,
  ends: ["needsPerson"],
  declare: (command) =>
    command
      .requiredOption(
        "--now",
        "skip the steps and bakes that are left; the schedule promotes without this verb",
      )
      .requiredOption("--reason <text>", "for the audit log", someText)
      .option(
        "--without-evidence",
        "pass over gates that have no answer, and name them in the audit log; one that fails is never passed over",
        false,
      )
      .action(async (options) => {
        const [{ runFlow }, { promoteNow }] = await Promise.all([
          import("../../flow.ts"),
          import("../../../validation/steering/promote.ts"),
        ]);
        const { reason, withoutEvidence } = options;
        await runFlow(options, "writes", (context) => promoteNow(context, { reason, withoutEvidence }));
      }),
});

function someText(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("It takes a sentence.");
}
