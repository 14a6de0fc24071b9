import { isRecord } from "../../contract/field.ts";

/** One example of the golden set: what to send, and what is right. */
export interface Example {
  /** The line without its label, as JSON. */
  readonly body: string;
  readonly label: unknown;
}

/**
 * Reads a golden set: one JSON object a line, its `label` is the right prediction and all else the request.
 * Answers with the problem when a line is not so, or there is none.
 */
export function readGolden(text: string): readonly Example[] | string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const examples: Example[] = [];
  for (const [index, line] of lines.entries()) {
    const parsed = parse(line);
    if (!isRecord(parsed) || parsed["label"] === undefined) {
      return `line ${index + 1} is no JSON object with a label`;
    }
    const { label, ...request } = parsed;
    examples.push({ body: JSON.stringify(request), label });
  }
  return examples.length === 0 ? "it has no examples" : examples;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Reported by the caller with the number of the line.
    return undefined;
  }
}
