import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** Several people, machines and updates on one stack. */
export const LOCK_ERRORS = {
  BG230: {
    exitCode: EXIT.needsPerson,
    meaning: "Another update has changed what this one did.",
    fix: "`npx bluegreen status` shows what runs; then run the same command again if it is still wanted.",
  },
  BG231: {
    exitCode: EXIT.needsPerson,
    meaning:
      "Somebody cancelled this update while it ran (`pulumi cancel`, or `--force-ownership` of another verb), so another one may have written beside it.",
    fix: "Find out who; when nobody updates the stack any more: `pulumi refresh`, `npx bluegreen status`, then the same command again.",
  },
} as const satisfies ErrorKinds;
