import { UserError } from "../errors.ts";
import { isRecord, isSecret } from "./values.ts";

export type PathSegment = string | number;

/**
 * Reads a property path as Pulumi writes it: `a.b[0].c`, `a["b.c"]`, and `*` for every element (ignoreChanges).
 * Throws UserError for anything else.
 */
export function parsePath(text: string): PathSegment[] {
  const token = /\.?([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\[(\*)\]/gy;
  const segments: PathSegment[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [whole, name, index, quoted, star] = match;
    end = match.index + whole.length;
    if (index !== undefined) segments.push(Number(index));
    else segments.push(name ?? star ?? quoted?.replaceAll(/\\(.)/g, "$1") ?? "");
  }
  if (end !== text.length || segments.length === 0)
    throw new UserError(`invalid property path ${JSON.stringify(text)}`);
  return segments;
}

/** Whether a change at `changed` lies at or below `pattern`, or replaces something above it. */
export function pathsOverlap(changed: string, pattern: string): boolean {
  const [left, right] = [parsePath(changed), parsePath(pattern)];
  const shared = Math.min(left.length, right.length);
  return left.slice(0, shared).every((segment, index) => {
    const other = right[index];
    return other === "*" || segment === "*" || String(segment) === String(other);
  });
}

/** `news` with everything at `paths` as it was in `olds`: what Pulumi's ignoreChanges means. */
export function ignoreChanges<T>(news: T, olds: T, paths: string[]): T {
  // Structure in, structure out: only leaves are exchanged between two values of the same type.
  return paths.reduce((value, path) => carryOver(value, olds, parsePath(path)) as T, news);
}

const ABSENT = Symbol("absent");

function carryOver(news: unknown, olds: unknown, path: PathSegment[]): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return olds;
  if (isSecret(news))
    return { ...news, value: carryOver(news.value, isSecret(olds) ? olds.value : olds, path) };
  const old = isSecret(olds) ? olds.value : olds;
  if (head === "*") return carryOverAll(news, old, rest);
  return setChild(news, head, carryOver(childOf(news, head), childOf(old, head), rest));
}

function carryOverAll(news: unknown, olds: unknown, rest: PathSegment[]): unknown {
  if (rest.length === 0) return olds === ABSENT ? news : olds;
  const keys = Array.isArray(news) ? news.map((_, index) => index) : isRecord(news) ? Object.keys(news) : [];
  return keys.reduce<unknown>(
    (value, key) => setChild(value, key, carryOver(childOf(value, key), childOf(olds, key), rest)),
    news,
  );
}

function childOf(value: unknown, key: PathSegment): unknown {
  if (Array.isArray(value) && typeof key === "number") return key in value ? value[key] : ABSENT;
  if (isRecord(value) && Object.hasOwn(value, key)) return value[key];
  return ABSENT;
}

function setChild(parent: unknown, key: PathSegment, child: unknown): unknown {
  if (Array.isArray(parent) && typeof key === "number") {
    const copy: unknown[] = [...parent];
    if (child === ABSENT) copy.splice(key, 1);
    else copy[key] = child;
    return copy;
  }
  if (!isRecord(parent)) return parent;
  const copy = { ...parent };
  if (child === ABSENT) delete copy[key];
  else copy[key] = child;
  return copy;
}
