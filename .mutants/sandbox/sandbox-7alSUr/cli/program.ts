import { Command } from "commander";
import { carriesOut } from "./json.ts";
import { ownVersion } from "./local/own-files.ts";
import { overview } from "./overview.ts";
import { ALL_VERBS } from "./verbs/all.ts";
import { addVerb } from "./verbs/define.ts";

/** The command line: its verbs, each declared in a file of its own in verbs/. */
export function createProgram(startedWallMs: number): Command {
  const program = new Command("bluegreen")
    .version(ownVersion(), "--version")
    .exitOverride()
    // What it is told by goes through run.ts, with a code, as every other mistake.
    .configureOutput({ outputError: () => {} });
  program.hook("preAction", (_, action) => carriesOut(action.name()));
  program.helpInformation = () => overview(ALL_VERBS);
  for (const verb of ALL_VERBS.toSorted((a, b) => a.order - b.order)) addVerb(program, verb, startedWallMs);
  return program;
}
