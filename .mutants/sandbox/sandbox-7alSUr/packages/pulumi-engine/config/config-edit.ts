import { isSecure } from "./config.ts";
import { UserError } from "../errors.ts";
import { parsePath, type PathSegment } from "../values/property-path.ts";
import { isRecord } from "../values/values.ts";

/** What a `config set` or `config rm` means: a whole key, or with `--path` a place inside it. */
export interface ConfigPlace {
  /** As typed, its namespace perhaps left out. */
  key: string;
  /** Inside the key's value; empty: the whole value. */
  path: PathSegment[];
}

export function configPlace(typed: string, isPath: boolean): ConfigPlace {
  if (!isPath) return { key: typed, path: [] };
  const colon = typed.indexOf(":");
  const [head, ...path] = parsePath(typed.slice(colon + 1));
  return { key: typed.slice(0, colon + 1) + String(head), path };
}

/**
 * The value that a text given for a place becomes. Pulumi: inside an object, `true`/`false` and integers without a
 * leading zero are typed, everything else (0.05 too) stays a text; a whole key always is a text.
 */
export function configText(text: string, path: PathSegment[]): unknown {
  if (path.length === 0) return text;
  if (text === "true" || text === "false") return text === "true";
  const startsWithZero = text.length > 1 && text.startsWith("0");
  if (!startsWithZero && /^[+-]?\d+$/.test(text)) return Number(text);
  return text;
}

/** `value` with `leaf` at `path`; containers on the way are made, a list may grow by one. Throws UserError. */
export function setAt(value: unknown, path: PathSegment[], leaf: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return leaf;
  if (isSecure(value)) throw new UserError("cannot set a place inside a secret value");
  if (typeof head === "number") {
    if (value !== undefined && !Array.isArray(value)) throw new UserError("an array was expected");
    // Just narrowed: an array, of which nothing else is known.
    const list: unknown[] = value === undefined ? [] : [...(value as unknown[])];
    if (head > list.length)
      throw new UserError(`array index ${head} out of range (the list has ${list.length})`);
    list[head] = setAt(list[head], rest, leaf);
    return list;
  }
  if (value !== undefined && !isRecord(value)) throw new UserError(`a mapping was expected around "${head}"`);
  return { ...value, [head]: setAt(value?.[head], rest, leaf) };
}

/** `value` without what is at `path`; undefined when nothing is left of it. */
export function removeAt(value: unknown, path: PathSegment[]): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return undefined;
  if (Array.isArray(value)) {
    const changed = value.map((child: unknown, index) => (index === head ? removeAt(child, rest) : child));
    return changed.filter((child, index) => index !== head || child !== undefined);
  }
  if (!isRecord(value) || isSecure(value)) return value;
  const child = removeAt(value[head], rest);
  const { [head]: _, ...others } = value;
  return child === undefined ? others : { ...value, [head]: child };
}

/** The value at `path`; undefined: none. */
export function getAt(value: unknown, path: PathSegment[]): unknown {
  return path.reduce<unknown>((inner, segment) => {
    if (Array.isArray(inner)) return inner[Number(segment)];
    return isRecord(inner) && Object.hasOwn(inner, segment) ? inner[segment] : undefined;
  }, value);
}
