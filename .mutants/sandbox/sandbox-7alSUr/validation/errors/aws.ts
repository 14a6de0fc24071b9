import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** What AWS refuses. */
export const AWS_ERRORS = {
  BG190: {
    exitCode: EXIT.usage,
    meaning: "AWS does not allow the call: the credentials in use lack the permission.",
    fix: "Use a role that has it, or add it to this one: docs/iam.md says which role needs what.",
  },
  BG191: {
    exitCode: EXIT.usage,
    meaning: "AWS does not take the credentials in use.",
    fix: "Renew them, for example with `aws sso login`, and run the same command again.",
  },
} as const satisfies ErrorKinds;
