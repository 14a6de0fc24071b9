export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What reads a value calls itself for each level, and V8's stack ends at some thousand; no answer of a model has so many. */
const MOST_LEVELS = 500;

/** Whether JSON text is nested deeper than anybody reads; brackets in its texts do not count. Takes time by the length of the text. */
export function isTooDeep(text: string): boolean {
  let levels = 0;
  let hasOpenText = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"' && !hasOpenText) {
      const end = endOfText(text, at);
      // No later quote ends one either, so none is looked at again: that would take time by the square.
      if (end === undefined) hasOpenText = true;
      else at = end;
    } else if (character === "[" || character === "{") levels += 1;
    else if (character === "]" || character === "}") levels -= 1;
    if (levels > MOST_LEVELS) return true;
  }
  return false;
}

/** Where the quote is that ends the text that begins at `start`; undefined: it never ends. */
function endOfText(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '"') return at;
    if (text[at] === "\\") at += 1;
  }
  return undefined;
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
