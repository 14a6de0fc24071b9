import * as pulumi from "@pulumi/pulumi";
import { isLeftOut, writerIn } from "../../contract/transition/writer.ts";
import { lastOutputs } from "../checks/previous.ts";
import { OvertakenError } from "../config.ts";

/** What an update that cannot touch a model makes of one that no update has deployed yet: nothing. */
class NotDeployedError extends Error {}

/**
 * `--target` keeps every resource of such a model from being made, but Pulumi's CLI has remote components (awsx) expanded
 * all the same, of what is not known then, and their failure ends the update, which is a revert (seen with 3.259).
 * @throws NotDeployedError
 */
export async function refuseNewIfLeftOut(model: string): Promise<void> {
  if (!isLeftOut(model, writerIn(process.env))) return;
  if (Object.keys(await lastOutputs(model)).length > 0) return;
  throw new NotDeployedError("no update has deployed it yet");
}

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
    // The update before has exported it by this very function; of a model that is not deployed there is nothing to export.
    return (error instanceof NotDeployedError ? undefined : await lastOutputs(model)) as T;
  });
}

/** The same of the one output by which programs name a model's address. */
export function urlOrLast(model: string, url: Promise<pulumi.Output<string>>): pulumi.Output<string> {
  if (!isLeftOut(model, writerIn(process.env))) return pulumi.output(url);
  const last = async (error: unknown) => {
    if (error instanceof OvertakenError) throw error;
    // As above.
    return (await lastOutputs(model))["url"] as string;
  };
  return pulumi.output(url.catch(last));
}

/** Whoever reads the outputs of such a model is told of its refusal; nobody else has to be. */
export function unlessLeftOut(model: string, made: Promise<unknown>): void {
  if (isLeftOut(model, writerIn(process.env))) made.catch(() => {});
}
