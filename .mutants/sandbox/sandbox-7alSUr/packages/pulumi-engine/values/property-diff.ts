import type { PathSegment } from "./property-path.ts";
import { isAsset, isRecord, isSecret, mapChildren } from "./values.ts";

export interface LeafChange {
  path: string;
  kind: "add" | "delete" | "update";
  before: unknown;
  after: unknown;
}

/** Every leaf in which two values differ, with its path. A secret is one leaf, and so is an asset or an archive. */
export function leafChanges(before: unknown, after: unknown, path = ""): LeafChange[] {
  const whole = compareWhole(before, after, path);
  if (whole !== undefined) return whole;
  const keys =
    Array.isArray(before) && Array.isArray(after)
      ? Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index)
      : [...new Set([...keysOf(before), ...keysOf(after)])];
  return keys.flatMap((key) => leafChanges(at(before, key), at(after, key), join(path, key)));
}

function compareWhole(before: unknown, after: unknown, path: string): LeafChange[] | undefined {
  const bothLists = Array.isArray(before) && Array.isArray(after);
  const isWhole = [before, after].some((value) => isSecret(value) || isAsset(value));
  const bothRecords = isRecord(before) && isRecord(after) && !isWhole;
  if (bothLists || bothRecords) return undefined;
  if (sameJson(before, after)) return [];
  const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
  return [{ path, kind, before, after }];
}

function at(value: unknown, key: PathSegment): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
function keysOf(value: unknown): string[] {
  return isRecord(value) ? Object.keys(value) : [];
}

function join(path: string, key: PathSegment): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (!/^[^.[\]"]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** Whether two JSON values are equal, whatever the order of their keys. */
export function sameJson(left: unknown, right: unknown): boolean {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

function sorted(value: unknown): unknown {
  if (!isRecord(value)) return mapChildren(value, sorted);
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
