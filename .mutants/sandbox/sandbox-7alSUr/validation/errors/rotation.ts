import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** Renewing what the tasks of a slot hold. */
export const ROTATION_ERRORS = {
  BG270: {
    exitCode: EXIT.usage,
    meaning: "A release is moving users, and tasks that are renewed meanwhile would be judged with it.",
    fix: "Let it end (`npx bluegreen rollout`) or roll it back (`npx bluegreen revert`), and rotate then.",
  },
  BG271: {
    exitCode: EXIT.needsPerson,
    meaning: "Users are on both slots, or not where the last update left them.",
    fix: "`npx bluegreen status` shows where they are; roll back what is shifted (`npx bluegreen revert`), and rotate then.",
  },
  BG272: {
    exitCode: EXIT.usage,
    meaning: "There are no tasks to renew.",
    fix: "Nothing to do: tasks read their secrets when they start. `npx bluegreen status` shows what runs where.",
  },
  BG273: {
    exitCode: EXIT.needsPerson,
    meaning: "The tasks of a slot are renewed only while the other slot could take everyone.",
    fix: "Bring the other slot back (`pulumi config set --path <slot>.minTasks <number> && pulumi up`) and rotate then; or release the same model anew (`npx bluegreen deploy <image> --model-version <version>`): its tasks read their secrets when they start.",
  },
  BG274: {
    exitCode: EXIT.usage,
    meaning:
      "The stack file has other secrets in `service` than are deployed, and `rotate` takes the deployed ones.",
    fix: "Deploy the edit, which touches no model that runs (`pulumi up`), and run the same command again.",
  },
  BG275: {
    exitCode: EXIT.needsPerson,
    meaning:
      "The new tasks of a slot did not become healthy. Its former ones serve on, and the slots after it were left alone.",
    fix: "`npx bluegreen logs <slot>` shows what they wrote. Fix the secret, and run the same command again.",
  },
} as const satisfies ErrorKinds;
