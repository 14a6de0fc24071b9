import { rawOfModel, withoutNamespaces } from "../../../contract/config/own-keys.ts";
import { readStackFile, valuesOf, type StackFile } from "./stack-file.ts";

/**
 * The configuration of a stack file as Pulumi would give it to the program: bare keys, values as text. Secrets
 * are left out: nothing that reads this needs one. undefined: there is no such file.
 */
export async function checkoutConfig(
  path: string,
  project: string,
  model = project,
): Promise<Readonly<Record<string, string>> | undefined> {
  const file = await readStackFile(path, project, model);
  return file && ofItsModel(file);
}

/** What one model reads of the file. Other models' keys are left out where it has any itself: else they may be its own under a wrong name. */
export function ofItsModel(file: StackFile): Readonly<Record<string, string>> {
  const values = rawOfModel(valuesOf(file), file);
  const keys = Object.keys(values);
  if (!keys.some((key) => !key.includes(":"))) return values;
  return withoutNamespaces(
    values,
    keys.flatMap((key) => NAMESPACE.exec(key)?.[1] ?? []),
  );
}

/** Of the providers' some keys mean something to the tools (`aws:region`), and none is taken for a model's. */
const NAMESPACE = /^(?!aws:|awsx:|pulumi:)([^:]+):/;
