import { isRecord } from "../config/field.ts";
import type { Raw } from "../config/own-keys.ts";
import type { Problem } from "./problem.ts";
import { DECLARED } from "./key-problems.ts";

/**
 * Keys of ours that stand under the name of another project, all of them or some, as they do when Pulumi.yaml got a new
 * `name` and the stack file did not: they would be ignored, and a stack without a model be open to everybody.
 */
export function strayedKeys(raw: Raw): readonly Problem[] {
  const byNamespace = new Map<string, string[]>();
  for (const [whole, value] of Object.entries(raw)) {
    const [namespace = "", key = ""] = whole.split(":");
    if (isOurs(key, value)) byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), key]);
  }
  return [...byNamespace].map(([namespace, keys]) => ({
    key: `${namespace}:*`,
    got: `configuration of another project: ${keys.join(", ")}`,
    allowed:
      "keys without a namespace, which are those of the project that Pulumi.yaml names; or another name for a key of your own",
    fix: `sed -i.bak 's/^  ${namespace}:/  /' Pulumi.<stack>.yaml`,
  }));
}

/** `activeSlot` and the weights by their names, an object of ours by its fields: others have a `service`, too. */
function isOurs(key: string, value: string): boolean {
  const declared = DECLARED.find(([name]) => name === key)?.[1];
  if (declared === undefined) return false;
  if (!("fields" in declared)) return DISTINCT.includes(key);
  const fields = objectFields(value);
  return fields.length > 0 && fields.every((field) => field in declared.fields);
}

const DISTINCT: readonly string[] = ["activeSlot", "greenWeight", "blueWeight"];

function objectFields(text: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? Object.keys(value) : [];
  } catch {
    return [];
  }
}
