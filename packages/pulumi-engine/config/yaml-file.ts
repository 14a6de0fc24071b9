import { parseDocument, type Document, type Tags } from "yaml";

import { UserError } from "../errors.ts";

/** The time of the parser grows with the square of the levels. Brackets in texts count, too: nobody has so many open. */
const MOST_LEVELS = 200;

function isTooDeep(text: string): boolean {
  let levels = 0;
  for (const [bracket] of text.matchAll(/[[{\]}]/g)) {
    levels = bracket === "[" || bracket === "{" ? levels + 1 : Math.max(0, levels - 1);
    if (levels > MOST_LEVELS) return true;
  }
  return false;
}

/**
 * The YAML of a file that a person writes. `<<` merges, as in the CLI's YAML library (gopkg.in/yaml.v3). Throws UserError,
 * also for an alias (`*name`) whose anchor is not there, and for a `<<` without mappings.
 */
export function yamlDocument(path: string, text: string, customTags: Tags = []): Document {
  if (isTooDeep(text)) throw new UserError(`${path}: it is nested more than ${MOST_LEVELS} deep`);
  const document = parseDocument(text, { customTags, logLevel: "error", merge: true });
  const [problem] = document.errors;
  if (problem !== undefined) throw new UserError(`${path}: ${problem.message}`);
  try {
    document.toJS();
    return document;
  } catch (error) {
    if (error instanceof ReferenceError || isNoMapping(error))
      throw new UserError(`${path}: ${error.message}`);
    throw error;
  }
}

/** yaml: what it throws where `<<` has something else than mappings. */
const isNoMapping = (error: unknown): error is Error =>
  error instanceof Error && error.message.startsWith("Merge sources must be");
