import { parseDocument, type Document } from "yaml";

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
