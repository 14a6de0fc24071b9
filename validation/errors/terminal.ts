import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** What is typed, and how the tour goes on. */
export const TERMINAL_ERRORS = {
  BG440: {
    exitCode: EXIT.usage,
    meaning: "The command line is not understood.",
    fix: "All verbs: `npx bluegreen --help`. What one takes: `npx bluegreen <verb> --help`.",
  },
} as const satisfies ErrorKinds;
