import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** The project, and the names that a stack has on AWS. */
export const NAMES_ERRORS = {
  BG400: {
    exitCode: EXIT.usage,
    meaning: "The stack has no model of this name.",
    fix: "Name one that there is: the same command with `--model <name>`.",
  },
  BG401: {
    exitCode: EXIT.usage,
    meaning: "The stack has several models, and none of them is called as the project.",
    fix: "Say which one: the same command with `--model <name>`, or BLUEGREEN_MODEL.",
  },
  BG402: {
    exitCode: EXIT.usage,
    meaning: "The route is another model's than the one that is named.",
    fix: "Leave out `--model`, or name the route of that model.",
  },
  BG210: {
    exitCode: EXIT.usage,
    meaning: "The name of the Pulumi project cannot be read.",
    fix: "Give Pulumi.yaml its `name`.",
  },
  BG211: {
    exitCode: EXIT.usage,
    meaning: "There is no running local cloud to join.",
    fix: "Start it there (`npx bluegreen local`), and name that checkout: `npx bluegreen local --join <checkout>`.",
  },
  BG212: {
    exitCode: EXIT.usage,
    meaning: "There is no project here.",
    fix: "Go to the folder of its Pulumi.yaml, or make a project in an empty folder: `npx bluegreen init <name>`.",
  },
} as const satisfies ErrorKinds;
