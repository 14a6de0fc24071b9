import { isRecord } from "../../contract/config/field.ts";

/**
 * How the request of an example, which its author wrote for one server, is taken apart for another: as a row of values,
 * as named columns, or as text.
 */

/**
 * The values of one row: a list is the row itself; an object with a list in its only member is that list
 * (`{"features": [1, 2]}`); other objects are their members in order; anything else is a row of one.
 */
export function rowOf(input: unknown): readonly unknown[] {
  if (Array.isArray(input)) return input;
  if (!isRecord(input)) return [input];
  const members = Object.values(input);
  const [only] = members;
  return members.length === 1 && Array.isArray(only) ? only : members;
}

/** Named columns of one row, when the example has such; undefined: its values have no names. */
export function columnsOf(input: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(input)) return undefined;
  const members = Object.values(input);
  const isList = members.length === 1 && Array.isArray(members[0]);
  return members.length === 0 || isList ? undefined : input;
}

/** The text of an example: itself, or the only member of an object; undefined: it has none. */
export function textOf(input: unknown): string | undefined {
  if (typeof input === "string") return input;
  if (!isRecord(input)) return undefined;
  const members = Object.values(input);
  const [only] = members;
  return members.length === 1 && typeof only === "string" ? only : undefined;
}

/** The sizes of a nested list, from outside in: `[[1, 2, 3]]` has 1, 3. Its first elements stand for all. */
export function shapeOf(value: unknown): readonly number[] {
  return Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
}
