import { EXIT, type ExitCode } from "./outcome.ts";

interface ErrorKind {
  readonly exitCode: ExitCode;
  readonly meaning: string;
  /** What a person does about it. */
  readonly mend: string;
}

/** Every error that is not ours: what it means and what mends it. docs/errors.md lists exactly these. */
export const ERRORS = {
  BG101: {
    exitCode: EXIT.usage,
    meaning: "The stack has never been deployed.",
    mend: "Deploy it once: `pulumi up`.",
  },
  BG102: {
    exitCode: EXIT.usage,
    meaning: "The deployed configuration is not one that this version accepts.",
    mend: "Mend each key as the message says, then `pulumi up`.",
  },
  BG103: {
    exitCode: EXIT.usage,
    meaning: "The stack's outputs are not those of this program.",
    mend: "Check that you are in the right project and stack, then `pulumi up`.",
  },
  BG104: {
    exitCode: EXIT.usage,
    meaning: "The checkout has no file for this stack.",
    mend: "Check out the branch that has the stack's file, or restore it: `pulumi config refresh`.",
  },
  BG105: {
    exitCode: EXIT.usage,
    meaning: "A secret inside an object of the checkout's stack file is not the deployed one.",
    mend: "Deploy your edit first: `pulumi up`.",
  },
  BG106: {
    exitCode: EXIT.usage,
    meaning: "The stack's file is no YAML mapping.",
    mend: "Mend the line that the message names, or restore the file from Git.",
  },
  BG110: {
    exitCode: EXIT.usage,
    meaning: "A release is in progress.",
    mend: "Let it end (`npx bluegreen rollout`) or take it back (`npx bluegreen revert`).",
  },
  BG111: {
    exitCode: EXIT.usage,
    meaning: "The slot that the model would go to has users.",
    mend: "Take them back first: `npx bluegreen revert`.",
  },
  BG112: {
    exitCode: EXIT.usage,
    meaning: "The candidate's settings are not allowed.",
    mend: "Mend what the message names.",
  },
  BG113: {
    exitCode: EXIT.usage,
    meaning: "There is no candidate.",
    mend: "Deploy one: `npx bluegreen deploy <image> --model-version <version>`.",
  },
  BG120: {
    exitCode: EXIT.usage,
    meaning: "No route of this stack was found on the load balancers of this account and region.",
    mend: "Name it: `npx bluegreen revert --route <rule ARN>` or BLUEGREEN_ROUTE_ARN.",
  },
  BG121: {
    exitCode: EXIT.usage,
    meaning: "More than one route carries this stack's tags.",
    mend: "Name the right one: `npx bluegreen revert --route <rule ARN>`.",
  },
  BG122: {
    exitCode: EXIT.usage,
    meaning: "The rule is not a route of ours: it does not exist, or does not say which slot is which.",
    mend: "Check the ARN; a route forwards to two target groups tagged `deploy:slot`.",
  },
  BG123: {
    exitCode: EXIT.needsPerson,
    meaning: "The slot that everyone would go to has no registered task; it would answer nothing but 503.",
    mend: "Bring its tasks back first: raise its `minTasks` and `pulumi up`; an empty slot has nothing to go back to.",
  },
  BG130: {
    exitCode: EXIT.failure,
    meaning: "Pulumi could not carry out the update.",
    mend: "Read Pulumi's message; the same command may be run again.",
  },
  BG131: {
    exitCode: EXIT.needsPerson,
    meaning: "Another update holds the stack.",
    mend: "Wait for it to end and run the same command again; when its process is gone: `pulumi cancel`.",
  },
  BG132: {
    exitCode: EXIT.failure,
    meaning: "A change of weights touched more than the route.",
    mend: "Read the last entry of `pulumi stack history` and report it: this should not be possible.",
  },
  BG133: {
    exitCode: EXIT.usage,
    meaning: "The program refuses the update, and nothing was changed.",
    mend: "Mend each key as the message says, and run the same command again.",
  },
  BG134: {
    exitCode: EXIT.needsPerson,
    meaning:
      "The update failed, and an earlier one was cut off while it created something: Pulumi does not know whether that exists.",
    mend: 'Look whether it does, remove it, `pulumi refresh --clear-pending-creates`, and run the same command again: docs/runbook.md, "An update was cut off while it created something".',
  },
  BG140: {
    exitCode: EXIT.needsPerson,
    meaning: "ECS gave the candidate's deployment up. No user was on it.",
    mend: "Mend the image, its name or its settings, and deploy again; `npx bluegreen logs <slot>` shows what its tasks wrote.",
  },
  BG141: {
    exitCode: EXIT.needsPerson,
    meaning: "The candidate did not become healthy in time. No user was on it.",
    mend: "`npx bluegreen logs <slot>` shows what its tasks wrote; a model that loads slowly needs a greater `service.startupSeconds`.",
  },
  BG150: {
    exitCode: EXIT.usage,
    meaning: "A local cloud runs here already.",
    mend: "Use it, or stop it first: Ctrl-C in its terminal.",
  },
  BG151: {
    exitCode: EXIT.usage,
    meaning: "The port of the local cloud is taken by another program.",
    mend: "Choose another one: `npx bluegreen local --port <port>`.",
  },
  BG152: {
    exitCode: EXIT.usage,
    meaning: "No local cloud runs here.",
    mend: "Start it in another terminal: `npx bluegreen local`.",
  },
  BG153: {
    exitCode: EXIT.usage,
    meaning: "It is not clear which stack is meant.",
    mend: "Start the local cloud (`npx bluegreen local`) for the stack `local`, or name another one: `--stack <name>`, or BLUEGREEN_STACK.",
  },
  BG154: {
    exitCode: EXIT.usage,
    meaning: "There is no `pulumi` command, and the embedded engine serves the local cloud only.",
    mend: "Install the Pulumi CLI and put it on PATH, or use `--stack local`.",
  },
  BG155: {
    exitCode: EXIT.usage,
    meaning: "The region of the stack is not known.",
    mend: "Name one that there is, or `pulumi config set aws:region <region>`, or set AWS_REGION.",
  },
  BG156: {
    exitCode: EXIT.usage,
    meaning: "The local cloud or its engine cannot go on as asked.",
    mend: "Do what the message says.",
  },
  BG157: {
    exitCode: EXIT.usage,
    meaning: "The checkout is not installed: `npm ci` has not run here, or was cut off.",
    mend: "Run it, again if need be: `npm ci`.",
  },
  BG158: {
    exitCode: EXIT.usage,
    meaning: "This Node is too old for the project.",
    mend: "Begin with `npx bluegreen` or `npm run`, which bring their own Node, or put a newer one on PATH.",
  },
  BG159: {
    exitCode: EXIT.usage,
    meaning: "The engine that is asked for cannot carry out the local stack.",
    mend: "Install the Pulumi CLI, or unset BLUEGREEN_ENGINE; a stack stays with the engine that made it, so remove .local/ to begin anew with another one.",
  },
  BG160: {
    exitCode: EXIT.usage,
    meaning: "No release with users is in progress.",
    mend: "See what there is: `npx bluegreen status`.",
  },
  BG161: {
    exitCode: EXIT.usage,
    meaning: "There is no such share to approve.",
    mend: "Mark shares in `rollout.approvals`; `npx bluegreen status` shows where the release is.",
  },
  BG163: {
    exitCode: EXIT.needsPerson,
    meaning: "The standby is younger than `rollout.keepStandbyHours`; without it a revert has nowhere to go.",
    mend: "Wait, or give it up knowingly: `npx bluegreen retire --give-up-standby`.",
  },
  BG164: {
    exitCode: EXIT.usage,
    meaning: "There is nothing to retire.",
    mend: "See what runs where: `npx bluegreen status`.",
  },
  BG165: {
    exitCode: EXIT.usage,
    meaning: "The slot to retire has users.",
    mend: "Take them back first: `npx bluegreen revert`.",
  },
  BG166: {
    exitCode: EXIT.usage,
    meaning: "Users were taken back by a revert, and restoring the deployed split would undo it.",
    mend: "Complete the revert: `npx bluegreen step`.",
  },
  BG167: {
    exitCode: EXIT.failure,
    meaning: "The route could not be read.",
    mend: "Check network and credentials, and run the same command again.",
  },
  BG169: {
    exitCode: EXIT.needsPerson,
    meaning: "The route is not as the release has it, so it cannot be steered.",
    mend: "`npx bluegreen status` names both and what to do.",
  },
  BG170: {
    exitCode: EXIT.usage,
    meaning: "The slot has no tasks that could have written a log.",
    mend: "See what runs where: `npx bluegreen status`.",
  },
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
    mend: "`npx bluegreen test`; or, on your own responsibility, `npx bluegreen rollout --untested`.",
  },
  BG183: {
    exitCode: EXIT.failure,
    meaning:
      "The update history could not be read, so it is not known what earlier releases of this digest have counted.",
    mend: "Try again when Pulumi's backend answers; or, on purpose, `npx bluegreen deploy … --fresh-evidence`.",
  },
  BG190: {
    exitCode: EXIT.usage,
    meaning: "AWS does not allow the call: the credentials in use lack the right.",
    mend: "Use a role that has it, or add it to this one: docs/iam.md says which role needs what.",
  },
  BG191: {
    exitCode: EXIT.usage,
    meaning: "AWS does not take the credentials in use.",
    mend: "Renew them, for example with `aws sso login`, and run the same command again.",
  },
  BG200: {
    exitCode: EXIT.usage,
    meaning: "The file is not what this verb reads.",
    mend: "Give it what `npx bluegreen step --evidence <file>` or `rollout --evidence <file>` wrote; `replay` also reads counts (docs/runbook.md).",
  },
  BG201: {
    exitCode: EXIT.usage,
    meaning: "A `--set` names no setting of a decision, or a value that it does not allow.",
    mend: "Write `--set <key>=<value>` as the message says; keys are those of `rollout` and `thresholds` in docs/configuration.md.",
  },
  BG202: {
    exitCode: EXIT.usage,
    meaning: "There is no past to replay.",
    mend: "Name a time in which both slots had users: `npx bluegreen replay --from <time> --to <time> --candidate <slot>`.",
  },
  BG203: {
    exitCode: EXIT.needsPerson,
    meaning: "There is no traffic to plan with.",
    mend: "Say what you expect: `npx bluegreen plan --traffic <requests a minute> --error-rate <0 to 1>`.",
  },
  BG204: {
    exitCode: EXIT.needsPerson,
    meaning:
      "At this traffic a step of the schedule is as good as blind: half of all requests could fail unseen.",
    mend: "Give it longer (`pulumi config set --path rollout.deadlineMinutes <minutes>`), a greater share (`rollout.steps`), or synthetic load (`rollout.syntheticLoad`).",
  },
} as const satisfies Readonly<Record<string, ErrorKind>>;

export type ErrorCode = keyof typeof ERRORS;

/** Something that the person who runs the command can mend. Shown without a stack trace. */
export class UserError extends Error {
  readonly code: ErrorCode;
  readonly exitCode: ExitCode;
  readonly mend: string;

  /** `details`: what was found this time, with its values. */
  constructor(code: ErrorCode, details: string) {
    const { meaning, mend, exitCode } = ERRORS[code];
    super(`${meaning} ${details}`.trim());
    this.name = "UserError";
    this.code = code;
    this.exitCode = exitCode;
    this.mend = mend;
  }
}
