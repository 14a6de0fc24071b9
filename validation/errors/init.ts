import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** The file of a new stack. */
export const INIT_ERRORS = {
  BG300: {
    exitCode: EXIT.usage,
    meaning: "A new stack needs more than was said.",
    fix: "Give the flags that the message names, or run `npx bluegreen init <name>` on a terminal, where it asks.",
  },
  BG301: {
    exitCode: EXIT.usage,
    meaning: "The stack has a file already, and no file is overwritten.",
    fix: "Edit that file, or take another name. `npx bluegreen doctor` says what in it is left unprotected.",
  },
  BG302: {
    exitCode: EXIT.usage,
    meaning: "The new stack's file would not be one that the program takes, so nothing was written.",
    fix: "Run it again with other values: the flags' own, or `--set <key>=<value>` for every key.",
  },
  BG303: {
    exitCode: EXIT.usage,
    meaning: "This is no name for a stack on AWS.",
    fix: "Take letters, digits, `-`, `_` and `.`, 100 at most, and not `local`, which is the stack on the local cloud.",
  },
  BG304: {
    exitCode: EXIT.usage,
    meaning: "A new project would overwrite what is in this folder, so nothing was written.",
    fix: "Run `npx bluegreen init <name>` in an empty folder; package.json, node_modules and .gitignore may be there.",
  },
  BG305: {
    exitCode: EXIT.usage,
    meaning: "This is no name for a project or a model.",
    fix: "Take a lower-case letter, then at most 39 lower-case letters, digits and `-`, and not `aws`, `awsx`, `docker` or `pulumi`, nor `sg-` at the beginning: `npx bluegreen init fraud-model`.",
  },
  BG306: {
    exitCode: EXIT.usage,
    meaning: "A flag is not for what is made here.",
    fix: "In a folder without a project `npx bluegreen init <name>` makes one, and takes `--workflows`; in a project it makes the file of a stack, and takes the other flags. Run it without what the message names.",
  },
} as const satisfies ErrorKinds;
