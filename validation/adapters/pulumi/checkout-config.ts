import { rawOfModel, withoutNamespaces } from "../../../contract/config/own-keys.ts";
import { readStackFile, valuesOf } from "./stack-file.ts";

/**
 * The configuration of a stack file as Pulumi would give it to the program: bare keys, values as text. Secrets
 * are left out: nothing that reads this needs one. undefined: there is no such file. `model`: whose keys are bare; those of
 * others are left out where it has any itself, and else may be its own under a wrong name.
 */
export async function checkoutConfig(
  path: string,
  project: string,
  model = project,
): Promise<Readonly<Record<string, string>> | undefined> {
  const file = await readStackFile(path, project, model);
  if (file === undefined) return undefined;
  const values = rawOfModel(valuesOf(file), { project, model });
  const keys = Object.keys(values);
  const hasOwn = keys.some((key) => !key.includes(":"));
  const others = keys.flatMap((key) => (key.includes(":") ? [key.slice(0, key.indexOf(":"))] : []));
  return hasOwn ? withoutNamespaces(values, others) : values;
}
