import type { StackConfig } from "../../contract/config/stack-config.ts";
import type { SuitePolicy } from "../../contract/config/suite.ts";
import { UserError } from "../errors.ts";
import { messageOf } from "../reading.ts";
import { readCsv } from "./golden/csv.ts";
import type { Example } from "./golden/example.ts";
import { GoldenReading, type GoldenLine } from "./golden/reading.ts";
import { inMemory, Kept, type OpenScratch } from "./many/kept.ts";
import { picked, type Many } from "./many/many.ts";
import { settingsOf } from "./settings.ts";

export type { Example } from "./golden/example.ts";

export interface GoldenSet extends GoldenPlace {
  readonly examples: readonly Example[];
}

/** Where a golden set is, and the settings that go with it. */
interface GoldenPlace {
  readonly goldenSet: string;
  /** The settings that go with it: the stack's, or those of the file that it names. */
  readonly suite: SuitePolicy;
}

const OF_THE_EXAMPLE = "examples/digits/golden.jsonl";

type ReadText = (path: string) => Promise<string>;

/** The golden set of this run, the configured one, or on the local cloud that of the example. Throws UserError. */
export async function goldenOf(
  readFile: ReadText,
  config: Pick<StackConfig, "suite" | "localCloud">,
  given?: string,
): Promise<GoldenSet> {
  const place = await placeOf(readFile, config, given);
  const text = await read(() => readFile(place.goldenSet));
  const examples = readGolden(text, place.goldenSet);
  if (typeof examples === "string") throw unusable(place, examples);
  return { ...place, examples };
}

/** How a golden set of any size is read; without `linesOf`, and of CSV, the file is once in memory as a whole. */
export interface GoldenTools {
  readonly readFile: ReadText;
  readonly linesOf?: (path: string) => AsyncIterable<string>;
  readonly openScratch?: OpenScratch;
}

/** The same golden set, of which nothing stays in memory. Throws UserError. */
export async function goldenKept(
  { readFile, linesOf, openScratch = inMemory }: GoldenTools,
  config: Pick<StackConfig, "suite" | "localCloud">,
  given?: string,
): Promise<GoldenPlace & { readonly examples: Many<Example> }> {
  const place = await placeOf(readFile, config, given);
  const { goldenSet } = place;
  const kept = new Kept<Example>(openScratch());
  const reading = new GoldenReading((example) => kept.append(example));
  if (linesOf === undefined || isCsv(goldenSet)) {
    const lines = linesIn(await read(() => readFile(goldenSet)), goldenSet);
    if (typeof lines === "string") throw unusable(place, lines);
    for (const line of lines) reading.take(line);
  } else {
    await read(async () => {
      for await (const line of jsonLines(linesOf(goldenSet))) reading.take(line);
    });
  }
  const problem = reading.problemIn(kept);
  if (problem !== undefined) throw unusable(place, problem);
  return { ...place, examples: kept };
}

async function placeOf(
  readFile: ReadText,
  config: Pick<StackConfig, "suite" | "localCloud">,
  given: string | undefined,
): Promise<GoldenPlace> {
  const suite = await settingsOf(readFile, config);
  const { localCloud } = config;
  const goldenSet = given ?? suite.goldenSet ?? (localCloud === undefined ? undefined : OF_THE_EXAMPLE);
  if (goldenSet === undefined) throw new UserError("BG181", "None is configured.");
  return { goldenSet, suite };
}

const read = async <T>(what: () => Promise<T>): Promise<T> => {
  try {
    return await what();
  } catch (error) {
    throw new UserError("BG181", messageOf(error));
  }
};

const unusable = ({ goldenSet }: GoldenPlace, why: string) => new UserError("BG181", `${goldenSet}: ${why}.`);

/**
 * Reads a golden set, of CSV when its name ends so, else of one JSON object a line (docs/serving/suite.md). Answers with all
 * problems when there are such, or no examples.
 */
export function readGolden(text: string, name = ""): readonly Example[] | string {
  const lines = linesIn(text, name);
  if (typeof lines === "string") return lines;
  const examples: Example[] = [];
  const reading = new GoldenReading((example) => examples.push(example));
  for (const line of lines) reading.take(line);
  return reading.problemIn(examples) ?? examples;
}

const isCsv = (name: string) => /\.csv$/i.test(name);

const linesIn = (text: string, name: string): Iterable<GoldenLine> | string =>
  isCsv(name) ? readCsv(text) : picked(text.split("\n"), (one, place) => jsonLine(one, place + 1));

async function* jsonLines(lines: AsyncIterable<string>): AsyncGenerator<GoldenLine> {
  let place = 0;
  for await (const one of lines) {
    place += 1;
    const line = jsonLine(one, place);
    if (line !== undefined) yield line;
  }
}

/** undefined: it is empty. */
function jsonLine(text: string, line: number): GoldenLine | undefined {
  const own = line === 1 ? text.replace(/^\uFEFF/, "") : text;
  return own.trim() === "" ? undefined : { line, value: parse(own) };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Reported by the caller with the number of the line.
    return undefined;
  }
}
