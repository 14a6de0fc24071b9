import { InvalidArgumentError } from "commander";

/** Lists and objects are given as JSON. */
export function structured(texts: Readonly<Record<string, string>> = {}): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, /^[[{]/.test(text) ? json(text) : text]),
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(
      `It is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** A command of a container. */
export function words(text: string): readonly unknown[] {
  const list = text.startsWith("[") ? json(text) : text.split(/\s+/).filter((word) => word !== "");
  if (Array.isArray(list)) return list;
  throw new InvalidArgumentError("It takes words, or a JSON list of them.");
}
