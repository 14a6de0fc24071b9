import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Validator } from "@cfworker/json-schema";
import { isRecord } from "../../contract/config/field.ts";
import { schemaFile } from "../../tools/result-schemas/result-files.ts";

const root = join(import.meta.dirname, "..", "..");

/** What of a verb's `--json` is not as the schema has it that it names. */
export function againstSchema(result: unknown): readonly string[] {
  const named = isRecord(result) ? String(result["schema"]) : "";
  const [, name] = /^([a-z-]+)\/\d+$/.exec(named) ?? [];
  if (name === undefined) return [`it names no schema: ${named}`];
  const schema: unknown = JSON.parse(readFileSync(join(root, schemaFile(name)), "utf8"));
  if (!isRecord(schema)) return [`${name} has no schema`];
  return new Validator(schema, "7", false)
    .validate(result)
    .errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
}

/** @throws Error when the last line of what a verb has printed is JSON, and not as its schema has it. */
export function holdsToSchema(stdout: string): void {
  const last = stdout.trim().split("\n").at(-1) ?? "";
  // Of one that was killed there may be nothing, or a part.
  if (!last.startsWith("{") || !last.endsWith("}")) return;
  const problems = againstSchema(JSON.parse(last));
  if (problems.length > 0) throw new Error(`not as its schema has it:\n${problems.join("\n")}\n${last}`);
}
