import { harmless } from "../../view/harmless.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "explain",
  about: "what was decided and why, for a person on call; needs no stack",
  works: "alone",
  order: 260,
  declare: (command) =>
    command
      .argument("<file>", "what `step` or `rollout` wrote with --evidence")
      .action(async (file: string) => {
        const { explain } = await import("../../actions/explain.ts");
        process.stdout.write(`${harmless(await explain(file))}\n`);
      }),
});
