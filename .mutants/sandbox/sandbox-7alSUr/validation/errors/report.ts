import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** What a report is made of. */
export const REPORT_ERRORS = {
  BG420: {
    exitCode: EXIT.usage,
    meaning: "No report can be made of this file.",
    fix: "Name what was kept of one release: its journal.jsonl (below .bluegreen/releases/, on the local cloud .local/releases/), or files that `npx bluegreen rollout --evidence <file>` or `step --evidence <file>` wrote, oldest first.",
  },
  BG421: {
    exitCode: EXIT.usage,
    meaning: "These files are not of one release.",
    fix: "Name the files of one release in one command, those of the other one in another.",
  },
} as const satisfies ErrorKinds;
