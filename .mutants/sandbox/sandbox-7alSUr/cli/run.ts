import { CommanderError } from "commander";
import { UserError } from "../validation/errors.ts";
import { EXIT } from "../validation/outcome.ts";
import { showError } from "./errors.ts";
import { createProgram } from "./program.ts";

/** Carries out the command line; the exit code says how it went. `startedWallMs`: when the process started. */
export async function run(startedWallMs: number): Promise<void> {
  try {
    await createProgram(startedWallMs).parseAsync();
  } catch (error) {
    const isAnswer = error instanceof CommanderError && error.exitCode === 0;
    if (isAnswer) process.exitCode = EXIT.done;
    else process.exitCode = showError(asOurs(error), process.argv.includes("--json"));
  }
}

/** What commander says of a command line that it does not understand, with our code. */
function asOurs(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  // Without a verb it shows the help, and calls that by this name.
  const said = error.code === "commander.help" ? "No verb is named." : sentences(error.message);
  return new UserError("BG440", said);
}

/** `error: unknown command 'rollot'`, and in a line of its own `(Did you mean rollout?)`. */
const sentences = (message: string): string =>
  message
    .replace(/^error: /, "")
    .split("\n")
    .map((line) => line.replace(/^\((.*)\)$/, "$1"))
    .map((line) => (/[.?!]$/.test(line) ? line : `${line}.`))
    .map((line) => line.charAt(0).toUpperCase() + line.slice(1))
    .join(" ");
