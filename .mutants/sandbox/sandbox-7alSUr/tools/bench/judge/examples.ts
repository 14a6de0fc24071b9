import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const text = readFileSync(join(import.meta.dirname, "../../../docs/fleet/judge.md"), "utf8");

/** The example below a heading of docs/fleet/judge.md, as it stands there. */
export function exampleText(heading: string): string {
  const [, section = ""] = text.split(`\n## ${heading}\n`);
  const [, block] = /```(?:json|yaml)\n([\s\S]*?)```/.exec(section) ?? [];
  if (block === undefined) throw new Error(`docs/fleet/judge.md has no example below ${heading}`);
  return block;
}

/** Parsed: JSON is YAML, too. */
export const example = (heading: string): unknown => parse(exampleText(heading));
