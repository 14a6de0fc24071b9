import { isRecord } from "../../contract/config/field.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import type { SuitePolicy } from "../../contract/config/suite.ts";
import { UserError } from "../errors.ts";
import { messageOf } from "../reading.ts";
import { readCsv } from "./golden-csv.ts";
import { settingsOf } from "./settings.ts";

/** One example of the golden set: what to send, and what is right. */
export interface Example {
  /** As its author calls it; absent: it has no name but its place. */
  readonly id?: string;
  /** What is asked, as its author wrote it for one server; the protocol makes it a request of another. */
  readonly input: unknown;
  /** Sent as it is, whatever the protocol; absent: the protocol makes the request. */
  readonly request?: unknown;
  readonly label: unknown;
  /** Of which parts of all users it is one: `{ country: "DE" }`. */
  readonly slice?: Readonly<Record<string, string>>;
}

export interface GoldenSet {
  readonly goldenSet: string;
  /** The settings that go with it: the stack's, or those of the file that it names. */
  readonly suite: SuitePolicy;
  readonly examples: readonly Example[];
}

const OF_THE_EXAMPLE = "examples/digits/golden.jsonl";

/** The golden set of this run, the configured one, or on the local cloud that of the example. Throws UserError. */
export async function goldenOf(
  readFile: (path: string) => Promise<string>,
  config: Pick<StackConfig, "suite" | "localCloud">,
  given?: string,
): Promise<GoldenSet> {
  const suite = await settingsOf(readFile, config);
  const { localCloud } = config;
  const goldenSet = given ?? suite.goldenSet ?? (localCloud === undefined ? undefined : OF_THE_EXAMPLE);
  if (goldenSet === undefined) throw new UserError("BG181", "None is configured.");
  const text = await readFile(goldenSet).catch((error: unknown) => {
    throw new UserError("BG181", messageOf(error));
  });
  const examples = readGolden(text, goldenSet);
  if (typeof examples === "string") throw new UserError("BG181", `${goldenSet}: ${examples}.`);
  return { goldenSet, examples, suite };
}

/** Of many problems a person reads the first. */
const MOST_TOLD = 10;

/**
 * Reads a golden set, of CSV when its name ends so, else of one JSON object a line (docs/serving/suite.md). Answers with all
 * problems when there are such, or no examples.
 */
export function readGolden(text: string, name = ""): readonly Example[] | string {
  const lines = /\.csv$/i.test(name) ? readCsv(text) : jsonLines(text);
  if (typeof lines === "string") return lines;
  const examples: Example[] = [];
  const problems: string[] = [];
  const seen = new Map<string, number>();
  for (const { line, value } of lines) {
    const example = exampleOf(value);
    if (typeof example === "string") {
      problems.push(`line ${line} ${example}`);
      continue;
    }
    const { id } = example;
    const before = id === undefined ? undefined : seen.get(id);
    if (before !== undefined) problems.push(`line ${line} has the id of line ${before}, ${id}`);
    else if (id !== undefined) seen.set(id, line);
    examples.push(example);
  }
  if (problems.length > MOST_TOLD)
    problems.splice(MOST_TOLD, Infinity, `and ${problems.length - MOST_TOLD} more`);
  if (problems.length > 0) return problems.join("; ");
  return examples.length === 0 ? "it has no examples" : examples;
}

interface Line {
  /** Its number in the file, from 1. */
  readonly line: number;
  readonly value: unknown;
}

const jsonLines = (text: string): readonly Line[] =>
  text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .flatMap((one, index) => (one.trim() === "" ? [] : [{ line: index + 1, value: parse(one) }]));

/** Members of a line that says more of an example than its request and what is right. */
const NAMED = new Set(["id", "input", "request", "label", "slice"]);

/** The example of one line, or what is wrong with it. */
function exampleOf(value: unknown): Example | string {
  if (!isRecord(value) || value["label"] === undefined) return "is no JSON object with a label";
  const { label, ...rest } = value;
  if (!isNamed(rest)) return { input: rest, label };
  const { id, input = rest["request"], request, slice } = rest;
  if (id !== undefined && (typeof id === "object" || id === "")) return "has an id that is no text";
  const parts = slice === undefined ? undefined : sliceOf(slice);
  if (slice !== undefined && parts === undefined)
    return 'has a slice that is no object of texts, like {"country":"DE"}';
  return {
    ...(id === undefined ? {} : { id: String(id) }),
    input,
    ...(request === undefined ? {} : { request }),
    label,
    ...(parts === undefined ? {} : { slice: parts }),
  };
}

/**
 * `{"input": …, "label": …}` alone is a request that has an `input`, as it was before there were other forms; with an
 * `id` or a `slice` beside it, it is an example whose input that is. `{"request": …, "label": …}` is sent as it is.
 */
function isNamed(rest: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(rest);
  if (!names.every((name) => NAMED.has(name))) return false;
  return "request" in rest || ("input" in rest && ("id" in rest || "slice" in rest));
}

function sliceOf(slice: unknown): Readonly<Record<string, string>> | undefined {
  if (!isRecord(slice)) return undefined;
  const parts = Object.entries(slice);
  const isText = (value: unknown) => ["string", "number", "boolean"].includes(typeof value);
  return parts.every(([, value]) => isText(value))
    ? Object.fromEntries(parts.map(([name, value]) => [name, String(value)]))
    : undefined;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Reported by the caller with the number of the line.
    return undefined;
  }
}
