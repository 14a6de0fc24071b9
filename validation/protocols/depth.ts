/** What reads a value calls itself for each level, and V8's stack ends at some thousand; no answer of a model has so many. */
export const MOST_LEVELS = 500;

/** Whether JSON text is nested deeper than anybody reads; brackets in its texts do not count. */
export function isTooDeep(text: string): boolean {
  let levels = 0;
  for (const [found] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/gs)) {
    if (found === "[" || found === "{") levels += 1;
    else if (found === "]" || found === "}") levels -= 1;
    if (levels > MOST_LEVELS) return true;
  }
  return false;
}
