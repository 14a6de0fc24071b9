import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** The secrets of a stack, and who may open them. */
export const SECRET_ERRORS = {
  BG290: {
    exitCode: EXIT.usage,
    meaning: "Pulumi cannot open the secrets of the stack.",
    mend: 'A passphrase: set PULUMI_CONFIG_PASSPHRASE, or, for releases from GitHub, take a key of KMS: `pulumi stack change-secrets-provider "awskms://…"` (docs/github.md). A key of KMS: these credentials need `kms:Decrypt` on it, in its region (docs/iam.md).',
  },
} as const satisfies ErrorKinds;
