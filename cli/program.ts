import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { isRecord } from "../contract/config/field.ts";
import { carriesOut } from "./json.ts";
import { isInstalled, OWN_TREE } from "./local/own-files.ts";
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

/** Of the package; what is installed has its code one folder deeper. */
export function ownVersion(): string {
  const path = join(OWN_TREE, isInstalled ? ".." : "", "package.json");
  const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
  return isRecord(manifest) ? String(manifest["version"]) : "unknown";
}
