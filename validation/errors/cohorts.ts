import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** Cohorts: users who go to a slot by a header. */
export const COHORT_ERRORS = {
  BG380: {
    exitCode: EXIT.usage,
    meaning:
      "The slot is not registered for cohorts: that replaces its tasks, so only a deploy does it; and a slot that something else fills has no group for them.",
    fix: "Turn it on for the next deploy onto that slot: `pulumi config set --path rollout.cohorts true`, `pulumi up`, then `npx bluegreen deploy …` of a model that runs on ECS.",
  },
  BG381: {
    exitCode: EXIT.usage,
    meaning: "The cohort is not allowed.",
    fix: "Fix what the message names: `npx bluegreen cohort add <name> --header x-team=ml --slot green --days 14`.",
  },
  BG382: {
    exitCode: EXIT.usage,
    meaning: "There is no such cohort.",
    fix: "See which there are: `npx bluegreen cohort list`.",
  },
  BG383: {
    exitCode: EXIT.usage,
    meaning:
      "The steps of the rollout begin with a cohort that cannot go to the candidate. Nobody was moved.",
    fix: "Add it: `npx bluegreen cohort add <name> --header x-team=ml --slot green --days 14`; or go without it: `pulumi config rm --path 'rollout.steps[0]'`, then `pulumi up`.",
  },
  BG384: {
    exitCode: EXIT.usage,
    meaning: "A cohort is on the slot, and a deploy would give those people a model that nobody has tested.",
    fix: "End it first: `npx bluegreen cohort remove <name>`; add it again when the new model has passed `npx bluegreen test`.",
  },
} as const satisfies ErrorKinds;
