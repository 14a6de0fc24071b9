import { createHash } from "node:crypto";

/** Parsed JSON that is not read yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The text is no evidence: it cannot be read as that. */
export class NotEvidence extends Error {}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function objectAt(of: JsonObject, name: string): JsonObject {
  const value = of[name];
  if (!isObject(value)) throw new NotEvidence(`${name} is no object`);
  return value;
}

export const optionalObject = (of: JsonObject, name: string): JsonObject | undefined =>
  of[name] === undefined || of[name] === null ? undefined : objectAt(of, name);

export function numberAt(of: JsonObject, name: string): number {
  const value = of[name];
  if (typeof value !== "number") throw new NotEvidence(`${name} is no number`);
  return value;
}

export const optionalNumber = (of: JsonObject, name: string): number | undefined =>
  of[name] === undefined ? undefined : numberAt(of, name);

export function textAt(of: JsonObject, name: string): string {
  const value = of[name];
  if (typeof value !== "string") throw new NotEvidence(`${name} is no text`);
  return value;
}

export const optionalText = (of: JsonObject, name: string): string | undefined =>
  of[name] === undefined ? undefined : textAt(of, name);

export function timeAt(of: JsonObject, name: string): number {
  const ms = Date.parse(textAt(of, name));
  if (Number.isNaN(ms)) throw new NotEvidence(`${name} is no time`);
  return ms;
}

export function objectsAt(of: JsonObject, name: string): readonly JsonObject[] {
  const value = of[name];
  if (!Array.isArray(value) || !value.every(isObject)) throw new NotEvidence(`${name} is no list of objects`);
  return value;
}

export function numbersAt(of: JsonObject, name: string): readonly number[] {
  const value = of[name];
  if (!Array.isArray(value) || !value.every((one) => typeof one === "number"))
    throw new NotEvidence(`${name} is no list of numbers`);
  return value;
}

export function textsAt(of: JsonObject, name: string): readonly string[] {
  const value = of[name];
  if (!Array.isArray(value) || !value.every((one) => typeof one === "string"))
    throw new NotEvidence(`${name} is no list of texts`);
  return value;
}

/** RFC 8785: no blanks, names sorted by UTF-16 units. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).toSorted();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

export const digestOf = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** The object without these names. */
export const without = (of: JsonObject, ...names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(of).filter(([name]) => !names.includes(name)));
