import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** Who may use the local cloud. */
export const LOCAL_ACCESS_ERRORS = {
  BG240: {
    exitCode: EXIT.usage,
    meaning: "The directory of the local cloud belongs to another user of this machine.",
    fix: "Start it as that user, or in a directory of your own: `BLUEGREEN_LOCAL_DIRECTORY=<directory> npx bluegreen local`.",
  },
} as const satisfies ErrorKinds;
