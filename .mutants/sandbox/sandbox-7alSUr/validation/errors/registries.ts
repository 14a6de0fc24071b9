import { EXIT } from "../outcome.ts";
import type { ErrorKinds } from "./kind.ts";

/** Where models come from. */
export const REGISTRY_ERRORS = {
  BG187: {
    exitCode: EXIT.usage,
    meaning: "The registry has no such model, or it cannot be read.",
    fix: "`npx bluegreen deploy` with a reference that is there (docs/serving/registries.md), or with the image and `--model-version`.",
  },
  BG188: {
    exitCode: EXIT.usage,
    meaning: "Nobody says which version of the model the image is.",
    fix: "`npx bluegreen deploy <image> --model-version <version>`, or a model of a registry (docs/serving/registries.md).",
  },
  BG330: {
    exitCode: EXIT.needsPerson,
    meaning: "The registry does not release this version for use.",
    fix: "Approve it there, with the command above where there is one, and `npx bluegreen deploy` it again.",
  },
  BG331: {
    exitCode: EXIT.usage,
    meaning: "The registry does not say which image, or which version, this model is.",
    fix: "Say it there, with the command above, or `npx bluegreen deploy <image> --model-version <version>`.",
  },
  BG332: {
    exitCode: EXIT.failure,
    meaning: "Not everything could be written to the registry. The stack and its users are as they were.",
    fix: "`npx bluegreen sync --registry` once the registry answers.",
  },
} as const satisfies ErrorKinds;
