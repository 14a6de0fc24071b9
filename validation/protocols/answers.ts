import { isRecord } from "../../contract/config/field.ts";
import { jsonOf, type Reply } from "./ask.ts";
import type { ReadAnswer } from "./define.ts";

/** A JSON object's own member; undefined: there is none, or the value is no object. */
export const memberOf = (value: unknown, name: string): unknown =>
  isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** Text or number as text; undefined: it is neither, or empty. */
export function wordOf(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text !== "" ? text : undefined;
}

/** The only word of a list; undefined: there are none, or several. */
export const onlyOf = (list: unknown): string | undefined =>
  Array.isArray(list) && list.length === 1 ? wordOf(list[0]) : undefined;

/** The JSON object of a reply; undefined: another status than 200, or no object. */
export function objectOf(reply: Reply | undefined): Readonly<Record<string, unknown>> | undefined {
  if (reply?.status !== 200) return undefined;
  const body = jsonOf(reply);
  return isRecord(body) ? body : undefined;
}

/** What a list in an answer says of so many inputs: each its own, in order. */
export function oneEach(list: unknown, count: number, what: string): ReadAnswer {
  if (list === undefined) return { flaw: `no ${what}` };
  if (!Array.isArray(list)) return { flaw: `${what} are no list` };
  return list.length === count
    ? { values: list }
    : { flaw: `${list.length} ${what} for ${count} ${count === 1 ? "input" : "inputs"}` };
}

export const withVersion = (read: ReadAnswer, version: string | undefined): ReadAnswer =>
  version === undefined ? read : { ...read, version };
