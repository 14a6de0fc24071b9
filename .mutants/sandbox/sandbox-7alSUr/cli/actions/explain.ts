import { readFile } from "node:fs/promises";
import { UserError } from "../../validation/errors.ts";
import { attempt } from "../../validation/reading.ts";
import { explanation } from "../../validation/report/explain.ts";
import { isEvidence } from "../../validation/report/read-evidence.ts";

/** `npx bluegreen explain <evidence.json>`: needs no stack and no cloud. */
export async function explain(path: string): Promise<string> {
  const parsed = parsedJson(path, await textOf(path));
  if (isEvidence(parsed)) return explanation(parsed);
  throw new UserError("BG200", `${path} is JSON, but not a record of a check.`);
}

export async function textOf(path: string): Promise<string> {
  const read = await attempt(() => readFile(path, "utf8"));
  if (read.readable) return read.value;
  throw new UserError("BG200", `${path} cannot be read (${read.why}).`);
}

export function parsedJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError("BG200", `${path} is no JSON (${error instanceof Error ? error.message : ""}).`);
  }
}
