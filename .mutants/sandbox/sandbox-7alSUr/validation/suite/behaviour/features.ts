import { isRecord } from "../../../contract/config/field.ts";
import { textOf } from "../../protocols/inputs.ts";

/** One value of an input, or several beside each other where there are too many to ask for each. */
export interface Feature {
  /** A column's name, or its place in a row: `features[3]`, `[0..11]`. */
  readonly name: string;
  valueOf(input: unknown): unknown;
  /** The same input with the value that another one has. */
  taken(input: unknown, from: unknown): unknown;
  /** The same input with every number of it replaced. */
  mapped(input: unknown, change: (value: number) => number): unknown;
}

/** More than so many are asked for together. */
const MOST_FEATURES = 64;

/** What a model may look at in such inputs: columns of an object, or places of a row; a text has none. */
export function featuresOf(input: unknown): readonly Feature[] {
  if (textOf(input) !== undefined) return [];
  if (Array.isArray(input))
    return places(
      "",
      input.length,
      (value) => value,
      (_, row) => row,
    );
  if (!isRecord(input)) return [];
  const entries = Object.entries(input);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && Array.isArray(only[1])) {
    const [name, row] = only;
    return places(
      name,
      row.length,
      (value) => (isRecord(value) ? value[name] : undefined),
      (value, changed) => ({ ...(isRecord(value) ? value : {}), [name]: changed }),
    );
  }
  return entries.map(([name]) => column(name));
}

function column(name: string): Feature {
  const valueOf = (input: unknown) => (isRecord(input) ? input[name] : undefined);
  const withValue = (input: unknown, value: unknown) => ({
    ...(isRecord(input) ? input : {}),
    [name]: value,
  });
  return {
    name,
    valueOf,
    taken: (input, from) => withValue(input, valueOf(from)),
    mapped: (input, change) => withValue(input, mapNumbers(valueOf(input), change)),
  };
}

function places(
  name: string,
  length: number,
  rowOf: (input: unknown) => unknown,
  withRow: (input: unknown, row: readonly unknown[]) => unknown,
): readonly Feature[] {
  const width = Math.ceil(length / MOST_FEATURES);
  const listOf = (input: unknown): readonly unknown[] => {
    const row = rowOf(input);
    return Array.isArray(row) ? row : [];
  };
  return Array.from({ length: Math.ceil(length / Math.max(1, width)) }, (_, group) => {
    const begin = group * width;
    const end = Math.min(length, begin + width);
    const replaced = (input: unknown, other: (at: number, value: unknown) => unknown) =>
      withRow(
        input,
        listOf(input).map((value, at) => (at >= begin && at < end ? other(at, value) : value)),
      );
    return {
      name: end - begin === 1 ? `${name}[${begin}]` : `${name}[${begin}..${end - 1}]`,
      valueOf: (input) => listOf(input).slice(begin, end),
      taken: (input, from) => replaced(input, (at) => listOf(from)[at]),
      mapped: (input, change) => replaced(input, (_at, value) => mapNumbers(value, change)),
    };
  });
}

/** Every number in a value, however deep. */
export function mapNumbers(value: unknown, change: (value: number) => number): unknown {
  if (typeof value === "number") return change(value);
  if (Array.isArray(value)) return value.map((one) => mapNumbers(one, change));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapNumbers(one, change)]));
}
