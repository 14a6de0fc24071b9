import { isRecord } from "../../../../contract/config/field.ts";

/** Says what is wrong: the member's path, what it is, what is allowed. */
export type Report = (path: string, got: unknown, allowed: string) => void;

type Json = Readonly<Record<string, unknown>>;

/** A rule that a service's documentation has and its model has not. */
export type InputRule = (input: Json, report: Report) => void;
export type Rules = Readonly<Record<string, readonly InputRule[]>>;

/** What stands at a path; undefined: nothing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((found, part) => {
    if (Array.isArray(found)) return found[Number(part)];
    return isRecord(found) ? found[part] : undefined;
  }, value);
}

/** The members of a list; none where there is none. */
export const all = (value: unknown, ...path: readonly (string | number)[]): readonly unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
};

export const texts = (value: unknown, ...path: readonly (string | number)[]): readonly string[] =>
  all(value, ...path).filter((member) => typeof member === "string");

/** A text that matches, where one is given. */
export const matches =
  (member: string, pattern: RegExp, allowed: string): InputRule =>
  (input, report) => {
    const value = at(input, ...member.split("."));
    if (value !== undefined && !(typeof value === "string" && pattern.test(value)))
      report(member, value, allowed);
  };

export const required =
  (...names: readonly string[]): InputRule =>
  (input, report) => {
    for (const name of names)
      if (at(input, name) === undefined) report(name, undefined, "a value, it is required");
  };

/** At most so many members of a list. */
export const atMost =
  (member: string, most: number): InputRule =>
  (input, report) => {
    const count = all(input, ...member.split(".")).length;
    if (count > most) report(member, count, `at most ${most}`);
  };

/** JSON text of at most so many bytes. */
export const jsonText =
  (member: string, most: number): InputRule =>
  (input, report) => {
    const value = at(input, ...member.split("."));
    if (value === undefined) return;
    if (typeof value !== "string") return report(member, value, "JSON text");
    try {
      JSON.parse(value);
    } catch {
      report(member, value, "JSON text");
    }
    const bytes = Buffer.byteLength(value);
    if (bytes > most) report(member, bytes, `at most ${most} bytes`);
  };
