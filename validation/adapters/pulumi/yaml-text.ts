import { parseDocument, type Document } from "yaml";
import { isTooDeep, MOST_LEVELS } from "../../protocols/depth.ts";

/** The YAML of a text, or what is wrong with it: also an alias (`*name`) without its anchor, which is found when it is used. */
export function yamlIn(text: string): Document | string {
  if (isTooDeep(text)) return `it is nested more than ${MOST_LEVELS} deep.`;
  const document = parseDocument(text, { logLevel: "error" });
  const [problem] = document.errors;
  if (problem !== undefined) return problem.message;
  try {
    document.toJS();
    return document;
  } catch (error) {
    if (error instanceof ReferenceError) return error.message;
    throw error;
  }
}
