import { isRecord } from "../../../contract/config/field.ts";
import { postOf, type Good, type Malformed, type Must } from "./input.ts";

/** Names and places that lead from a body to a value in it. */
export type Path = readonly (string | number)[];

/** The body with another value at a place. */
export function withAt(value: unknown, path: Path, other: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return other;
  if (Array.isArray(value)) return value.map((one, at) => (at === step ? withAt(one, rest, other) : one));
  return isRecord(value) ? { ...value, [step]: withAt(value[step], rest, other) } : value;
}

interface Found {
  readonly path: Path;
  readonly row: readonly unknown[];
}

/** The longest list of numbers in a body: the row that a model takes. A tensor's shape is shorter, or comes before. */
export function longestRow(value: unknown, path: Path = []): Found | undefined {
  const inside = Array.isArray(value)
    ? value.map((one, at) => [at, one] as const)
    : isRecord(value)
      ? Object.entries(value)
      : [];
  const isRow = Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "number");
  const found = [
    ...(isRow ? [{ path, row: value }] : []),
    ...inside.flatMap(([step, one]) => longestRow(one, [...path, step]) ?? []),
  ];
  return found.reduce<Found | undefined>(
    (best, one) => (best === undefined || one.row.length >= best.row.length ? one : best),
    undefined,
  );
}

/** Rows of another length or shape than the model was trained with, and with values that are no numbers. */
export function wrongRows(good: Good, value: unknown): readonly Malformed[] {
  const found = longestRow(value);
  if (found === undefined) return [];
  const post = postOf(good);
  const { path, row } = found;
  const but = (other: unknown) => [...row.slice(0, -1), other];
  const rows: readonly (readonly [string, Must, unknown])[] = [
    ["a row without its last value", "refuse", row.slice(0, -1)],
    ["a row with one value too many", "refuse", [...row, 0]],
    ["a row twice as long", "refuse", [...row, ...row]],
    ["a row of 10,000 values", "refuse", Array.from({ length: 10_000 }, () => 0)],
    ["a row without values", "refuse", []],
    ["null in a row", "refuse", but(null)],
    ["a word in a row", "refuse", but("hello")],
    ["an object in a row", "refuse", but({})],
    ["a list in a row", "refuse", but([1, 2])],
    ["a row of null", "refuse", row.map(() => null)],
    ["a row as an object", "refuse", { ...row }],
    ["a row as its text", "refuse", row.join(",")],
    ["a row in a list of its own", "survive", [row]],
    ["a column in place of a row", "survive", row.map((one) => [one])],
    ["numbers of a row as text", "survive", row.map(String)],
  ];
  return rows.map(([what, must, other]) => post(what, must, JSON.stringify(withAt(value, path, other))));
}
