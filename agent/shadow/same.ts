import { pointedAt } from "../capture/pointer.ts";
import { isObject, jsonOf } from "../json.ts";
import { readEvent } from "../front/events.ts";
import { formatOf, Pieces } from "../front/pieces.ts";
import type { StreamFormat } from "../front/pieces.ts";
import type { AnswerReading } from "./setup.ts";

/** An answer as far as it is compared. */
export interface ComparedAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Undefined: it cannot be read. */
  readonly text: string | undefined;
}

/** What an answer says; undefined: it cannot be read, or has nothing where the prediction should be. */
export function saidIn(
  { contentType, text }: ComparedAnswer,
  { prediction, ignore }: AnswerReading,
): unknown {
  if (text === undefined) return undefined;
  const format = formatOf(contentType, "", false);
  // Where a stream was cut into pieces, and their ids, are no part of what it says.
  if (format !== undefined) return streamed(text, format);
  const json = jsonOf(text);
  if (prediction.length > 0) {
    const found = prediction.map((pointer) => pointedAt(json, pointer));
    return found.every((one) => one === undefined) ? undefined : found;
  }
  if (!isObject(json)) return json ?? text;
  return Object.fromEntries(Object.entries(json).filter(([name]) => !ignore.includes(name)));
}

/** Whether another answer says the same as the first one did; texts exactly, numbers within the tolerance. */
export function isSame(first: ComparedAnswer, other: ComparedAnswer, reading: AnswerReading): boolean {
  if (first.status !== other.status) return false;
  return isEqual(saidIn(first, reading), saidIn(other, reading), reading.tolerance);
}

function streamed(text: string, format: StreamFormat): string {
  const parts: string[] = [];
  const pieces = new Pieces(format, (data) => parts.push(readEvent(data).text));
  pieces.add(Buffer.from(text));
  pieces.end();
  return parts.join("");
}

function isEqual(left: unknown, right: unknown, tolerance: number): boolean {
  if (typeof left === "number" && typeof right === "number") {
    return Math.abs(left - right) <= tolerance * Math.max(1, Math.abs(left), Math.abs(right));
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((one, at) => isEqual(one, right[at], tolerance));
  }
  if (isObject(left) && isObject(right)) {
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...names].every((name) => isEqual(left[name], right[name], tolerance));
  }
  return left === right;
}
