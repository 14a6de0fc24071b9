import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** Pre-traffic tests. */
export const SUITE_ERRORS = {
  BG180: {
    exitCode: EXIT.usage,
    meaning: "The stack has no `testToken`, so it has no test rules, and no candidate can be tested.",
    fix: "`pulumi config set --secret testToken $(openssl rand -hex 24)`, then `pulumi up`.",
  },
  BG181: {
    exitCode: EXIT.usage,
    meaning: "There is no golden set to ask the candidate with.",
    fix: "`pulumi config set --path suite.goldenSet <file>` and `pulumi up`, or for one test `npx bluegreen test --golden <file>`.",
  },
  BG182: {
    exitCode: EXIT.needsPerson,
    meaning: "The candidate has not passed its pre-traffic tests.",
    fix: "`npx bluegreen test`; to let one check go, `pulumi config set --path 'suite.waive[0]' <check>`, `pulumi up` and `npx bluegreen test` again; or, on your own responsibility, `npx bluegreen rollout --skip-tests`.",
  },
  BG184: {
    exitCode: EXIT.needsPerson,
    meaning: "The candidate has no healthy task, so there is nothing to test.",
    fix: "`npx bluegreen status` says what it runs and needs, `npx bluegreen logs <slot>` what its tasks wrote; `npx bluegreen deploy` starts it anew.",
  },
  BG186: {
    exitCode: EXIT.usage,
    meaning:
      "Nobody knows how the model server is asked: it answers as none of the serving protocols, or not as the one that was said.",
    fix: "`npx bluegreen deploy … --protocol <name>` with one of docs/serving/protocols.md, and `--model-name` or `--predict-path` where the server does not tell them.",
  },
} as const satisfies ErrorKinds;
