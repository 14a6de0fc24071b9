import type { Checkout, Deployed } from "../../../validation/ports.ts";

/** A key of the stack's configuration. */
export interface ConfigRow {
  readonly key: string;
  /** As it is deployed; undefined: a secret, or not set. */
  readonly deployed: string | undefined;
  readonly isSecret: boolean;
  /** As the checkout's stack file has it, where that is another value; absent: the same, or nobody can tell. */
  readonly inFile?: string | undefined;
}

/** Every key that is set. Values of secrets go nowhere. */
export function configRows(
  { raw, secretKeys = [] }: Deployed,
  checkout: Checkout | undefined,
): readonly ConfigRow[] {
  const file = checkout?.values;
  const keys = [...new Set([...Object.keys(raw), ...Object.keys(file ?? {})])].sort();
  return keys.map((key) => {
    if (secretKeys.includes(key)) return { key, deployed: undefined, isSecret: true };
    const [deployed, inFile] = [raw[key], file?.[key]];
    const isSecret =
      checkout?.secretPaths?.some((path) => path === key || path.startsWith(`${key}.`)) ?? false;
    if (
      file === undefined ||
      isSecret ||
      inFile === deployed ||
      (inFile === undefined && isNothing(deployed))
    )
      return { key, deployed, isSecret };
    return { key, deployed, isSecret, inFile: inFile ?? "not set" };
  });
}

/** As the tools write a key that nobody has set. */
const isNothing = (text: string | undefined) => text === undefined || ["", "0", "{}", "[]"].includes(text);
