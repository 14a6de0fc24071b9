import type { Many } from "../many/many.ts";
import { exampleOf, type Example } from "./example.ts";

/** What stands in a line of the file, or in a row of a table. */
export interface GoldenLine {
  /** Its number in the file, from 1. */
  readonly line: number;
  readonly value: unknown;
}

/** Of many problems a person reads the first. */
const MOST_TOLD = 10;

/** Takes the lines of a golden set one after the other, and remembers what is wrong with them; of ids 16 bytes each. */
export class GoldenReading {
  readonly #keep: (example: Example) => void;
  readonly #problems: { readonly line: number; readonly words: string }[] = [];
  /** Of each example that was kept and has an id: its line, and a number made of the id. */
  readonly #lines: number[] = [];
  readonly #hashes: number[] = [];

  constructor(keep: (example: Example) => void) {
    this.#keep = keep;
  }

  take({ line, value }: GoldenLine): void {
    const example = exampleOf(value);
    if (typeof example === "string") {
      this.#problems.push({ line, words: `line ${line} ${example}` });
      return;
    }
    this.#keep(example);
    if (example.id === undefined) return;
    this.#lines.push(line);
    this.#hashes.push(hashOf(example.id));
  }

  /** All that is wrong, in the order of the lines; undefined: nothing. `kept`: what was taken. */
  problemIn(kept: Many<Example>): string | undefined {
    const found = [...this.#problems, ...this.#doubledIn(kept)].toSorted((a, b) => a.line - b.line);
    const told = found.slice(0, MOST_TOLD).map(({ words }) => words);
    if (found.length > MOST_TOLD) told.push(`and ${found.length - MOST_TOLD} more`);
    if (told.length > 0) return told.join("; ");
    return kept.length === 0 ? "it has no examples" : undefined;
  }

  /** Only ids with the same number are looked at, or all ids would be in memory. */
  #doubledIn(kept: Many<Example>) {
    const sorted = Float64Array.from(this.#hashes).toSorted();
    const suspected = new Set(sorted.filter((hash, place) => place > 0 && hash === sorted[place - 1]));
    const seen = new Map<string, number>();
    const doubled: { readonly line: number; readonly words: string }[] = [];
    if (suspected.size === 0) return doubled;
    let place = 0;
    for (const { id } of kept) {
      if (id === undefined) continue;
      const [hash = 0, line = 0] = [this.#hashes[place], this.#lines[place]];
      place += 1;
      if (!suspected.has(hash)) continue;
      const before = seen.get(id);
      if (before === undefined) seen.set(id, line);
      else doubled.push({ line, words: `line ${line} has the id of line ${before}, ${id}` });
    }
    return doubled;
  }
}

/** A whole number of 48 bits, nearly always another one for another text (FNV-1a, twice). */
function hashOf(text: string): number {
  let [low, high] = [0x811c9dc5, 0x1b873593];
  for (let at = 0; at < text.length; at += 1) {
    low = Math.imul(low ^ text.charCodeAt(at), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(at), 0x01000197);
  }
  return (low >>> 0) * 2 ** 16 + ((high >>> 0) & 0xffff);
}
