import { readStackFile, valuesOf } from "./stack-file.ts";

/**
 * The configuration of a stack file as Pulumi would give it to the program: bare keys, values as text. Secrets
 * are left out: nothing that reads this needs one. undefined: there is no such file.
 */
export async function checkoutConfig(
  path: string,
  project: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const file = await readStackFile(path, project);
  return file && valuesOf(file);
}
