import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** The local cloud, the engine and the installation. */
export const LOCAL_ERRORS = {
  BG150: {
    exitCode: EXIT.usage,
    meaning: "A local cloud runs here already.",
    fix: "Use it, or stop it first: Ctrl-C in its terminal.",
  },
  BG151: {
    exitCode: EXIT.usage,
    meaning: "The port of the local cloud is taken by another program.",
    fix: "Choose another one: `npx bluegreen local --port <port>`.",
  },
  BG152: {
    exitCode: EXIT.usage,
    meaning: "No local cloud runs here.",
    fix: "Start it in another terminal: `npx bluegreen local`.",
  },
  BG153: {
    exitCode: EXIT.usage,
    meaning: "It is not clear which stack is meant.",
    fix: "Start the local cloud (`npx bluegreen local`) for the stack `local`, or name another one: `--stack <name>`, or BLUEGREEN_STACK.",
  },
  BG154: {
    exitCode: EXIT.usage,
    meaning: "There is no `pulumi` command, and the embedded engine serves the local cloud only.",
    fix: "Install the Pulumi CLI and put it on PATH, or use `--stack local`.",
  },
  BG155: {
    exitCode: EXIT.usage,
    meaning: "The region of the stack is not known.",
    fix: "Name one that there is, or `pulumi config set aws:region <region>`, or set AWS_REGION.",
  },
  BG156: {
    exitCode: EXIT.usage,
    meaning: "The local cloud or its engine cannot go on as asked.",
    fix: "Do what the message says.",
  },
  BG157: {
    exitCode: EXIT.usage,
    meaning: "The checkout is not installed: `npm ci` has not run here, or was cut off.",
    fix: "Run it, again if need be: `npm ci`.",
  },
  BG158: {
    exitCode: EXIT.usage,
    meaning: "This Node is too old for the project.",
    fix: "Begin with `npx bluegreen` or `npm run`, which bring their own Node, or put a newer one on PATH.",
  },
  BG159: {
    exitCode: EXIT.usage,
    meaning: "The engine that is asked for cannot carry out the local stack.",
    fix: "Install the Pulumi CLI, or unset BLUEGREEN_ENGINE; a stack stays with the engine that made it, so remove .local/ to begin anew with another one.",
  },
} as const satisfies ErrorKinds;
