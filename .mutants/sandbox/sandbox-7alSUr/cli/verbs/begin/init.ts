import { Option } from "commander";
import { answerOf, QUESTIONS } from "../../../validation/stack/init/questions.ts";
import { assignments, workflowsAddress } from "../../arguments.ts";
import { structured } from "../../model-options.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "init <name>",
  about:
    "in a project, the file of a new stack on AWS, protected as a production is, which asks for what no flag says; in a folder without one, a new project with one model; overwrites nothing",
  works: "alone",
  brief: "a new project, or the file of a new stack on AWS",
  order: 10,
  declare: (command) => {
    command
      .option("--set <key=value...>", "any other key: rollout.bakeMinutes=20", assignments)
      .option(
        "--workflows <owner/repository@ref>",
        "who has the workflows that those of a new project call",
        workflowsAddress,
      )
      .option("--json", "files and next commands as one JSON object on standard output", false);
    for (const { flag, asks, isList } of QUESTIONS)
      command.addOption(new Option(`--${flag} <${isList === true ? "values" : "value"}>`, asks));
    command.action(async (name: string, options) => {
      const { init } = await import("../../actions/init.ts");
      const flags = QUESTIONS.flatMap((question) => {
        const typed: unknown = options[camel(question.flag)];
        return typeof typed === "string" ? [[question.key, answerOf(question, typed)] as const] : [];
      });
      const { workflows, json } = options;
      await init(name, {
        said: { ...structured(options.set), ...Object.fromEntries(flags) },
        workflows,
        json,
      });
    });
  },
});

/** As commander names the option. */
const camel = (flag: string) => flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
