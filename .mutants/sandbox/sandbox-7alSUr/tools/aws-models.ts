/**
 * Writes what AWS's own service models say of the operations that this project uses, for the validator of
 * test/support/aws-models: `node tools/aws-models.ts <botocore>`, with a checkout of github.com/boto/botocore, or the
 * `botocore` of Python's site-packages. The same models give the same file.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { isRecord } from "../contract/config/field.ts";
import { MODELS_FILE, SCALARS, type ServiceModel, type Shape } from "../test/support/aws-models/model.ts";
import { MODELLED } from "../test/support/aws-models/operations.ts";

type Json = Readonly<Record<string, unknown>>;

const [given] = process.argv.slice(2);
if (given === undefined) {
  console.error("usage: node tools/aws-models.ts <checkout of boto/botocore, or an installed botocore>");
  process.exit(64);
}
const root = existsSync(join(given, "botocore", "data")) ? join(given, "botocore") : given;
const [, version = "of an unknown version"] =
  /^__version__ = '(.+)'$/m.exec(readFileSync(join(root, "__init__.py"), "utf8")) ?? [];

const services = Object.entries(MODELLED).map(
  ([service, { model, operations }]) => [service, derived(model, operations)] as const,
);
/** Of an operation without an input. */
const NOTHING = "structure";

const source = `botocore ${version} (Apache-2.0, github.com/boto/botocore), data/<service>/<version>/service-2.json; written by tools/aws-models.ts`;
writeFileSync(MODELS_FILE, written(source, services));
console.log(`${MODELS_FILE}: ${readFileSync(MODELS_FILE).length} bytes from botocore ${version}`);

/** The operations' inputs and every type below them. */
function derived(model: string, operations: readonly string[]): ServiceModel {
  const folder = join(root, "data", model);
  // Versions are dates; older ones of an API stay beside the one in use.
  const apiVersion = readdirSync(folder).toSorted().at(-1) ?? "";
  const raw = read(join(folder, apiVersion, "service-2.json"));
  const all = at(raw, "shapes");
  const shapes = new Map<string, Shape>();
  const take = (name: unknown): string => {
    const shape = at(all, String(name));
    const { type, min, max, pattern, enum: words } = shape;
    const bounds = { min, max, pattern, enum: words };
    const isBound = Object.values(bounds).some((bound) => bound !== undefined);
    if (SCALARS.some((one) => one === type)) {
      if (!isBound) return String(type);
      shapes.set(String(name), told({ type: String(type), ...bounds }));
    } else if (!shapes.has(String(name))) {
      // Before its parts: a type may have itself among them.
      shapes.set(String(name), { type: String(type) });
      shapes.set(String(name), told({ type: String(type), ...partsOf(shape, take), ...bounds }));
    }
    return String(name);
  };
  const inputs = operations.map((operation) => {
    const { input } = at(at(raw, "operations"), operation);
    return [operation, isRecord(input) ? take(input["shape"]) : NOTHING] as const;
  });
  const sorted = [...shapes].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { version: apiVersion, operations: Object.fromEntries(inputs), shapes: Object.fromEntries(sorted) };
}

/** An installed botocore has them compressed. */
function read(file: string): unknown {
  const bytes = existsSync(file) ? readFileSync(file) : gunzipSync(readFileSync(`${file}.gz`));
  return JSON.parse(bytes.toString("utf8"));
}

function partsOf(shape: Json, take: (name: unknown) => string) {
  const { type, required } = shape;
  if (type === "structure") {
    const members = Object.entries(at(shape, "members"));
    return {
      // A model without required members leaves the list out.
      ...(Array.isArray(required) && required.length > 0 && { required: required.map(String) }),
      members: Object.fromEntries(members.map(([name, member]) => [name, take(at(member)["shape"])])),
    };
  }
  if (type === "list") return { member: take(at(shape, "member")["shape"]) };
  if (type === "map") {
    return { key: take(at(shape, "key")["shape"]), member: take(at(shape, "value")["shape"]) };
  }
  throw new Error(`a type ${String(type)} is not known here`);
}

/** Without what is not said. */
function told(shape: Readonly<Record<string, unknown>> & { readonly type: string }): Shape {
  // What is left has the types of botocore's format, which are those of Shape.
  return Object.fromEntries(
    Object.entries(shape).filter(([, value]) => value !== undefined),
  ) as unknown as Shape;
}

/** An object of the model, or the one that it has under a name. */
function at(raw: unknown, name?: string): Json {
  const found = name === undefined ? raw : isRecord(raw) ? raw[name] : undefined;
  if (isRecord(found)) return found;
  throw new Error(`botocore's model has no ${name ?? "object here"}`);
}

/** A type on a line, so that a newer model shows as what has changed in it. */
function written(source: string, services: readonly (readonly [string, ServiceModel])[]): string {
  const lines = services.map(([service, { version, operations, shapes }]) => {
    const each = Object.entries(shapes).map(
      ([name, shape]) => `${JSON.stringify(name)}:${JSON.stringify(shape)}`,
    );
    return `${JSON.stringify(service)}:{"version":"${version}","operations":${JSON.stringify(operations)},"shapes":{\n${each.join(",\n")}\n}}`;
  });
  return `{"source":${JSON.stringify(source)},"services":{\n${lines.join(",\n")}\n}}\n`;
}
