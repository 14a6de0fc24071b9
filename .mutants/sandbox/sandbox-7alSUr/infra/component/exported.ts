import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../../contract/config/field.ts";
import { problem, showProblems } from "../../contract/checks/problem.ts";
import { modelsIn } from "../../contract/names/model-outputs.ts";
import { firstValue } from "../names.ts";

/**
 * Refuses a program that does not export the outputs of a model: without them the next update could not tell what it does
 * to the model's users. Told at the end of a preview or an update, as soon as all outputs are known. It looks at the program and
 * not at what is deployed, so a first update that failed half way, which leaves no outputs either, is not refused.
 * @param made settles when everything of the model is registered; rejects with a refusal that is told by itself.
 */
export async function refuseUnexported(model: string, made: Promise<unknown>): Promise<void> {
  const stack = pulumi.runtime.getStackResource();
  if (stack === undefined || !(await made.then(done, failed))) return;
  // A program that fails has said why.
  const exported = await firstValue(stack.outputs).catch(failed);
  if (exported === false || exported === undefined) return;
  if (modelsIn(isRecord(exported) ? exported : {}, pulumi.getProject()).includes(model)) return;
  const allowed = "an output of the stack, where the next update reads what it may do to users";
  const fix = `export const ${model.replaceAll(/[^A-Za-z0-9]/g, "_")} = <the BlueGreenService of that name>.outputs`;
  throw new pulumi.RunError(showProblems([problem(`${model}.outputs`, "not exported", allowed, fix)]));
}

const done = () => true;
const failed = () => false;
