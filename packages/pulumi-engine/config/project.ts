import { dirname, join, resolve } from "node:path";

import { notSupported, UserError } from "../errors.ts";
import { readIfThere } from "../state/files.ts";
import { yamlDocument } from "./yaml-file.ts";
import { isRecord } from "../values/values.ts";

/** One key of Pulumi.yaml's `config` section. */
export interface ConfigDeclaration {
  /** As written: bare keys belong to the project's namespace. */
  name: string;
  /** With namespace. */
  key: string;
  type?: ConfigType;
  default?: unknown;
  secret: boolean;
}

export interface ConfigType {
  name: "string" | "integer" | "boolean" | "array" | "object";
  /** Of an array. */
  items?: ConfigType;
}

export interface Project {
  name: string;
  /** Where Pulumi.yaml is. */
  directory: string;
  /** The program, absolute: a file, or a folder with an index file or a package.json. */
  main: string;
  /** False: Node strips the types itself; true: the SDK loads ts-node. */
  typescript: boolean;
  nodeArguments: string[];
  config: ConfigDeclaration[];
}

// `template` is for `pulumi new`. `plugins` and `backend` tell the Pulumi CLI where provider processes and states are; the embedded engine has its
// provider in-process, and its states in a directory of its own.
const KNOWN_KEYS = [
  "name",
  "runtime",
  "main",
  "config",
  "description",
  "author",
  "website",
  "license",
  "template",
  "plugins",
  "backend",
];
const KNOWN_RUNTIME_OPTIONS = ["typescript", "nodeargs", "packagemanager"];
const CONFIG_TYPES = ["string", "integer", "boolean", "array", "object"] as const;

/** Reads the Pulumi.yaml of `cwd` or the nearest folder above it. Throws UserError. */
export async function loadProject(cwd: string): Promise<Project> {
  const directory = await findProject(resolve(cwd));
  const path = join(directory, "Pulumi.yaml");
  const document = yamlDocument(path, (await readIfThere(path)) ?? "");
  const file: unknown = document.toJS();
  if (!isRecord(file) || typeof file["name"] !== "string" || file["name"] === "") {
    throw new UserError(`${path}: project is missing a 'name' attribute`);
  }
  refuseName(path, file["name"]);
  refuseUnknownKeys(path, file, KNOWN_KEYS);
  const name = file["name"];
  const main = typeof file["main"] === "string" ? file["main"] : ".";
  return {
    name,
    directory,
    main: resolve(directory, main),
    ...readRuntime(path, file["runtime"]),
    config: readDeclarations(path, name, file["config"]),
  };
}

/** `key` with its namespace: a bare one is the project's. */
export function qualifiedKey(project: string, key: string): string {
  if (!key.includes(":")) return `${project}:${key}`;
  if (key.split(":").length === 2) return key;
  throw new UserError(
    `could not parse ${key} as a configuration key (configuration keys should be of the form namespace:name)`,
  );
}

async function findProject(from: string): Promise<string> {
  for (let directory = from; ; directory = dirname(directory)) {
    if ((await readIfThere(join(directory, "Pulumi.yaml"))) !== undefined) return directory;
    if (directory === dirname(directory)) {
      throw new UserError(`no Pulumi.yaml project file found (searching upwards from ${from})`);
    }
  }
}

/** pulumi: sdk/go/common/tokens/project.go, `ValidateProjectName`. */
function refuseName(path: string, name: string): void {
  if (name.length > 100) throw new UserError(`${path}: project names are limited to 100 characters`);
  if (!/^[\w.-]+$/.test(name))
    throw new UserError(
      `${path}: project names may only contain alphanumerics, hyphens, underscores, and periods`,
    );
}

function refuseUnknownKeys(path: string, record: Record<string, unknown>, known: string[]): void {
  const unknown = Object.keys(record).find((key) => !known.includes(key));
  if (unknown !== undefined) throw notSupported(`the key ${JSON.stringify(unknown)} of ${path}`);
}

function readRuntime(path: string, runtime: unknown): { typescript: boolean; nodeArguments: string[] } {
  const name = isRecord(runtime) ? runtime["name"] : runtime;
  if (name !== "nodejs") throw notSupported(`the runtime ${JSON.stringify(name)} of ${path}`);
  const options = isRecord(runtime) && isRecord(runtime["options"]) ? runtime["options"] : {};
  refuseUnknownKeys(path, options, KNOWN_RUNTIME_OPTIONS);
  const nodeArguments = typeof options["nodeargs"] === "string" ? options["nodeargs"] : "";
  return {
    typescript: options["typescript"] !== false,
    nodeArguments: nodeArguments.split(/\s+/).filter((argument) => argument !== ""),
  };
}

function readDeclarations(path: string, project: string, section: unknown): ConfigDeclaration[] {
  if (section === undefined || section === null) return [];
  if (!isRecord(section)) throw new UserError(`${path}: 'config' must be a mapping`);
  return Object.entries(section).map(([name, declaration]) =>
    readDeclaration(path, project, name, declaration),
  );
}

function readDeclaration(
  path: string,
  project: string,
  name: string,
  declaration: unknown,
): ConfigDeclaration {
  const key = qualifiedKey(project, name);
  // A plain value instead of a declaration is that key's default.
  if (!isRecord(declaration)) return { name, key, default: declaration, secret: false };
  const foreign = !key.startsWith(`${project}:`);
  if (foreign && ("default" in declaration || "type" in declaration)) {
    throw new UserError(
      `${path}: configuration key '${name}' is not namespaced by the project and may only carry a value`,
    );
  }
  const type = readType(path, name, declaration);
  const fallback = declaration["default"] ?? declaration["value"];
  if (type !== undefined && fallback !== undefined && !hasConfigType(fallback, type)) {
    throw new UserError(
      `${path}: The default value specified for configuration key '${name}' is not of the expected type '${typeName(type)}'`,
    );
  }
  return {
    name,
    key,
    ...(type && { type }),
    ...(fallback !== undefined && { default: fallback }),
    secret: declaration["secret"] === true,
  };
}

function readType(path: string, name: string, declaration: Record<string, unknown>): ConfigType | undefined {
  if (declaration["type"] === undefined) return undefined;
  const type = CONFIG_TYPES.find((known) => known === declaration["type"]);
  if (type === undefined) {
    throw new UserError(
      `${path}: configuration key '${name}' has the unknown type '${String(declaration["type"])}'; allowed: ${CONFIG_TYPES.join(", ")}`,
    );
  }
  if (type !== "array") return { name: type };
  if (!isRecord(declaration["items"])) {
    throw new UserError(
      `${path}: The configuration key '${name}' declares an array but does not specify the underlying type via the 'items' attribute`,
    );
  }
  const items = readType(path, name, declaration["items"]);
  return { name: type, ...(items && { items }) };
}

/** `array<integer>` and the like, as Pulumi names a type in its messages. */
export function typeName(type: ConfigType): string {
  return type.name === "array" && type.items ? `array<${typeName(type.items)}>` : type.name;
}

/** Whether a configuration value has the declared type; texts may stand for integers and booleans. */
export function hasConfigType(value: unknown, type: ConfigType): boolean {
  switch (type.name) {
    case "string":
      return typeof value === "string";
    case "integer":
      return Number.isInteger(value) || (typeof value === "string" && /^[+-]?\d+$/.test(value));
    case "boolean":
      return typeof value === "boolean" || value === "true" || value === "false";
    case "array": {
      const { items } = type;
      return (
        Array.isArray(value) && (items === undefined || value.every((item) => hasConfigType(item, items)))
      );
    }
    case "object":
      return isRecord(value);
    default:
      throw type.name satisfies never;
  }
}
