import { memberOf } from "./answers.ts";
import type { NamedInput, ServedModel } from "./define.ts";
import { columnsOf, rowOf, shapeOf, textOf } from "./inputs.ts";

/** An input as Open Inference has it: values of one type, flat, and the sizes that they have. */
interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly datatype: string;
  readonly parameters?: { readonly content_type: string };
  readonly data: readonly unknown[];
}

/** One tensor for a row of values; one for each input where the model has several, or where the example names its columns. */
export function tensorsOf({ inputs: named }: ServedModel, inputs: readonly unknown[]): readonly Tensor[] {
  const texts = inputs.map(textOf);
  const [first] = named;
  if (texts.every((text) => text !== undefined)) {
    return [
      {
        name: first?.name ?? "text",
        shape: shapeFor(first?.shape, texts.length, texts.length, [texts.length]),
        datatype: "BYTES",
        parameters: { content_type: "str" },
        data: texts,
      },
    ];
  }
  const columns = inputs.map(columnsOf);
  const names =
    named.length > 1
      ? named.map(({ name }) => name)
      : named.length === 0
        ? Object.keys(columns[0] ?? {})
        : [];
  if (names.length > 0) {
    return names.map((name, index) => {
      const data = inputs.map((input, at) => memberOf(columns[at], name) ?? rowOf(input)[index]);
      return tensor(named.find((one) => one.name === name) ?? { name }, [data.length, 1], data);
    });
  }
  const rows = inputs.map(rowOf);
  return [tensor(first ?? { name: "input-0" }, [rows.length, ...shapeOf(rows[0])], rows)];
}

/** `data`: one for each example; `shape`: what they have by themselves. */
function tensor(
  { name, datatype, shape: told }: NamedInput,
  shape: readonly number[],
  data: readonly unknown[],
): Tensor {
  const flat = data.flat(Number.POSITIVE_INFINITY);
  return {
    name,
    shape: shapeFor(told, data.length, flat.length, shape),
    datatype: datatype ?? typeOf(flat),
    data: flat,
  };
}

/**
 * The shape that a server tells for its input, where so many values of so many examples fill it; a row of 64 numbers is
 * then an image of 8 by 8. Its first size is that of a batch, or it has none and takes one example. Else the example's
 * own: the server says what is wrong with it.
 */
function shapeFor(
  told: readonly number[] | undefined,
  examples: number,
  values: number,
  own: readonly number[],
): readonly number[] {
  if (told === undefined) return own;
  const [first, ...rest] = told;
  const each = first === -1 || first === examples ? filled(rest, values / examples) : undefined;
  if (each !== undefined) return [examples, ...each];
  return (examples === 1 ? filled(told, values) : undefined) ?? own;
}

/** Sizes with their product; one of them may be open (-1). undefined: no such size makes it that. */
function filled(sizes: readonly number[], product: number): readonly number[] | undefined {
  const open = sizes.filter((size) => size === -1).length;
  const known = sizes.reduce((all, size) => (size === -1 ? all : all * size), 1);
  const left = product / known;
  if (open > 1 || !Number.isInteger(left) || (open === 0 && left !== 1)) return undefined;
  return sizes.map((size) => (size === -1 ? left : size));
}

/** Where the server tells no type. Numbers are doubles: 3 may be followed by 3.5. */
function typeOf(values: readonly unknown[]): string {
  if (values.every((value) => typeof value === "boolean")) return "BOOL";
  return values.every((value) => typeof value === "number") ? "FP64" : "BYTES";
}
