/** How values of answers and labels are read. */

/** A number, or text that is one; undefined: it is none. scikit-learn's servers answer a list for the one row. */
export function numberOf(value: unknown): number | undefined {
  const one = only(value);
  if (typeof one === "number") return Number.isFinite(one) ? one : undefined;
  if (typeof one !== "string" || !/^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(one)) return undefined;
  const read = Number(one);
  return Number.isFinite(read) ? read : undefined;
}

/** The numbers of a list of two or more; undefined: it is none. */
export function numbersOf(value: unknown): readonly number[] | undefined {
  const list = only(value);
  if (!Array.isArray(list) || list.length < 2) return undefined;
  const numbers = list.flatMap((one: unknown) =>
    typeof one === "number" && Number.isFinite(one) ? one : [],
  );
  return numbers.length === list.length ? numbers : undefined;
}

/** What a list of one holds; anything else is itself. */
export function only(value: unknown): unknown {
  const [one] = Array.isArray(value) && value.length === 1 ? value : [];
  return one === undefined ? value : only(one);
}

/** A text that is a number and nothing else: 007 is a name, and so are more digits than a number keeps. */
const PLAIN_NUMBER = /^-?(0|[1-9]\d{0,14})(\.\d{1,15})?$/;

/** A scalar as the name of a class: 4, "4" and 4.0 are the same; undefined: it is no scalar. */
export function nameOf(value: unknown): string | undefined {
  const one = only(value);
  if (typeof one === "number" || typeof one === "boolean") return String(one);
  if (typeof one !== "string") return undefined;
  const text = one.trim();
  return PLAIN_NUMBER.test(text) ? String(Number(text)) : text;
}

export const isScalar = (value: unknown) => ["string", "number", "boolean"].includes(typeof only(value));

export const hasFraction = (value: unknown) => {
  const number = numberOf(value);
  return number !== undefined && !Number.isInteger(number);
};

export const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);
export const mean = (values: readonly number[]) => sum(values) / values.length;

export function standardDeviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}
