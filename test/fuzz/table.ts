import type { FuzzedParser } from "./parser.ts";

type Room = () => Promise<readonly FuzzedParser[]>;
const configuration: Room = async () => (await import("./parsers/configuration.ts")).CONFIGURATION;
const rows: Room = async () => (await import("./parsers/rows.ts")).ROWS;

/** Every reader of text from outside, and where its entry is: loaded when it is its turn, for some load an SDK. */
export const PARSERS: Readonly<Record<string, Room>> = {
  config: configuration,
  step: configuration,
  schedule: configuration,
  "stack-file": configuration,
  "golden-jsonl": rows,
  "golden-csv": rows,
  feedback: rows,
  "signal-rows": rows,
  "label-batch": rows,
  "counts-csv": rows,
  "recorded-requests": rows,
};

/** The entry of that name; `plant`: a parser with a defect, which the fuzzer's own tests look for. */
export async function parserNamed(name: string, plant?: string): Promise<FuzzedParser> {
  if (plant !== undefined) return (await import("./planted.ts")).planted(plant);
  const found = (await PARSERS[name]?.())?.find((parser) => parser.name === name);
  if (found === undefined) throw new Error(`there is no parser ${name}`);
  return found;
}
