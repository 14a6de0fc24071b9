export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What reads a value calls itself for each level, and V8's stack ends at some thousand; no answer of a model has so many. */
const MOST_LEVELS = 500;

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

/** Undefined: the text is no JSON, or nested too deep. */
export function jsonOf(text: string): unknown {
  try {
    return isTooDeep(text) ? undefined : JSON.parse(text);
  } catch {
    // Bodies and events are what they are; whoever asks says what to do with one that is none.
    return undefined;
  }
}
