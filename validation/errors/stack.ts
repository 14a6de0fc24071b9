import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** Reading and updating the stack. */
export const STACK_ERRORS = {
  BG101: {
    exitCode: EXIT.usage,
    meaning: "The stack has never been deployed.",
    fix: "Deploy it once: `pulumi up`.",
  },
  BG102: {
    exitCode: EXIT.usage,
    meaning: "The deployed configuration is not one that this version accepts.",
    fix: "Fix each key as the message says, then `pulumi up`.",
  },
  BG103: {
    exitCode: EXIT.usage,
    meaning: "The stack's outputs are not those of this program.",
    fix: "Check that you are in the right project and stack, then `pulumi up`.",
  },
  BG104: {
    exitCode: EXIT.usage,
    meaning: "The checkout has no file for this stack.",
    fix: "Check out the branch that has the stack's file, or restore it: `pulumi config refresh`.",
  },
  BG105: {
    exitCode: EXIT.usage,
    meaning: "A secret inside an object of the checkout's stack file is not the deployed one.",
    fix: "Deploy your edit first: `pulumi up`.",
  },
  BG106: {
    exitCode: EXIT.usage,
    meaning: "The stack's file is no YAML mapping, or has something that cannot be written again as it is.",
    fix: "Fix the line or the thing that the message names, or restore the file from Git.",
  },
  BG130: {
    exitCode: EXIT.failure,
    meaning: "Pulumi could not carry out the update.",
    fix: "Read Pulumi's message; the same command may be run again.",
  },
  BG131: {
    exitCode: EXIT.needsPerson,
    meaning: "Another update holds the stack.",
    fix: "Wait for it to end and run the same command again. When you know that it has ended: the same command with `--force-ownership`; if it still runs, both write, and one of the two updates is lost.",
  },
  BG132: {
    exitCode: EXIT.failure,
    meaning: "A change of weights touched more than the route.",
    fix: "Read the last entry of `pulumi stack history` and report it: this should not be possible.",
  },
  BG133: {
    exitCode: EXIT.usage,
    meaning: "The program refuses the update, and nothing was changed.",
    fix: "Fix each key as the message says, and run the same command again.",
  },
  BG134: {
    exitCode: EXIT.needsPerson,
    meaning:
      "The update failed, and an earlier one was cut off while it created something: Pulumi does not know whether that exists.",
    fix: 'Look whether it does, remove it, `pulumi refresh --clear-pending-creates`, and run the same command again: docs/runbook.md, "An update was cut off while it created something".',
  },
} as const satisfies ErrorKinds;
