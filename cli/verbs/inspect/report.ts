import { harmless } from "../../view/harmless.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "report",
  about: "what a release did to users and why, as one HTML file or as Markdown; needs no stack",
  works: "alone",
  order: 265,
  declare: (command) =>
    command
      .argument(
        "[what...]",
        "the id of a release that ran on this machine, its journal.jsonl, or files of --evidence, one a look; the newest release without it",
      )
      .option("--html <file>", "write the report there, as one file that needs nothing else")
      .option("--markdown", "print it as Markdown (the default without --html)", false)
      .option("--json", "print the facts of its first screen as one JSON object", false)
      .action(async (files: readonly string[], options) => {
        const { makeReport } = await import("../../actions/report.ts");
        process.stdout.write(`${harmless(await makeReport(files, options))}\n`);
      }),
});
