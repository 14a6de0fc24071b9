import { corpusOf } from "./corpus.ts";
import { mutated, type Material } from "./inputs/mutate.ts";
import { Choices, seedOf } from "./inputs/random.ts";
import { WrongAcceptance, type FuzzedParser, type Taken } from "./parser.ts";

/** More of a processor than this for one input is a hang; a thread that waits for longer is ended by the host. */
export const HANG_MS = 1000;
/** Of faults of one parser so many are told: more of them have one cause. */
const MOST_FAULTS = 5;
const SHRINK_MS = 3000;

export interface FuzzFault {
  readonly kind: "crash" | "hang" | "wrong acceptance";
  readonly message: string;
  /** Base64 of the shortest input that was found for it. */
  readonly input: string;
}

export interface FuzzResult {
  readonly name: string;
  readonly inputs: number;
  readonly accepted: number;
  readonly refused: number;
  readonly seconds: number;
  readonly slowestMs: number;
  readonly faults: readonly FuzzFault[];
}

export interface FuzzBounds {
  readonly seed: number;
  /** The first of the two that is reached ends it; inputs of the corpus are all taken. */
  readonly count: number;
  readonly seconds: number;
}

type Seen = { readonly taken: Taken } | Pick<FuzzFault, "kind" | "message">;

/** Gives a parser its corpus and then mutations of it. `before` hears of each input before the parser does. */
export async function fuzz(
  parser: FuzzedParser,
  { seed, count, seconds }: FuzzBounds,
  before: (input: Buffer) => void = () => {},
): Promise<FuzzResult> {
  const startMs = performance.now();
  const choices = new Choices(seedOf(parser.name, seed));
  const seeds = parser.seeds.map((text) => Buffer.from(text));
  const first = [...seeds, ...corpusOf(parser.name)];
  const material: Material = { pool: seeds, words: parser.words, edits: parser.edits };
  const faults = new Map<string, FuzzFault>();
  const found = { accepted: 0, refused: 0 };
  let [inputs, slowestMs] = [0, 0];
  const isOver = () => inputs >= count || performance.now() - startMs >= seconds * 1000;
  while (inputs < first.length || !isOver()) {
    const input = first[inputs] ?? mutated(material, choices);
    inputs += 1;
    const begunMs = performance.now();
    const seen = await look(parser, input, before);
    slowestMs = Math.max(slowestMs, performance.now() - begunMs);
    if ("taken" in seen) found[seen.taken] += 1;
    else if (!faults.has(keyOf(seen))) faults.set(keyOf(seen), await shortest(parser, input, seen, before));
    if (faults.size >= MOST_FAULTS) break;
  }
  const tookSeconds = (performance.now() - startMs) / 1000;
  return {
    name: parser.name,
    inputs,
    ...found,
    seconds: tookSeconds,
    slowestMs,
    faults: [...faults.values()],
  };
}

/** Two inputs with one cause say the same, but for what they have of the input. */
const keyOf = ({ kind, message }: Pick<FuzzFault, "kind" | "message">) =>
  `${kind} ${message.replaceAll(/["'`].*?["'`]|\d+/g, "")}`;

async function look(parser: FuzzedParser, input: Buffer, before: (input: Buffer) => void): Promise<Seen> {
  before(input);
  // Of this thread's own: what the machine does beside makes nothing a hang.
  const begun = process.threadCpuUsage();
  const seen = await takenBy(parser, input);
  const { user, system } = process.threadCpuUsage(begun);
  const tookMs = (user + system) / 1000;
  return tookMs <= HANG_MS
    ? seen
    : { kind: "hang", message: `it takes more than ${HANG_MS} ms of a processor` };
}

async function takenBy(parser: FuzzedParser, input: Buffer): Promise<Seen> {
  try {
    return { taken: await parser.take(input) };
  } catch (error) {
    const isWrong = error instanceof WrongAcceptance;
    const where = isWrong || !(error instanceof Error) ? "" : placeOf(error.stack ?? "");
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { kind: isWrong ? "wrong acceptance" : "crash", message: `${said.slice(0, 300)}${where}` };
  }
}

/** The first line of ours in a stack. */
const placeOf = (stack: string) => {
  const found =
    /\(?(?:file:\/\/)?[^\s()]*\/((?:agent|cli|contract|packages|validation|verify|watchdog)\/[^\s():]+:\d+)/.exec(
      stack.split("\n").find((line) => /^\s+at /.test(line) && !line.includes("node_modules")) ?? "",
    );
  return found === null ? "" : ` (${found[1]})`;
};

/** Pieces are left out as long as it goes wrong in the same way. */
async function shortest(
  parser: FuzzedParser,
  input: Buffer,
  seen: Pick<FuzzFault, "kind" | "message">,
  before: (input: Buffer) => void,
): Promise<FuzzFault> {
  const endMs = performance.now() + SHRINK_MS;
  let least = input;
  let last = seen;
  for (
    let size = Math.ceil(least.length / 2);
    size >= 1 && seen.kind !== "hang";
    size = Math.floor(size / 2)
  ) {
    for (let at = 0; at < least.length && performance.now() < endMs;) {
      const shorter = Buffer.concat([least.subarray(0, at), least.subarray(at + size)]);
      const now = await look(parser, shorter, before);
      if ("taken" in now || keyOf(now) !== keyOf(seen)) at += size;
      else [least, last] = [shorter, now];
    }
  }
  return { kind: last.kind, message: last.message, input: least.toString("base64") };
}
