import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";

import { Document, isMap, isScalar, type Tags } from "yaml";

import type { RawConfig } from "./config.ts";
import { ForeignSecrets, notSupported, UserError } from "../errors.ts";
import { readIfThere, writeAtomically } from "../state/files.ts";
import { qualifiedKey, type Project } from "./project.ts";
import { yamlDocument } from "./yaml-file.ts";
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

/**
 * Sets the values that `changes` names (undefined removes), and leaves the rest of the file, comments too. Throws
 * UserError, and leaves the whole file, where that cannot be written.
 */
export async function changeConfig(path: string, project: Project, changes: RawConfig): Promise<void> {
  const document = await readDocument(path);
  try {
    for (const [key, value] of Object.entries(changes)) change(document, project, key, value);
  } catch (error) {
    // yaml, of an alias whose anchor is gone now.
    if (error instanceof ReferenceError) throw unwritable(path);
    throw error;
  }
  await writeAtomically(path, textOf(document, path));
}

function change(document: Document, project: Project, key: string, value: unknown): void {
  const before = sectionOf(document);
  const names = [key, bareName(project, key)].filter((name) => Object.hasOwn(before, name));
  if (value === undefined) for (const name of names) remove(document, name);
  else document.setIn(["config", names[0] ?? key], document.createNode(value));
}

/** `config` as it is read, with what `<<` brings. */
function sectionOf(document: Document): Readonly<Record<string, unknown>> {
  const whole: unknown = document.toJS();
  const section = isRecord(whole) ? whole["config"] : undefined;
  return isRecord(section) ? section : {};
}

function remove(document: Document, name: string): void {
  document.deleteIn(["config", name]);
  // What `<<` brings cannot be taken out of one mapping alone: there its values are written out, less this one.
  const { [name]: removed, ...kept } = sectionOf(document);
  if (removed !== undefined) document.set("config", document.createNode(kept));
}

/** What YAML can read and not write again: an alias whose anchor is gone, some tagged keys. */
const unwritable = (path: string) =>
  new UserError(
    `${path} cannot be written with this change, for an anchor or a tagged key in it: write out what \`*\` and \`<<\` stand for`,
  );

function textOf(document: Document, path: string): string {
  let text: string;
  let meant: unknown;
  try {
    text = document.toString({ lineWidth: 0 });
    meant = document.toJS();
  } catch {
    // The library throws nothing but that: a node that it has no text for.
    throw unwritable(path);
  }
  if (!isDeepStrictEqual(yamlDocument(path, text).toJS(), meant)) throw unwritable(path);
  return text;
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
  const document = yamlDocument(path, text ?? "", customTags);
  if (document.contents === null) return new Document({ config: {} });
  if (!isMap(document.contents)) throw new UserError(`${path}: not a mapping`);
  const unknown = document.contents.items
    // The key `<<` has a symbol for a value.
    .map(({ key }) => (isScalar(key) ? (key.source ?? String(key.value)) : String(key)))
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
