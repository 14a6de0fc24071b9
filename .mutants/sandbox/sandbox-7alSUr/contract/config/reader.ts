import { integer, isRecord, type Field, type Fields, type ValuesOf } from "./field.ts";
import type { Raw } from "./own-keys.ts";
import type { Problem } from "../checks/problem.ts";
import { isSlot, type Slot } from "../slot.ts";

/** Reads keys as Pulumi has them, and keeps every problem that it meets, once for a key. */
export function createReader(raw: Raw) {
  const found: Problem[] = [];
  const reported = new Set<string>();
  const values = new Map(Object.entries(raw));
  const report = (problem: Problem) => {
    if (reported.has(problem.key)) return;
    reported.add(problem.key);
    found.push(problem);
  };
  const refuse = (key: string, got: unknown, allowed: string, fix = setCommand(key)) =>
    report({ key, got: JSON.stringify(got) ?? "nothing", allowed, fix });
  // Its value is not repeated: it may be a secret under a wrong name.
  const refuseName = (key: string, known: readonly string[], fix: string) =>
    report({ key, got: "unknown", allowed: `one of ${known.join(", ")}`, fix });
  const refuseMoved = (key: string, value: unknown, { moved = {} }: Field<unknown>): boolean => {
    const given = isRecord(value) ? Object.entries(moved).filter(([name]) => name in value) : [];
    for (const [name, now] of given) {
      const member = isRecord(value) ? value[name] : undefined;
      const rm = `pulumi config rm --path ${key}.${name}`;
      const fix = `${rm} && pulumi config set --path ${now} ${String(member)}`;
      refuse(`${key}.${name}`, member, `nothing here, it is ${now} now`, fix);
    }
    return given.length > 0;
  };
  const take = <T>(key: string, value: unknown, field: Field<T>): T => {
    if (value === undefined || value === null) return field.default;
    if (refuseMoved(key, value, field)) return field.default;
    const read = field.read(value);
    if (read !== undefined) return read.value;
    // What an environment or a secret holds is nobody's to read in a message.
    const isClosed =
      isRecord(value) &&
      (/\.(environment|secrets)$/.test(key) || "environment" in value || "secrets" in value);
    refuse(key, isClosed ? Object.keys(value) : value, field.allowed);
    return field.default;
  };
  const whole = (key: string, max: number) => take(key, values.get(key), integer({ min: 0, max }, 0, ""));
  return {
    problems: found,
    report,
    refuse,
    whole,
    percent: (key: string) => whole(key, 100),
    text: (key: string) => values.get(key),
    slot(key: string): Slot {
      const value = values.get(key) ?? "blue";
      if (isSlot(value)) return value;
      refuse(key, value, "blue or green");
      return "blue";
    },
    object(key: string): Readonly<Record<string, unknown>> {
      const value = values.get(key);
      if (value === undefined) return {};
      const parsed = parseJson(value);
      if (isRecord(parsed)) return parsed;
      refuse(key, value, "an object", `pulumi config rm ${key}`);
      return {};
    },
    list(key: string): readonly unknown[] {
      const value = values.get(key);
      if (value === undefined) return [];
      const parsed = parseJson(value);
      if (Array.isArray(parsed)) return parsed;
      refuse(key, value, "a list", `pulumi config rm ${key}`);
      return [];
    },
    fields<F extends Fields>(prefix: string, given: unknown, fields: F): ValuesOf<F> {
      const record = isRecord(given) ? given : {};
      if (!isRecord(given)) refuse(prefix, given, "an object", `pulumi config rm --path ${inShell(prefix)}`);
      for (const name of Object.keys(record)) {
        if (Object.hasOwn(fields, name)) continue;
        const key = `${prefix}.${name}`;
        refuseName(key, Object.keys(fields), `pulumi config rm --path ${inShell(key)}`);
      }
      const read = Object.entries(fields).map(([name, field]) => [
        name,
        take(`${prefix}.${name}`, record[name], field),
      ]);
      // Each entry was read by the field of its own name, so the record has that field's type.
      return Object.fromEntries(read) as ValuesOf<F>;
    },
  };
}

export type ConfigReader = ReturnType<typeof createReader>;

function setCommand(key: string): string {
  return /[.[]/.test(key)
    ? `pulumi config set --path ${inShell(key)} <value>`
    : `pulumi config set ${key} <value>`;
}

/** A path as a shell takes it for one word: brackets would be a pattern of file names. */
export const inShell = (path: string): string => (/^[\w.-]+$/.test(path) ? path : `'${path}'`);

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    // Text that is not JSON is reported by the caller as what it is: not an object.
    return undefined;
  }
}
