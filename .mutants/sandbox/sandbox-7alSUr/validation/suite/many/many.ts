/** What is read one after the other, or by its place, and need not be in memory at once; a list is one, too. */
export interface Many<T> extends Iterable<T> {
  readonly length: number;
  at(index: number): T | undefined;
  entries(): Iterable<[number, T]>;
}

/** Each read anew whenever somebody goes through it. */
class Mapped<T, U> implements Many<U> {
  readonly #from: Many<T>;
  readonly #to: (one: T, place: number) => U;
  readonly length: number;

  constructor(from: Many<T>, to: (one: T, place: number) => U, length: number) {
    this.#from = from;
    this.#to = to;
    this.length = length;
  }

  at(index: number): U | undefined {
    const one = index < this.length ? this.#from.at(index) : undefined;
    return one === undefined ? undefined : this.#to(one, index);
  }

  *entries(): Iterable<[number, U]> {
    for (const [place, one] of this.#from.entries()) {
      if (place >= this.length) return;
      yield [place, this.#to(one, place)];
    }
  }

  *[Symbol.iterator]() {
    for (const [, one] of this.entries()) yield one;
  }
}

export const mapped = <T, U>(from: Many<T>, to: (one: T, place: number) => U): Many<U> =>
  new Mapped(from, to, from.length);

/** The first so many of them. */
export const firstOf = <T>(from: Many<T>, length: number): Many<T> =>
  length >= from.length ? from : new Mapped(from, (one) => one, length);

/** What is picked of each; undefined: nothing. It is picked anew whenever somebody goes through it. */
export const picked = <T, U>(
  from: Iterable<T>,
  pick: (one: T, place: number) => U | undefined,
): Iterable<U> => ({
  *[Symbol.iterator]() {
    let place = 0;
    for (const one of from) {
      const found = pick(one, place);
      place += 1;
      if (found !== undefined) yield found;
    }
  },
});

/** At most so many, as a list. */
export function listOf<T>(from: Iterable<T>, most = Number.POSITIVE_INFINITY): readonly T[] {
  const list: T[] = [];
  for (const one of from) {
    if (list.length >= most) break;
    list.push(one);
  }
  return list;
}

export function count<T>(from: Iterable<T>, matches: (one: T) => boolean): number {
  let found = 0;
  for (const one of from) if (matches(one)) found += 1;
  return found;
}

/** The first that matches. */
export function find<T>(from: Iterable<T>, matches: (one: T) => boolean): T | undefined {
  for (const one of from) if (matches(one)) return one;
  return undefined;
}

export const some = <T>(from: Iterable<T>, matches: (one: T) => boolean): boolean =>
  find(from, matches) !== undefined;

export const every = <T>(from: Iterable<T>, matches: (one: T) => boolean): boolean =>
  !some(from, (one) => !matches(one));
