import * as pulumi from "@pulumi/pulumi";
import { isLeftOut, writerIn } from "../../contract/transition/writer.ts";
import { lastOutputs } from "../checks/previous.ts";
import { OvertakenError } from "../config.ts";

/**
 * A model that is refused or broken in an update that cannot touch it, a verb's that moves users of another model of the
 * program, exports once more what it did last: no model stands in the way of another one's revert. `T`: what it exports.
 */
export function outputsOrLast<T>(model: string, made: Promise<{ readonly outputs: T }>): Promise<T> {
  const own = made.then(({ outputs }) => outputs);
  if (!isLeftOut(model, writerIn(process.env))) return own;
  return own.catch(async (error: unknown) => {
    if (error instanceof OvertakenError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    await pulumi.log.warn(`${model} stays as it is deployed, for this update is of another model: ${why}`);
    // The update before has exported it by this very function.
    return (await lastOutputs(model)) as T;
  });
}

/** Whoever reads the outputs of such a model is told of its refusal; nobody else has to be. */
export function unlessLeftOut(model: string, made: Promise<unknown>): void {
  if (isLeftOut(model, writerIn(process.env))) made.catch(() => {});
}
