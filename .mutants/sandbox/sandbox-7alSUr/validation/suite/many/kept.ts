import { deserialize, serialize } from "node:v8";
import type { Many } from "./many.ts";

/** Bytes beside the memory: what was appended is read again at once. */
export interface Scratch {
  append(bytes: Uint8Array): void;
  /** Valid until the next call. */
  read(at: number, length: number): Uint8Array;
}

/** Opens a new one. */
export type OpenScratch = () => Scratch;

/** So many offsets at once, or each growth would copy all that there are. */
const CHUNK = 4096;

/** So many stay in memory as they are: most sets have no more, and are gone through many times. */
const IN_MEMORY = 4096;

/**
 * Examples or answers, of which beyond the first thousands only where they are is in memory: 8 bytes each. They come back
 * as they were, NaN and what is undefined included (the structured clone algorithm, node:v8).
 */
export class Kept<T> implements Many<T> {
  readonly #scratch: Scratch;
  readonly #first: T[] = [];
  /** Of the others, where each ends. */
  readonly #ends: Float64Array[] = [];
  #length = 0;

  constructor(scratch: Scratch) {
    this.#scratch = scratch;
  }

  get length(): number {
    return this.#length;
  }

  append(one: T): void {
    if (this.#length < IN_MEMORY) {
      this.#first.push(one);
      this.#length += 1;
      return;
    }
    const bytes = serialize(one);
    const index = this.#length - IN_MEMORY;
    const end = this.#endOf(index - 1) + bytes.length;
    this.#scratch.append(bytes);
    const place = index % CHUNK;
    if (place === 0) this.#ends.push(new Float64Array(CHUNK));
    const chunk = this.#ends.at(-1);
    if (chunk !== undefined) chunk[place] = end;
    this.#length += 1;
  }

  at(index: number): T | undefined {
    if (index < IN_MEMORY) return this.#first[index];
    if (index >= this.#length) return undefined;
    const place = index - IN_MEMORY;
    const begin = this.#endOf(place - 1);
    // What was serialized here has the type that it had.
    return deserialize(this.#scratch.read(begin, this.#endOf(place) - begin)) as T;
  }

  *entries(): Iterable<[number, T]> {
    yield* this.#first.entries();
    for (let place = IN_MEMORY; place < this.#length; place += 1) {
      const one = this.at(place);
      if (one !== undefined) yield [place, one];
    }
  }

  *[Symbol.iterator]() {
    for (const [, one] of this.entries()) yield one;
  }

  #endOf(index: number): number {
    return this.#ends[Math.floor(index / CHUNK)]?.[index % CHUNK] ?? 0;
  }
}

/** Where there is no file for it: all of it stays in memory. */
export const inMemory: OpenScratch = () => {
  let bytes = new Uint8Array(1024);
  let length = 0;
  return {
    append(more) {
      if (length + more.length > bytes.length) {
        const larger = new Uint8Array(2 * (length + more.length));
        larger.set(bytes);
        bytes = larger;
      }
      bytes.set(more, length);
      length += more.length;
    },
    read: (at, wanted) => bytes.subarray(at, at + wanted),
  };
};
