import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** Pre-traffic tests. */
export const SUITE_ERRORS = {
  BG180: {
    exitCode: EXIT.usage,
    meaning: "The stack has no `testToken`, so it has no test rules, and no candidate can be tested.",
    fix: "`pulumi config set --secret testToken $(openssl rand -hex 24)`, then `pulumi up`. While a slot has users or stands by, that `pulumi up` is refused unless `service.allowInPlace` is true: ECS then starts new tasks and stops the running ones, in both slots at once.",
  },
  BG181: {
    exitCode: EXIT.usage,
    meaning: "There is no golden set to ask the candidate with.",
    fix: "`pulumi config set --path suite.goldenSet <file>` and `pulumi up` (with `suite.file`: `goldenSet` in that file), or for one test `npx bluegreen test --golden <file>`.",
  },
  BG182: {
    exitCode: EXIT.needsPerson,
    meaning: "The candidate has not passed its pre-traffic tests.",
    fix: "`npx bluegreen test`; to let one check go, `pulumi config set --path suite.waive.<check> '<why>'`, `pulumi up` and `npx bluegreen test` again; or, on your own responsibility, `npx bluegreen rollout --skip-tests`.",
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
  BG189: {
    exitCode: EXIT.usage,
    meaning: "The file with the settings of the pre-traffic tests (`suite.file`) cannot be used.",
    fix: "Edit the file: docs/serving/schemas/suite.schema.json says what may stand in it. Without one: `pulumi config rm --path suite.file` and `pulumi up`.",
  },
  BG193: {
    exitCode: EXIT.usage,
    meaning: "`BLUEGREEN_MODEL_AUTHORIZATION` has characters that no header may have, such as a line's end.",
    fix: "It is the whole value of the header `Authorization`: `export BLUEGREEN_MODEL_AUTHORIZATION='Bearer <key>'`. A model that takes no keys needs none: `unset BLUEGREEN_MODEL_AUTHORIZATION`.",
  },
  BG192: {
    exitCode: EXIT.usage,
    meaning: "The file has no request that may be asked again.",
    fix: "Predictions may; name what else changes nothing: `npx bluegreen replay-requests <file> --safe 'GET /v1/models'`. Captured predictions need their input, not its digest (`service.agent.capture`).",
  },
} as const satisfies ErrorKinds;
