import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** The page in the browser. */
export const CONSOLE_ERRORS = {
  BG430: {
    exitCode: EXIT.usage,
    meaning: "The console cannot be served at that port.",
    fix: "Take any that is free: `npx bluegreen console --port 0`, which is the default.",
  },
} as const satisfies ErrorKinds;
