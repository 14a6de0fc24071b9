import { parseConfig } from "../../../contract/config/parse.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";

const parsed = new WeakMap<object, StackConfig>();

/** A configuration that was accepted once. */
export function configIn(raw: Readonly<Record<string, string>>): StackConfig {
  const known = parsed.get(raw);
  if (known !== undefined) return known;
  const read = parseConfig(raw);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  parsed.set(raw, read.config);
  return read.config;
}
