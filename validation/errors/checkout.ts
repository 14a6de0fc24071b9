import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** What a checkout has of a stack: secrets, and revisions of its file. */
export const CHECKOUT_ERRORS = {
  BG290: {
    exitCode: EXIT.usage,
    meaning: "Pulumi cannot open the secrets of the stack.",
    fix: 'A passphrase: set PULUMI_CONFIG_PASSPHRASE, or, for releases from GitHub, take a key of KMS: `pulumi stack change-secrets-provider "awskms://…"` (docs/github.md). A key of KMS: these credentials need `kms:Decrypt` on it, in its region (docs/iam.md).',
  },
  BG291: {
    exitCode: EXIT.usage,
    meaning: "There is no such Git revision here.",
    fix: "Name one that the checkout has (`git log`); in a workflow, check out more of the history (`fetch-depth`).",
  },
  BG292: {
    exitCode: EXIT.usage,
    meaning: "The stack file of that revision is not one that this version accepts.",
    fix: "Compare with what is deployed instead: `npx bluegreen diff`.",
  },
  BG315: {
    exitCode: EXIT.usage,
    meaning: "The stack's key does not open the secrets of the last update.",
    fix: "They were encrypted with the key before it. After `pulumi stack change-secrets-provider` deploy once: `pulumi up`.",
  },
  BG316: {
    exitCode: EXIT.failure,
    meaning: "Pulumi cannot read the stack.",
    fix: "Read Pulumi's message. Where it asks for a login or finds no state, log in to the backend that keeps it, or name that: `PULUMI_BACKEND_URL=<backend> npx bluegreen status`. A revert needs none of this: `npx bluegreen revert`.",
  },
} as const satisfies ErrorKinds;
