import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** Experiments with a fixed split. */
export const EXPERIMENT_ERRORS = {
  BG370: {
    exitCode: EXIT.usage,
    meaning:
      "An experiment needs users who stay on their slot, and `service.stickinessSeconds` lets each request go anywhere.",
    fix: "Keep them: `pulumi config set --path service.stickinessSeconds 604800`, then `pulumi up`; at most a week (604800), from a user's last request on.",
  },
  BG371: {
    exitCode: EXIT.usage,
    meaning:
      "An experiment begins with a candidate that has no users yet: those of another split stay where they are, and would be among its own.",
    fix: "Begin anew: `npx bluegreen revert`, `npx bluegreen deploy …`, `npx bluegreen test`, `npx bluegreen experiment start …`, `npx bluegreen rollout`.",
  },
  BG372: {
    exitCode: EXIT.usage,
    meaning: "An experiment asks whether a signal of the stack gets better: one of counts or losses.",
    fix: "Name one of `signals`, or add it there: docs/signals/signals.md. Purchases, clicks and the like have `better: higher`.",
  },
  BG373: {
    exitCode: EXIT.usage,
    meaning: "There is no experiment.",
    fix: "Start one before the rollout: `npx bluegreen experiment start --signal <name> --split 50 --days 14`.",
  },
  BG374: {
    exitCode: EXIT.needsPerson,
    meaning: "The release's experiment runs, and a promotion would end it without a result.",
    fix: "Stop it first: `npx bluegreen experiment stop`; then `npx bluegreen promote --now --reason <text>`.",
  },
} as const satisfies ErrorKinds;
