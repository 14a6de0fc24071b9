import { PROJECT } from "../../contract/config.ts";
import { isRecord } from "../../contract/field.ts";
import { readStackFile } from "./stack-file.ts";

/**
 * The configuration of a stack file as Pulumi would give it to the program: qualified keys, values as text. Secrets
 * are left out: nothing that reads this needs one. undefined: there is no such file.
 */
export async function checkoutConfig(path: string): Promise<Readonly<Record<string, string>> | undefined> {
  const file: unknown = (await readStackFile(path))?.toJS();
  if (file === undefined) return undefined;
  const config = isRecord(file) && isRecord(file["config"]) ? file["config"] : {};
  const open = Object.entries(config).filter(([, value]) => !(isRecord(value) && "secure" in value));
  return Object.fromEntries(
    open.map(([key, value]) => [
      // Pulumi reads a key without a namespace as one of the project's own.
      key.includes(":") ? key : `${PROJECT}:${key}`,
      typeof value === "object" ? JSON.stringify(value) : String(value),
    ]),
  );
}
