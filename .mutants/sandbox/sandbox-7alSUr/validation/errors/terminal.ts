import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** What is typed, and how the tour goes on. */
export const TERMINAL_ERRORS = {
  BG440: {
    exitCode: EXIT.usage,
    meaning: "The command line is not understood.",
    fix: "All verbs: `npx bluegreen --help`. What one takes: `npx bluegreen <verb> --help`.",
  },
  BG441: {
    exitCode: EXIT.usage,
    meaning: "The tour is typed by a person, so it needs a terminal.",
    fix: "Run it in a terminal: `npx bluegreen tour`.",
  },
  BG442: {
    exitCode: EXIT.failure,
    meaning: "The local cloud of the tour did not start.",
    fix: "Begin with a new one: `npx bluegreen tour --fresh`.",
  },
  BG443: {
    exitCode: EXIT.usage,
    meaning: "The tour releases the example models of the repository, and they are not here.",
    fix: "Run it in a clone of the repository of ml-blue-green, after `npm ci`.",
  },
} as const satisfies ErrorKinds;
