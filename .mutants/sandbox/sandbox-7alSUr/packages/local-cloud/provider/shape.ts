import { isRecord } from "../is-record.ts";
import { UNKNOWN, type CheckFailure, type Properties } from "../../pulumi-engine/values/provider.ts";

/**
 * One property in its two spellings: as a Pulumi program gives it, and as the AWS API has it.
 * A resource type is a table of these; inputs, calls and read-back all come from it.
 */
export interface Shape {
  /** The one form of a value that programs spell in several ways. UNKNOWN passes. Reports what it refuses. */
  canonical(value: unknown, path: string, refuse: Refuse): unknown;
  toApi(value: unknown): unknown;
  /** In canonical form. */
  fromApi(value: unknown): unknown;
  /** The live value as far as the program declared one: what AWS fills in by itself is no drift. */
  project(declared: unknown, live: unknown): unknown;
}

export type Refuse = (failure: CheckFailure) => void;

function scalar<T>(what: string, read: (value: unknown) => T | undefined): Shape {
  return {
    canonical(value, path, refuse) {
      if (value === UNKNOWN) return value;
      const known = read(value);
      if (known === undefined)
        refuse({ property: path, reason: `must be ${what}, got ${JSON.stringify(value)}` });
      return known;
    },
    toApi: (value) => value,
    fromApi: read,
    project: (_, live) => live,
  };
}

export const text = (): Shape =>
  scalar("text", (value) =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : undefined,
  );

export const number = (): Shape =>
  scalar("a number", (value) => {
    const known = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof known === "number" && Number.isFinite(known) ? known : undefined;
  });

export const flag = (): Shape =>
  scalar("true or false", (value) => {
    if (value === true || value === "true") return true;
    return value === false || value === "false" ? false : undefined;
  });

/** A flag that the API spells with two words. */
export const flagAs = (on: string, off: string): Shape => ({
  ...flag(),
  toApi: (value) => (value === true ? on : off),
  fromApi: (value) => value === on,
});

export function list(of: Shape): Shape {
  return {
    canonical(value, path, refuse) {
      if (value === UNKNOWN) return value;
      if (Array.isArray(value))
        return value.map((member, index) => of.canonical(member, `${path}[${index}]`, refuse));
      refuse({ property: path, reason: `must be a list, got ${JSON.stringify(value)}` });
      return undefined;
    },
    toApi: (value) => members(value).map(of.toApi),
    fromApi: (value) => members(value).map(of.fromApi),
    project(declared, live) {
      const wanted = members(declared);
      const found = members(live);
      if (wanted.length !== found.length) return live;
      return found.map((member, index) => of.project(wanted[index], member));
    },
  };
}

/** A list whose order means nothing. */
export function set(of: Shape): Shape {
  const inner = list(of);
  return {
    ...inner,
    canonical: (value, path, refuse) => sorted(inner.canonical(value, path, refuse)),
    fromApi: (value) => sorted(inner.fromApi(value)),
  };
}

/** A map from names to texts; its keys are data, so all of them count. */
export function textMap(): Shape {
  return {
    canonical(value, path, refuse) {
      if (value === UNKNOWN) return value;
      if (!isRecord(value)) {
        refuse({ property: path, reason: `must be a map, got ${JSON.stringify(value)}` });
        return undefined;
      }
      const entries = Object.entries(value)
        .filter(([, entry]) => entry !== undefined && entry !== null)
        .map(([key, entry]) => [key, text().canonical(entry, `${path}.${key}`, refuse)] as const);
      return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
    },
    toApi: (value) => value,
    fromApi: (value) => (isRecord(value) ? value : {}),
    project: (_, live) => live,
  };
}

/** A map that the API has as a list of pairs, such as `[{Key, Value}]`. */
export function pairs(key: string, value: string): Shape {
  return {
    ...textMap(),
    toApi: (map) =>
      Object.entries(asProperties(map)).map(([name, entry]) => ({ [key]: name, [value]: entry })),
    fromApi: (found) =>
      Object.fromEntries(
        members(found)
          .map(asProperties)
          .map((pair) => [String(pair[key]), String(pair[value])] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
  };
}

function sorted(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const keyed = value.map((member: unknown) => ({ member, key: JSON.stringify(member) ?? "" }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ member }) => member);
}

export function members(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asProperties(value: unknown): Properties {
  return isRecord(value) ? value : {};
}
