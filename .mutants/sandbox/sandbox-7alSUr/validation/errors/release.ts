import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** A release, its slots and its route. */
export const RELEASE_ERRORS = {
  BG110: {
    exitCode: EXIT.usage,
    meaning: "A release is in progress.",
    fix: "Let it end (`npx bluegreen rollout`) or roll it back (`npx bluegreen revert`).",
  },
  BG111: {
    exitCode: EXIT.usage,
    meaning: "The slot that the model would go to has users.",
    fix: "Move them back first: `npx bluegreen revert`.",
  },
  BG112: {
    exitCode: EXIT.usage,
    meaning: "The candidate's settings are not allowed.",
    fix: "Fix what the message names.",
  },
  BG113: {
    exitCode: EXIT.usage,
    meaning: "There is no candidate.",
    fix: "Deploy one: `npx bluegreen deploy <image> --model-version <version>`.",
  },
  BG120: {
    exitCode: EXIT.usage,
    meaning: "No route of this stack was found on the load balancers of this account and region.",
    fix: "Name it: `npx bluegreen revert --route <rule ARN>` or BLUEGREEN_ROUTE_ARN.",
  },
  BG121: {
    exitCode: EXIT.usage,
    meaning: "More than one route carries this stack's tags.",
    fix: "Name the right one: `npx bluegreen revert --route <rule ARN>`.",
  },
  BG122: {
    exitCode: EXIT.usage,
    meaning: "The rule is not a route of ours: it does not exist, or does not say which slot is which.",
    fix: "Check the ARN; a route forwards to two target groups tagged `deploy:slot`.",
  },
  BG123: {
    exitCode: EXIT.needsPerson,
    meaning: "The slot that everyone would go to has no registered task; it would answer nothing but 503.",
    fix: "Bring its tasks back first: raise its `minTasks` and `pulumi up`; an empty slot has nothing to go back to.",
  },
  BG140: {
    exitCode: EXIT.needsPerson,
    meaning: "The candidate's ECS deployment failed. No user was on it.",
    fix: "Fix the image, its name or its settings, and deploy again; `npx bluegreen logs <slot>` shows what its tasks wrote.",
  },
  BG141: {
    exitCode: EXIT.needsPerson,
    meaning: "The candidate did not become healthy in time. No user was on it.",
    fix: "`npx bluegreen logs <slot>` shows what its tasks wrote; a model that loads slowly needs a greater `startupSeconds` (`deploy … --set startupSeconds=<seconds>`), one with another health path `--health-path`.",
  },
  BG310: {
    exitCode: EXIT.usage,
    meaning: "`rollout.alarms` names alarms that CloudWatch does not have in the stack's account and region.",
    fix: "Make them, fix their names, or take them out: `pulumi config set --path 'rollout.alarms[0]' <name>` or `pulumi config rm --path 'rollout.alarms[0]'`, then `pulumi up`.",
  },
  BG160: {
    exitCode: EXIT.usage,
    meaning: "No release with users is in progress.",
    fix: "See what there is: `npx bluegreen status`.",
  },
  BG161: {
    exitCode: EXIT.usage,
    meaning: "There is no such share to approve.",
    fix: "Mark shares in `rollout.approvals`; `npx bluegreen status` shows where the release is.",
  },
  BG163: {
    exitCode: EXIT.needsPerson,
    meaning: "The standby is younger than `rollout.keepStandbyHours`; without it a revert has nowhere to go.",
    fix: "Wait, or give it up knowingly: `npx bluegreen retire --give-up-standby`.",
  },
  BG164: {
    exitCode: EXIT.usage,
    meaning: "There is nothing to retire.",
    fix: "See what runs where: `npx bluegreen status`.",
  },
  BG165: {
    exitCode: EXIT.usage,
    meaning: "The slot to retire has users.",
    fix: "Move them back first: `npx bluegreen revert`.",
  },
  BG166: {
    exitCode: EXIT.usage,
    meaning: "Users were rolled back by a revert, and restoring the deployed split would undo it.",
    fix: "Complete the revert: `npx bluegreen step`.",
  },
  BG167: {
    exitCode: EXIT.failure,
    meaning: "The route could not be read.",
    fix: "Check network and credentials, and run the same command again.",
  },
  BG169: {
    exitCode: EXIT.needsPerson,
    meaning: "The route is not as the release has it, so it cannot be steered.",
    fix: "`npx bluegreen status` names both and what to do.",
  },
  BG170: {
    exitCode: EXIT.usage,
    meaning: "The slot has no tasks that could have written a log.",
    fix: "See what runs where: `npx bluegreen status`.",
  },
  BG183: {
    exitCode: EXIT.failure,
    meaning:
      "The update history could not be read, so it is not known what earlier releases of this digest have counted.",
    fix: "Try again when Pulumi's backend answers; or, on purpose, `npx bluegreen deploy … --reset-analysis`.",
  },
} as const satisfies ErrorKinds;
