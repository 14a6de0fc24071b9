import { isRecord } from "../../../contract/config/field.ts";
import { jsonOf, type Reply } from "../../protocols/ask.ts";
import { numbersOf, only, sum } from "../tasks/values.ts";

/** How an answer came, beside what was predicted. */
export interface AnswerShape {
  /** Without its parameters; absent: nobody asked for headers. */
  readonly mediaType?: string;
  /** Members of the body that are not null: `usage`, `choices[].finish_reason`. Absent: there are too many to read. */
  readonly members?: readonly string[];
}

/** Whoever answers more than this answers no small object with members that clients read one by one. */
const MOST_CHARACTERS = 100_000;
const MOST_MEMBERS = 100;

export function shapeOf(reply: Reply): AnswerShape {
  const header = reply.header?.("content-type");
  const mediaType = header?.split(";")[0]?.trim().toLowerCase();
  const members = reply.text.length > MOST_CHARACTERS ? undefined : membersOf(jsonOf(reply), "", 2);
  return {
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(members === undefined || members.length > MOST_MEMBERS ? {} : { members }),
  };
}

/** Of a list those of its first: each has the same. */
function membersOf(value: unknown, path: string, depth: number): readonly string[] {
  if (Array.isArray(value)) return membersOf(value[0], `${path}[]`, depth);
  if (depth === 0 || !isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    if (member === undefined || member === null) return [];
    const own = path === "" ? name : `${path}.${name}`;
    return [own, ...membersOf(member, own, depth - 1)];
  });
}

/** What a client reads a prediction as. */
export function kindOf(value: unknown): string {
  const one = only(value);
  if (Array.isArray(one)) return `a list of ${one.length}`;
  return typeof one === "string" ? "a text" : typeof one === "object" ? "an object" : `a ${typeof one}`;
}

/** Two of floats with half the bits may differ by so much from what they are meant to be. */
const ROUNDING = 0.01;

export function areProbabilities(value: unknown): boolean {
  const scores = numbersOf(value);
  return scores !== undefined && scores.every((one) => one >= 0) && Math.abs(sum(scores) - 1) <= ROUNDING;
}

/** Shorter lists are of length 1 by chance. */
const LEAST_DIMENSIONS = 8;

/** Whether it is a vector that was divided by its length. */
export function isUnitVector(value: unknown): boolean {
  const vector = numbersOf(value);
  if (vector === undefined || vector.length < LEAST_DIMENSIONS) return false;
  return Math.abs(Math.sqrt(sum(vector.map((one) => one * one))) - 1) <= ROUNDING;
}
