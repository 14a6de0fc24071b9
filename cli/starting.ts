import { Option, type Command } from "commander";
import { assignments } from "./arguments.ts";
import { answerOf, QUESTIONS } from "../validation/stack/init/questions.ts";
import { structured } from "./model-options.ts";

/** The verb that begins a stack. */
export function addInit(program: Command): void {
  const command = program
    .command("init <stack>")
    .description(
      "the file of a new stack on AWS, protected as a production is; asks for what no flag says, and overwrites nothing",
    )
    .option("--set <key=value...>", "any other key: rollout.bakeMinutes=20", assignments)
    .option("--json", "file and next commands as one JSON object on standard output", false);
  for (const { flag, asks, isList } of QUESTIONS)
    command.addOption(new Option(`--${flag} <${isList === true ? "values" : "value"}>`, asks));
  command.action(async (stack: string, options) => {
    const { init } = await import("./verbs/init.ts");
    const flags = QUESTIONS.flatMap((question) => {
      const typed: unknown = options[camel(question.flag)];
      return typeof typed === "string" ? [[question.key, answerOf(question, typed)] as const] : [];
    });
    await init(stack, { ...structured(options.set), ...Object.fromEntries(flags) }, options.json);
  });
}

/** As commander names the option. */
const camel = (flag: string) => flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
