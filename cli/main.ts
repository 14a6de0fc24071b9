#!/usr/bin/env node
import { CommanderError } from "commander";
import { EXIT } from "../validation/outcome.ts";
import { showError } from "./errors.ts";
import { createProgram } from "./program.ts";

const startedWallMs = Date.now() - performance.now();

try {
  await createProgram(startedWallMs).parseAsync();
} catch (error) {
  // Commander has printed its own message; asking for help is no mistake.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  else process.exitCode = showError(error, process.argv.includes("--json"));
}
