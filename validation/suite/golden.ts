import { isRecord } from "../../contract/config/field.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import { UserError } from "../errors.ts";
import { messageOf } from "../reading.ts";

/** One example of the golden set: what to send, and what is right. */
export interface Example {
  /** What is asked, as its author wrote it for one server; the protocol makes it a request of another. */
  readonly input: unknown;
  /** Sent as it is, whatever the protocol; absent: the protocol makes the request. */
  readonly request?: unknown;
  readonly label: unknown;
}

export interface GoldenSet {
  readonly goldenSet: string;
  readonly examples: readonly Example[];
}

const OF_THE_EXAMPLE = "examples/digits/golden.jsonl";

/** The golden set of this run, the configured one, or on the local cloud that of the example. Throws UserError. */
export async function goldenOf(
  readFile: (path: string) => Promise<string>,
  { suite, localCloud }: StackConfig,
  given?: string,
): Promise<GoldenSet> {
  const goldenSet = given ?? suite.goldenSet ?? (localCloud === undefined ? undefined : OF_THE_EXAMPLE);
  if (goldenSet === undefined) throw new UserError("BG181", "None is configured.");
  const text = await readFile(goldenSet).catch((error: unknown) => {
    throw new UserError("BG181", messageOf(error));
  });
  const examples = readGolden(text);
  if (typeof examples === "string") throw new UserError("BG181", `${goldenSet}: ${examples}.`);
  return { goldenSet, examples };
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
    const { label, ...input } = parsed;
    examples.push({ input, label });
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
