import { join, resolve } from "node:path";

import { Document, isMap, parseDocument, type Tags } from "yaml";

import type { RawConfig } from "./config.ts";
import { ForeignSecrets, notSupported, UserError } from "../errors.ts";
import { readIfThere, writeAtomically } from "../state/files.ts";
import { qualifiedKey, type Project } from "./project.ts";
import { isRecord, mapChildren } from "../values/values.ts";

// The embedded engine has its own key (secrets.ts): what tells the Pulumi CLI about a passphrase is left as it is.
const KNOWN_KEYS = ["config", "encryptionsalt", "encryptedkey", "secretsprovider"];

/** `Pulumi.<stack>.yaml` beside Pulumi.yaml, unless `--config-file` names another (relative to `cwd`). */
export function configPath(project: Project, stack: string, cwd: string, configFile?: string): string {
  return configFile === undefined
    ? join(project.directory, `Pulumi.${stack}.yaml`)
    : resolve(cwd, configFile);
}

/** The stack's own values. A file that is not there has none. Throws UserError. */
export async function readConfig(path: string, project: Project): Promise<RawConfig> {
  const document = await readDocument(path, ["timestamp"]);
  const config: unknown = asTheCliReads(document.toJS() ?? {});
  if (!isRecord(config)) throw new UserError(`${path}: not a mapping`);
  const section = config["config"] ?? {};
  if (!isRecord(section)) throw new UserError(`${path}: 'config' must be a mapping`);
  const values: RawConfig = {};
  for (const [name, value] of Object.entries(section)) {
    const key = qualifiedKey(project.name, name);
    if (key in values) throw new UserError(`${path}: the configuration key '${key}' is set twice`);
    if (value !== null) values[key] = value;
  }
  return values;
}

/** Sets the values that `changes` names (undefined removes), and leaves the rest of the file, comments too. */
export async function changeConfig(path: string, project: Project, changes: RawConfig): Promise<void> {
  const document = await readDocument(path);
  for (const [key, value] of Object.entries(changes)) {
    const names = [key, bareName(project, key)].filter((name) => document.hasIn(["config", name]));
    if (value === undefined) for (const name of names) document.deleteIn(["config", name]);
    else document.setIn(["config", names[0] ?? key], document.createNode(value));
  }
  await writeAtomically(path, document.toString({ lineWidth: 0 }));
}

function bareName(project: Project, key: string): string {
  return key.startsWith(`${project.name}:`) ? key.slice(project.name.length + 1) : key;
}

/**
 * The CLI's YAML library (gopkg.in/yaml.v3) takes a time without quotes for a time, and the CLI then shows it in Go's
 * own format. Read as a text here, a mistake would only come to light on AWS.
 */
function asTheCliReads(value: unknown): unknown {
  if (!(value instanceof Date)) return mapChildren(value, asTheCliReads);
  const [day = "", time = ""] = value.toISOString().replace("Z", "").split("T");
  return `${day} ${time.replace(/0+$/, "").replace(/\.$/, "")} +0000 UTC`;
}

async function readDocument(path: string, customTags: Tags = []): Promise<Document> {
  const text = await readIfThere(path);
  const document = parseDocument(text ?? "", { customTags });
  const [error] = document.errors;
  if (error !== undefined) throw new UserError(`${path}: ${error.message}`);
  if (document.contents === null) return new Document({ config: {} });
  if (!isMap(document.contents)) throw new UserError(`${path}: not a mapping`);
  const unknown = document.contents.items
    .map(({ key }) => String(key))
    .find((key) => !KNOWN_KEYS.includes(key));
  if (unknown !== undefined) throw notSupported(`the key ${JSON.stringify(unknown)} of ${path}`);
  refuseForeignProvider(document.get("secretsprovider"), `${path}: secretsprovider`);
  return document;
}

/** Throws ForeignSecrets when this engine cannot keep a stack's secrets there; `asked` is what asks for it. */
export function refuseForeignProvider(provider: unknown, asked: string): void {
  if (provider === undefined || ["", "default", "passphrase"].includes(String(provider))) return;
  // Half of such a file would be encrypted with one key, and half with the other.
  throw new ForeignSecrets(
    `${asked} is ${String(provider)}, and the embedded engine encrypts with the key of its own state directory alone`,
  );
}
