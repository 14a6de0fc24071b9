import { parseDocument, type Document } from "yaml";
import { isTooDeep, MOST_LEVELS } from "../../protocols/depth.ts";

/**
 * The YAML of a text, or what is wrong with it: also an alias (`*name`) without its anchor, which is found when it is used.
 * `<<` merges, as in Pulumi's own reader (gopkg.in/yaml.v3); YAML 1.2 would take it for a key of that name.
 */
export function yamlIn(text: string): Document | string {
  if (isTooDeep(text)) return `it is nested more than ${MOST_LEVELS} deep.`;
  const document = parseDocument(text, { logLevel: "error", merge: true });
  const [problem] = document.errors;
  if (problem !== undefined) return problem.message;
  try {
    document.toJS();
    return document;
  } catch (error) {
    if (error instanceof ReferenceError || isNoMapping(error)) return error.message;
    throw error;
  }
}

/** yaml: what it throws where `<<` has something else than mappings. */
const isNoMapping = (error: unknown): error is Error =>
  error instanceof Error && error.message.startsWith("Merge sources must be");
