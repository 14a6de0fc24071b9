import { isObject } from "../json.ts";

/** The words of a JSON pointer (RFC 6901). */
const wordsOf = (pointer: string) =>
  pointer
    .split("/")
    .slice(1)
    .map((word) => word.replaceAll("~1", "/").replaceAll("~0", "~"));

function member(value: unknown, word: string): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(word) ? value[Number(word)] : undefined;
  return isObject(value) && Object.hasOwn(value, word) ? value[word] : undefined;
}

/** What a pointer points at; undefined: nothing. */
export function pointedAt(root: unknown, pointer: string): unknown {
  return wordsOf(pointer).reduce(member, root);
}

/** The same value without what the pointers point at; `*` is every member of a list or an object. */
export function withoutPointed(root: unknown, pointers: readonly string[]): unknown {
  return pointers.reduce((value, pointer) => without(value, wordsOf(pointer)), root);
}

function without(value: unknown, [word, ...rest]: readonly string[]): unknown {
  if (word === undefined) return undefined;
  const isHit = (name: string) => word === "*" || word === name;
  if (Array.isArray(value)) {
    return value.map((one: unknown, at) => (isHit(String(at)) ? (without(one, rest) ?? null) : one));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, one]): [string, unknown] => [name, isHit(name) ? without(one, rest) : one])
      .filter(([, one]) => one !== undefined),
  );
}
