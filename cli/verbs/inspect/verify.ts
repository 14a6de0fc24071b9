import { harmless } from "../../view/harmless.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "verify",
  about:
    "recomputes a release's evidence by a program of its own, and says what does not hold; needs no stack",
  works: "alone",
  order: 268,
  ends: ["needsPerson"],
  declare: (command) =>
    command
      .argument(
        "[what]",
        "a journal, a file of --evidence, or the id of a release that ran on this machine; the newest release without it",
      )
      .option("--json", "the result as one JSON object on standard output", false)
      .action(async (what: string | undefined, { json }: { readonly json: boolean }) => {
        const { verified } = await import("../../actions/verify.ts");
        const { text, exitCode } = verified(what, json);
        process.stdout.write(`${harmless(text)}\n`);
        process.exitCode = exitCode;
      }),
});
