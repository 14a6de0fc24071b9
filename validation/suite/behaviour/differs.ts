import { isRecord } from "../../../contract/config/field.ts";
import { only } from "../tasks/values.ts";

/** A double that was computed in another order, or as one of a batch, differs by less than this part of it. */
const RELATIVE = 1e-5;

/** Whether two answers are two. Numbers that rounding alone explains are one. */
export function differs(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number") {
    return Math.abs(a - b) > RELATIVE * Math.max(Math.abs(a), Math.abs(b));
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length !== b.length || a.some((one, at) => differs(one, b[at]));
  }
  if (isRecord(a) && isRecord(b)) {
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...names].some((name) => differs(a[name], b[name]));
  }
  return a !== b;
}

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "number");

// An answer may have a number for each pixel: too many for the arguments of one call.
const highest = (scores: readonly number[]) =>
  scores.indexOf(scores.reduce((most, score) => Math.max(most, score), -Infinity));

/**
 * Whether an answer has become another one for whoever acts on it: another label, another highest score, or a number
 * that is further away than `farApart`.
 */
export function flips(wrappedBefore: unknown, wrappedAfter: unknown, farApart: number): boolean {
  const [before, after] = [only(wrappedBefore), only(wrappedAfter)];
  if (typeof before === "number" && typeof after === "number" && !isLabel(before, after)) {
    return Math.abs(before - after) > farApart;
  }
  if (isNumbers(before) && isNumbers(after) && before.length > 1) return highest(before) !== highest(after);
  return differs(before, after);
}

const isLabel = (...values: readonly number[]) => values.every(Number.isInteger);

/** A quarter of the spread (standard deviation) of these answers; no numbers: 0. Trees jump by less, from one leaf to the next. */
export function farApartIn(values: readonly unknown[]): number {
  const numbers = values.map(only).filter((value) => typeof value === "number");
  if (numbers.length < 2) return 0;
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length;
  return Math.sqrt(variance) / 4;
}
