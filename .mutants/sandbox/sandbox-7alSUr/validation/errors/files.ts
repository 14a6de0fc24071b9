import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** Files of the developer's machine, and the local cloud that keeps them. */
export const FILE_ERRORS = {
  BG250: {
    exitCode: EXIT.usage,
    meaning: "The local cloud runs here and does not answer.",
    fix: "Wait until the machine has time for it and run the same command again, or stop it (`kill <process>`) and start it anew: `npx bluegreen local`. Nothing of it is lost.",
  },
  BG251: {
    exitCode: EXIT.usage,
    meaning: "A file that the tools keep is not what they wrote.",
    fix: "Do what the message says; nothing was changed.",
  },
  BG252: {
    exitCode: EXIT.usage,
    meaning: "The disk is full.",
    fix: "Make room on it and run the same command again: it goes on from where it stopped. `npx bluegreen status` shows where users are, `npx bluegreen revert` moves them back.",
  },
  BG253: {
    exitCode: EXIT.usage,
    meaning: "A file or directory may not be used by this user, or is read-only.",
    fix: "Run it as the user whose it is, or name a directory of your own: BLUEGREEN_LOCAL_DIRECTORY=<directory>.",
  },
  BG254: {
    exitCode: EXIT.usage,
    meaning: "The local engine has no such stack.",
    fix: "Name one of those that there are, or make it: `npx bluegreen pulumi stack init <name>`.",
  },
} as const satisfies ErrorKinds;
