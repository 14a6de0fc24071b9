import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "diff",
  about: "what the stack file would change in the stack as deployed, in words",
  works: "reads",
  order: 140,
  ends: ["usage"],
  declare: (command) =>
    command
      .option(
        "--base <revision>",
        "against the file of this Git revision; needs no credentials, and opens no secret",
      )
      .action(async (options) => {
        const { diffVerb } = await import("../../actions/diff.ts");
        await diffVerb(options);
      }),
});
