/** A seeded source of choices: the same seed, the same inputs (mulberry32, public domain, by Tommy Ettinger). */
export class Choices {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 to below 1. */
  part(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.part() * end);
  }

  one<T>(of: readonly T[], otherwise: T): T {
    return of[this.below(of.length)] ?? otherwise;
  }
}

/** A seed of its own for each name, so that one parser alone gets the inputs that it gets among all. */
export function seedOf(name: string, seed: number): number {
  let hash = seed;
  for (const character of name) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash;
}
