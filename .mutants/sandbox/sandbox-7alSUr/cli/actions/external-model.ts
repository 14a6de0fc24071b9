import { given } from "../../contract/config/model-service.ts";
import { UserError } from "../../validation/errors.ts";

/** What `deploy` was given of a model that something else runs. */
export interface ExternalAnswer {
  /** An image, or a model of a registry. */
  readonly model: string | undefined;
  readonly external: boolean;
  readonly digest: string | undefined;
  /** Options that are about tasks of the stack, by what they are called. */
  readonly ofTasks: Readonly<Record<string, unknown>>;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** What was rolled out, as `deploy` takes it: nobody pulls it, so a digest is enough. Throws UserError. */
export function modelGiven({ model, external, digest, ofTasks }: ExternalAnswer): string {
  if (!external) {
    if (digest !== undefined) throw new UserError("BG350", "--digest goes with --external.");
    if (model === undefined) throw new UserError("BG350", "Neither a model nor --external is given.");
    return model;
  }
  const odd = Object.keys(given(ofTasks));
  if (odd.length > 0) {
    const options = odd.map((name) => `--${name}`).join(", ");
    throw new UserError("BG350", `${options}: the stack runs no tasks there, set it where the model runs.`);
  }
  if (model !== undefined && digest !== undefined) {
    throw new UserError("BG350", `Both ${model} and --digest are given, allowed is one of them.`);
  }
  if (digest !== undefined && !DIGEST.test(digest)) {
    throw new UserError("BG350", `The digest is ${digest}, allowed is sha256: and 64 hex digits.`);
  }
  const said = digest === undefined ? model : `external@${digest}`;
  if (said === undefined) throw new UserError("BG350", "Neither a digest nor a model is given.");
  return said;
}
