import { Option, type Command } from "commander";
import type { EXIT } from "../../validation/outcome.ts";
import type { Room } from "./rooms.ts";

/** A verb of the command line: a file of its own in one of the rooms beside this one, and its test. */
export interface VerbDefinition {
  /** Its name, with the arguments that need no word: `deploy <image>`. */
  readonly usage: string;
  readonly about: string;
  /** What it does to a stack; `alone`: it needs none, and has neither `--stack` nor `--json`. */
  readonly works: "alone" | "reads" | "writes";
  /** Its place in the help. */
  readonly order: number;
  /** What it does, in fewer words, where the help of all verbs would cut `about` off in the wrong place. */
  readonly brief?: string;
  /** Named there without a line of its own: seldom needed, and never by a first release. */
  readonly isSeldom?: boolean;
  /** How it may end besides 0, and besides the ways that every verb may end. */
  readonly ends?: readonly (keyof typeof EXIT)[];
  /**
   * Its other arguments and options, and its action. The action loads what it needs when it runs: `revert` shall not wait
   * for what is another verb's.
   */
  readonly declare: (command: Command, startedWallMs: number) => void;
}

/** A verb and the room of its file. */
export interface PlacedVerb extends VerbDefinition {
  readonly room: Room;
}

export const defineVerb = (definition: VerbDefinition): VerbDefinition => definition;

/** Adds the verb to the program; `startedWallMs`: when the process started. */
export function addVerb(program: Command, definition: VerbDefinition, startedWallMs: number): void {
  const { usage, about, works, declare } = definition;
  const command = program.command(usage).description(about);
  if (works !== "alone") addStackOptions(command);
  if (works === "writes")
    command.option(
      "--force-ownership",
      "break a lock, and take a release over, of which nobody can tell here whether their process still runs; if it does, both write, and one of the two updates is lost",
      false,
    );
  declare(command, startedWallMs);
}

function addStackOptions(command: Command): void {
  const model = new Option(
    "--model <name>",
    "which of the stack's models (default: its only one, or the one that is called as the project)",
  );
  // A job that was given no model has the variable, and nothing in it.
  if (process.env["BLUEGREEN_MODEL"] !== "") model.env("BLUEGREEN_MODEL");
  command
    .addOption(
      new Option(
        "--stack <name>",
        "the stack; `local` is the one on the local cloud, `local:<name>` another one there, `aws:<name>` one on AWS",
      ).env("BLUEGREEN_STACK"),
    )
    .addOption(model)
    .option("--json", "the result as one JSON object on standard output", false);
}
