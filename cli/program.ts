import { Command } from "commander";
import { ALL_VERBS } from "./verbs/all.ts";
import { addVerb } from "./verbs/define.ts";

/** The command line: its verbs, each declared in a file of its own in verbs/. */
export function createProgram(startedWallMs: number): Command {
  const program = new Command("bluegreen")
    .description(
      "Release machine-learning models blue-green: on AWS, or on a local AWS emulator on this machine.",
    )
    .exitOverride()
    .showHelpAfterError("(npx bluegreen --help)");
  for (const verb of ALL_VERBS.toSorted((a, b) => a.order - b.order)) addVerb(program, verb, startedWallMs);
  return program;
}
