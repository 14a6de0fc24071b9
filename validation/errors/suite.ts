import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** Isolated tests. */
export const SUITE_ERRORS = {
  BG180: {
    exitCode: EXIT.usage,
    meaning: "The stack has no `testToken`, so it has no test rules, and no candidate can be tested.",
    mend: "`pulumi config set --secret testToken $(openssl rand -hex 24)`, then `pulumi up`.",
  },
  BG181: {
    exitCode: EXIT.usage,
    meaning: "There is no golden set to ask the candidate with.",
    mend: "`pulumi config set --path suite.goldenSet <file>` and `pulumi up`, or for one test `npx bluegreen test --golden <file>`.",
  },
  BG182: {
    exitCode: EXIT.needsPerson,
    meaning: "The candidate has not passed its isolated tests.",
    mend: "`npx bluegreen test`; to let one check go, `pulumi config set --path 'suite.waive[0]' <check>`, `pulumi up` and `npx bluegreen test` again; or, on your own responsibility, `npx bluegreen rollout --untested`.",
  },
  BG184: {
    exitCode: EXIT.needsPerson,
    meaning: "The candidate has no healthy task, so there is nothing to test.",
    mend: "`npx bluegreen status` says what it runs and needs, `npx bluegreen logs <slot>` what its tasks wrote; `npx bluegreen deploy` starts it anew.",
  },
} as const satisfies ErrorKinds;
