import { isRecord } from "../is-record.ts";
import { UNKNOWN, type Properties } from "../../pulumi-engine/values/provider.ts";
import { asProperties, text, type Refuse, type Shape } from "./shape.ts";

/** Where a property stands on the AWS side. */
type FieldPlace =
  /** In the structure that creates and describes the resource; a path where the API nests deeper than Pulumi. */
  | { readonly kind: "api"; readonly path: readonly string[] }
  /** Nowhere of its own: a Pulumi block whose fields stand beside the others in the API. */
  | { readonly kind: "inline" }
  /** In the key-value attributes that ELB keeps beside a resource. */
  | { readonly kind: "attribute"; readonly key: string }
  /** Only with the provider: it says how to do things, not what is there. */
  | { readonly kind: "own" };

export interface Field {
  readonly place: FieldPlace;
  readonly shape: Shape;
  /** What leaving the property out means; `undefined`: AWS chooses. */
  readonly fallback: unknown;
}
export type Fields = Readonly<Record<string, Field>>;

/** A property at a dotted path of the API structure. */
export function api(path: string, shape: Shape, fallback?: unknown): Field {
  return { place: { kind: "api", path: path.split(".") }, shape, fallback };
}
export function inline(shape: RecordShape, fallback?: unknown): Field {
  return { place: { kind: "inline" }, shape, fallback };
}
export function attribute(key: string, shape: Shape, fallback?: unknown): Field {
  return { place: { kind: "attribute", key }, shape, fallback };
}
export function own(shape: Shape, fallback?: unknown): Field {
  return { place: { kind: "own" }, shape, fallback };
}

export interface RecordShape extends Shape {
  readonly fields: Fields;
  toApi(value: unknown): Properties;
  fromApi(value: unknown): Properties;
}

/** A block with named properties. Properties that are not in the table are refused by name. */
export function record(fields: Fields): RecordShape {
  return {
    fields,
    canonical: (value, path, refuse) => canonicalRecord(fields, value, path, refuse),
    toApi: (value) => write(fields, asProperties(value), {}),
    fromApi: (value) => readRecord(fields, value),
    project: (declared, live) => projectRecord(fields, declared, live),
  };
}

/** The inputs of a resource type: all of them have a region. */
export function resource(fields: Fields): RecordShape {
  return record({ ...fields, region: own(text()) });
}

function canonicalRecord(fields: Fields, value: unknown, path: string, refuse: Refuse): unknown {
  if (value === UNKNOWN) return value;
  if (!isRecord(value)) {
    refuse({ property: path, reason: `must be a block, got ${JSON.stringify(value)}` });
    return undefined;
  }
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  for (const [name, given] of Object.entries(value)) {
    if (!Object.hasOwn(fields, name) && !isNothing(given))
      refuse({ property: at(name), reason: "the local cloud does not simulate it" });
  }
  const result: Properties = {};
  for (const [name, field] of Object.entries(fields)) {
    const given = isNothing(value[name]) ? field.fallback : value[name];
    if (given !== undefined) result[name] = field.shape.canonical(given, at(name), refuse);
  }
  return result;
}

/** An empty list is as good as none: Pulumi programs pass both. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function write(fields: Fields, value: Properties, target: Properties): Properties {
  for (const [name, { place, shape }] of Object.entries(fields)) {
    const given = value[name];
    if (given === undefined) continue;
    if (place.kind === "api") put(target, place.path, shape.toApi(given));
    if (place.kind === "inline") merge(target, asProperties(shape.toApi(given)));
  }
  return target;
}

function readRecord(fields: Fields, source: unknown): Properties {
  const result: Properties = {};
  for (const [name, { place, shape }] of Object.entries(fields)) {
    if (place.kind === "api") {
      const found = get(source, place.path);
      if (found !== undefined && found !== null) result[name] = shape.fromApi(found);
    }
    if (place.kind === "inline") {
      const found = asProperties(shape.fromApi(source));
      if (Object.keys(found).length > 0) result[name] = found;
    }
  }
  return result;
}

function projectRecord(fields: Fields, declared: unknown, live: unknown): unknown {
  if (!isRecord(declared) || !isRecord(live)) return live;
  const result: Properties = {};
  for (const [name, wanted] of Object.entries(declared)) {
    const field = fields[name];
    const found = live[name];
    if (field !== undefined && found !== undefined) result[name] = field.shape.project(wanted, found);
  }
  return result;
}

function get(source: unknown, path: readonly string[]): unknown {
  return path.reduce((at: unknown, key) => (isRecord(at) ? at[key] : undefined), source);
}

function put(target: Properties, path: readonly string[], value: unknown): void {
  const [key = "", ...rest] = path;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = asProperties(target[key] ?? {});
  target[key] = inner;
  put(inner, rest, value);
}

function merge(target: Properties, source: Properties): void {
  for (const [key, value] of Object.entries(source)) {
    const existing = target[key];
    target[key] = isRecord(existing) && isRecord(value) ? { ...existing, ...value } : value;
  }
}

/** The API members that the changed properties stand in, complete: AWS takes a nested structure as a whole. */
export function changedMembers(
  shape: RecordShape,
  news: Properties,
  changed: ReadonlySet<string>,
): Properties {
  const roots = new Set<string>();
  for (const name of changed) {
    const field = shape.fields[name];
    if (field?.place.kind === "api") roots.add(field.place.path[0] ?? "");
    if (field?.place.kind === "inline")
      for (const key of Object.keys(asProperties(field.shape.toApi(news[name])))) roots.add(key);
  }
  return Object.fromEntries(Object.entries(shape.toApi(news)).filter(([key]) => roots.has(key)));
}
