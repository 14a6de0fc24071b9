import { isRecord } from "../../../../contract/config/field.ts";
import type { Service } from "../operations.ts";

export type Json = Readonly<Record<string, unknown>>;

/** A call that becomes of a resource when it is new. */
export interface ResourceCall {
  readonly service: Service;
  readonly operation: string;
  readonly input: Json;
}

/** A resource as the program registers it. */
export interface Resource {
  readonly name: string;
  readonly inputs: Json;
}

/**
 * Where a property of Pulumi's goes in AWS's API: into the member of this path, or what it becomes; `OWN`: it is the
 * provider's own, and nothing of it goes to AWS.
 */
export type InputPlace = string | ((value: unknown) => Json) | typeof OWN;
export type Table = Readonly<Record<string, InputPlace>>;
export const OWN = Symbol("of the provider");

/** Properties by a table. Throws for one that the table has not: what is not mapped would not be checked. */
export function mapped(properties: unknown, table: Table): Json {
  if (!isRecord(properties)) throw new Error(`no object of properties: ${JSON.stringify(properties)}`);
  const parts = Object.entries(properties).flatMap(([property, value]) => {
    const place = Object.hasOwn(table, property) ? table[property] : undefined;
    if (place === undefined) throw new Error(`no place in AWS's API is known for the property ${property}`);
    if (place === OWN || value === undefined || value === null) return [];
    return [typeof place === "string" ? placed(place.split("."), value) : place(value)];
  });
  return parts.reduce<Json>(merged, {});
}

/** One list of two, one object of two. */
function merged(a: Json, b: Json): Json {
  const result: Record<string, unknown> = { ...a };
  for (const [name, value] of Object.entries(b)) {
    const other = result[name];
    if (Array.isArray(other) && Array.isArray(value)) result[name] = [...other, ...value];
    else if (isRecord(other) && isRecord(value)) result[name] = merged(other, value);
    else result[name] = value;
  }
  return result;
}

function placed([first = "", ...rest]: readonly string[], value: unknown): Json {
  return { [first]: rest.length === 0 ? value : placed(rest, value) };
}

/** A block of properties under a member; without one, its properties are those of the input itself. */
export const block =
  (table: Table, member?: string) =>
  (value: unknown): Json => {
    const inner = mapped(value, table);
    return member === undefined ? inner : placed(member.split("."), inner);
  };

/** A list of blocks under a member. */
export const blocks =
  (table: Table, member: string) =>
  (value: unknown): Json =>
    placed(
      member.split("."),
      listOf(value).map((one) => mapped(one, table)),
    );

/** Terraform writes some blocks as lists of one. */
export const onlyBlock =
  (table: Table, member: string) =>
  (value: unknown): Json => {
    const [only, ...others] = listOf(value);
    if (others.length > 0) throw new Error(`more than one ${member}`);
    return placed(member.split("."), mapped(only, table));
  };

/** An attribute of Elastic Load Balancing: text by key. */
export const attribute =
  (Key: string) =>
  (value: unknown): Json => ({ Attributes: [{ Key, Value: String(value) }] });

/** Tags as a list; the provider leaves an empty one out. */
export const tagList =
  (member = "Tags", key = "Key", value = "Value") =>
  (tags: unknown): Json => {
    const list = Object.entries(isRecord(tags) ? tags : {}).map(([k, v]) => ({ [key]: k, [value]: v }));
    return list.length === 0 ? {} : { [member]: list };
  };

export const each =
  (member: string, convert: (one: unknown) => unknown) =>
  (value: unknown): Json => ({ [member]: listOf(value).map(convert) });

export function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`no list: ${JSON.stringify(value)}`);
  return value;
}

/** The name that Pulumi gives a resource without one: its own, and seven digits. */
export const autoNamed = ({ name, inputs }: Resource, property = "name"): string =>
  typeof inputs[property] === "string" ? inputs[property] : `${name}-0123456`;

export const isBlock = isRecord;
