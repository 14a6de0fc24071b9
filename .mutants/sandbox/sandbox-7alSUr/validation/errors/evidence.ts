import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** Evidence that is to be verified. */
export const EVIDENCE_ERRORS = {
  BG410: {
    exitCode: EXIT.usage,
    meaning: "This is no journal of a release, and not what `--evidence` keeps.",
    fix: "`npx bluegreen verify` with a `journal.jsonl`, a file of `--evidence`, or the id of a release that this machine has worked on.",
  },
  BG411: {
    exitCode: EXIT.usage,
    meaning: "No journal, or more than one, is kept here for this release.",
    fix: "`npx bluegreen verify` with the path of the journal. `npx bluegreen history` lists releases; a journal is on the machine that ran the release.",
  },
} as const satisfies ErrorKinds;
