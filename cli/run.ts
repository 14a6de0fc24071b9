import { CommanderError } from "commander";
import { EXIT } from "../validation/outcome.ts";
import { showError } from "./errors.ts";
import { createProgram } from "./program.ts";

/** Carries out the command line; the exit code says how it went. `startedWallMs`: when the process started. */
export async function run(startedWallMs: number): Promise<void> {
  try {
    await createProgram(startedWallMs).parseAsync();
  } catch (error) {
    // Commander has printed its own message; asking for help is no mistake.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
    else process.exitCode = showError(error, process.argv.includes("--json"));
  }
}
