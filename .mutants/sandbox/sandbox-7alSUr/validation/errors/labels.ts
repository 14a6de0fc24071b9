import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** Labels that come after the answers. */
export const LABEL_ERRORS = {
  BG340: {
    exitCode: EXIT.usage,
    meaning: "Rows of the feedback are not what `feedback` reads; none of the file was taken.",
    fix: "Correct the lines that are named (docs/signals/labels.md has the form) and send the whole file again: what came before counts once.",
  },
  BG341: {
    exitCode: EXIT.usage,
    meaning: "There is no place to keep labels in.",
    fix: "`pulumi config set --path labels.bucket <bucket>` and `pulumi up`; the bucket of Pulumi's state will do.",
  },
} as const satisfies ErrorKinds;
