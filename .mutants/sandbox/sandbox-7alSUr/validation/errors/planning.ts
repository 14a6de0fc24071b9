import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** Replay, plan, and the judge of other people's deployments. */
export const PLANNING_ERRORS = {
  BG200: {
    exitCode: EXIT.usage,
    meaning: "The file is not what this verb reads.",
    fix: "Give it what `npx bluegreen step --evidence <file>` or `rollout --evidence <file>` wrote; `replay` also reads counts (docs/runbook.md).",
  },
  BG201: {
    exitCode: EXIT.usage,
    meaning: "A `--set` names no setting of a decision, or a value that it does not allow.",
    fix: "Write `--set <key>=<value>` as the message says; keys are those of `rollout` and `thresholds` in docs/configuration.md.",
  },
  BG202: {
    exitCode: EXIT.usage,
    meaning: "There is no past to replay.",
    fix: "Name a time in which both slots had users: `npx bluegreen replay --from <time> --to <time> --candidate <slot>`.",
  },
  BG203: {
    exitCode: EXIT.needsPerson,
    meaning: "There is no traffic to plan with.",
    fix: "Say what you expect: `npx bluegreen plan --traffic <requests a minute> --error-rate <0 to 1>`.",
  },
  BG204: {
    exitCode: EXIT.needsPerson,
    meaning:
      "At this traffic a step of the schedule is as good as blind: half of all requests could fail unseen.",
    fix: "Give it longer (`pulumi config set --path rollout.deadlineMinutes <minutes>`), a greater share (`rollout.steps`), or synthetic load (`rollout.syntheticLoad`).",
  },
  BG205: {
    exitCode: EXIT.usage,
    meaning: "This is no question that the judge can answer.",
    fix: "Ask as docs/fleet/judge.md shows, and try it with `npx bluegreen judge <file.json>`.",
  },
  BG206: {
    exitCode: EXIT.usage,
    meaning: "The judge listens only with a token that opens it.",
    fix: "Set BLUEGREEN_JUDGE_TOKEN to 32 random characters or more (`openssl rand -hex 24`) and run it again.",
  },
  BG207: {
    exitCode: EXIT.usage,
    meaning: "The judge cannot listen there.",
    fix: "Name another port or address: `npx bluegreen judge --listen <port> --host <address>`.",
  },
  BG208: {
    exitCode: EXIT.usage,
    meaning: "The judge's function cannot be written there.",
    fix: "Name a directory that is not there yet: `npx bluegreen judge --lambda <directory>`.",
  },
} as const satisfies ErrorKinds;
