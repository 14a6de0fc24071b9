import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Document, isMap, isScalar, parse, Scalar, stringify, visit, type Node } from "yaml";
import { CONFIG_KEYS, RELEASE_KEYS } from "../../../contract/config/keys.ts";
import { isRecord } from "../../../contract/config/field.ts";
import { ownKey, qualified } from "../../../contract/config/own-keys.ts";
import type { ReleaseKey } from "../../core/changes/changes.ts";
import { UserError } from "../../errors.ts";
import {
  containsSecure,
  isSecure,
  securePaths,
  knownSecrets,
  sealed,
  type KnownSecrets,
  type ToEncrypt,
} from "./sealed.ts";
import { yamlIn } from "./yaml-text.ts";

/**
 * A stack file (`Pulumi.<stack>.yaml`) of a project, as one of its models reads it: that model's keys are bare here, however
 * the file spells them.
 */
export interface StackFile {
  /** A document, so that comments survive an edit. */
  readonly yaml: Document;
  readonly project: string;
  /** The namespace of the model. */
  readonly model: string;
  /** Values in clear, as text, of keys with a secret inside an object; absent: nobody has asked Pulumi for them. */
  readonly revealed?: Readonly<Record<string, string>>;
}

/** The same file with its secrets in clear beside it. `reveal` is asked only when an object has a secret inside. */
export async function withRevealed(
  file: StackFile,
  reveal: () => Promise<Readonly<Record<string, string>>>,
): Promise<StackFile> {
  const hasAny = Object.values(configOf(file)).some((value) => !isSecure(value) && containsSecure(value));
  return hasAny ? { ...file, revealed: await reveal() } : file;
}

/** The values as they stand in the file; its own keys as the file spells them. */
function configOf(file: StackFile): Readonly<Record<string, unknown>> {
  const content: unknown = file.yaml.toJS();
  return isRecord(content) && isRecord(content["config"]) ? content["config"] : {};
}

/**
 * Who encrypts the secrets of a stack, as its file says: `passphrase`, or the address of a key (`awskms://…`, …);
 * undefined: the file does not say. (pulumi: sdk/go/common/workspace, ProjectStack: `secretsprovider` goes first, and a
 * passphrase leaves `encryptionsalt` alone.)
 */
export function encryptionOf({ yaml }: StackFile): string | undefined {
  const provider: unknown = yaml.get("secretsprovider");
  if (typeof provider === "string" && provider !== "" && provider !== "default") return provider;
  return yaml.has("encryptionsalt") ? "passphrase" : undefined;
}

/** undefined: there is no such file. Throws when it is no YAML mapping. */
export async function readStackFile(
  path: string,
  project: string,
  model = project,
): Promise<StackFile | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? undefined : parseStackFile(text, path, project, model);
}

/** `path`: what the text is called in messages. Throws when it is no YAML mapping. */
export function parseStackFile(text: string, path: string, project: string, model = project): StackFile {
  const document = yamlIn(text);
  if (typeof document === "string") throw new UserError("BG106", `${path}: ${firstLine(document)}`);
  if (isMap(document.contents) && document.has("config") && (document.get("config") ?? null) === null)
    document.set("config", document.createNode({}));
  if (document.has("config") && !isMap(document.get("config")))
    throw new UserError("BG106", `${path}: config is no mapping.`);
  if (document.contents === null) return { yaml: new Document({ config: {} }), project, model };
  if (!isMap(document.contents)) throw new UserError("BG106", `${path}.`);
  const file = { yaml: document, project, model };
  // A key that is set would make a section of its own, which hides the merged one.
  if (!document.has("config") && Object.keys(configOf(file)).length > 0)
    throw new UserError("BG106", `${path}: config is merged by <<: write it out.`);
  return file;
}

/** Without the picture of the place that follows. */
const firstLine = (message: string) => message.split("\n")[0]?.replace(/:$/, ".") ?? "";

/** Pulumi reads a key without a namespace as one of the project's own, and writes it with one. */
function spelled(file: StackFile, key: string): string {
  const whole = qualified(key, file.model);
  const bare = ownKey(whole, file.project);
  const values = configOf(file);
  return Object.hasOwn(values, whole) || !Object.hasOwn(values, bare) ? whole : bare;
}

/** The other way round. */
const keyOf = ({ project, model }: StackFile, name: string): string =>
  ownKey(qualified(name, project), model);

/** The raw value of a key: text, an object, or `{secure: …}`; undefined: not in the file. */
export function valueIn(file: StackFile, key: string): unknown {
  return configOf(file)[spelled(file, key)];
}

/** The same in clear. What nobody has revealed is a text that stands for it. */
function plainIn(file: StackFile, key: string): unknown {
  const raw = valueIn(file, key);
  if (!containsSecure(raw)) return raw;
  const text = file.revealed?.[key];
  return text === undefined
    ? masked(raw)
    : typeof raw === "object" && !isSecure(raw)
      ? JSON.parse(text)
      : text;
}

const MASK = "[secret]";

function masked(raw: unknown): unknown {
  if (isSecure(raw)) return MASK;
  if (Array.isArray(raw)) return raw.map(masked);
  return isRecord(raw)
    ? Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, masked(value)]))
    : raw;
}

/** Every value of the file as text, also of other namespaces, secrets inside objects as far as they are revealed; what is a secret itself is left out. */
export function valuesOf(file: StackFile): Readonly<Record<string, string>> {
  const readable = Object.entries(configOf(file)).filter(([, value]) => !isSecure(value));
  return Object.fromEntries(
    readable.map(([name]) => {
      const key = keyOf(file, name);
      const value = plainIn(file, key);
      return [key, typeof value === "object" ? JSON.stringify(value) : String(value)];
    }),
  );
}

/**
 * The same with a stand-in for each secret, which differs when its ciphertext does: enough to say that a secret was
 * changed, and of no use to whoever reads it. No key is needed.
 */
export function standInsOf(file: StackFile): Readonly<Record<string, string>> {
  const entries = Object.entries(configOf(file)).map(([name, value]) => [keyOf(file, name), value] as const);
  const hidden = entries.filter(([, value]) => containsSecure(value));
  const revealed = Object.fromEntries(
    hidden.map(([key, value]) => [key, JSON.stringify(withStandIns(value))]),
  );
  const own = hidden.flatMap(([key, value]) => (isSecure(value) ? [[key, standIn(value)] as const] : []));
  return { ...valuesOf({ ...file, revealed }), ...Object.fromEntries(own) };
}

/** Of a form that a test token has. */
const standIn = ({ secure }: { readonly secure: string }) =>
  createHash("sha256").update(secure).digest("hex");

function withStandIns(value: unknown): unknown {
  if (isSecure(value)) return standIn(value);
  if (Array.isArray(value)) return value.map(withStandIns);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withStandIns(member)]));
}

/** Where something is encrypted in the file; its own keys are bare. */
export const secretPathsOf = (file: StackFile): readonly string[] =>
  Object.entries(configOf(file)).flatMap(([name, value]) => securePaths(value, keyOf(file, name)));

/** What of the file's configuration is secret; `deployed`: values with a secret in them, in clear. */
export function secretsOf(file: StackFile, deployed: readonly unknown[]): KnownSecrets {
  const pairs = Object.keys(configOf(file)).map((name) => {
    const key = keyOf(file, name);
    return [valueIn(file, key), plainIn(file, key)] as const;
  });
  return knownSecrets(pairs, deployed);
}

/** Sets a key, in the spelling that the file has; undefined removes it. */
export function setIn(file: StackFile, key: string, value: unknown): void {
  const path = ["config", spelled(file, key)];
  if (value !== undefined) return file.yaml.setIn(path, unambiguous(file.yaml.createNode(value)));
  file.yaml.deleteIn(path);
  // What `<<` brings cannot be taken out of one mapping alone: there its values are written out, less this one.
  if (valueIn(file, key) === undefined) return;
  const { [path[1] ?? ""]: _removed, ...kept } = configOf(file);
  file.yaml.set("config", unambiguous(file.yaml.createNode(kept)));
}

/** Quotes the texts that YAML 1.1 takes for something else: the Pulumi CLI reads an unquoted time as a time. */
function unambiguous(node: Node): Node {
  const quote = (scalar: Scalar) => {
    const { value } = scalar;
    if (typeof value === "string" && parse(stringify(value), { version: "1.1" }) !== value)
      scalar.type = Scalar.QUOTE_DOUBLE;
  };
  if (isScalar(node)) quote(node);
  else visit(node, { Scalar: (_, scalar) => quote(scalar) });
  return node;
}

/** As Pulumi would have it in the file: objects as objects, everything else as text. */
export function fileValue(text: string, key: string): unknown {
  const own = key.slice(key.lastIndexOf(":") + 1);
  const known = Object.entries(CONFIG_KEYS).find(([name]) => name === own);
  const type = known?.[1].pulumiType;
  // A key of another namespace is another model's, or just called as one of ours.
  if ((type !== "object" && type !== "array") || (own !== key && !/^\s*[[{]/.test(text))) return text;
  const parsed: unknown = JSON.parse(text);
  return parsed;
}

/** Release keys whose value in the file means something else than the deployed one. */
export function outOfStep(
  file: StackFile,
  deployed: Readonly<Record<string, string>>,
): readonly ReleaseKey[] {
  return RELEASE_KEYS.filter((key) => {
    const text = deployed[key];
    const wanted = text === undefined ? undefined : fileValue(text, key);
    return meaning(key, plainIn(file, key)) !== meaning(key, wanted);
  });
}

/** Two values mean the same when this text is the same: 25 is "25", and order of names is nothing. */
function meaning(key: ReleaseKey, value: unknown): string {
  const declared = CONFIG_KEYS[key];
  const fallback = "default" in declared ? declared.default : declared.pulumiType === "array" ? [] : {};
  return JSON.stringify(canonical(value ?? fallback));
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isRecord(value)) return String(value);
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, canonical(value[name])]));
}

/**
 * Whether the file says nothing but what an earlier update of ours left there: its generation is lower, and every
 * release key is what the last update of that generation had. `updates`: succeeded ones, newest first.
 * Only our tools raise the generation, so what a person has edited since is never taken for one of ours.
 */
export function isBehind(file: StackFile, updates: readonly Readonly<Record<string, string>>[]): boolean {
  const generationOf = (value: unknown) => Number(value ?? CONFIG_KEYS.generation.default);
  const own = generationOf(valueIn(file, "generation"));
  if (!(own < generationOf(updates[0]?.["generation"]))) return false;
  const origin = updates.find((raw) => generationOf(raw["generation"]) === own);
  return origin !== undefined && outOfStep(file, origin).length === 0;
}

/**
 * Makes the release keys of the file what is deployed; answers with those that it changed, and with the secrets that are
 * to be encrypted into the file once it is written. `secretKeys`: deployed keys with a secret in them.
 */
export function bringInStep(
  file: StackFile,
  deployed: Readonly<Record<string, string>>,
  secretKeys: readonly string[] = [],
): { readonly keys: readonly ReleaseKey[]; readonly toEncrypt: readonly ToEncrypt[] } {
  const keys = outOfStep(file, deployed);
  const valueOf = (key: string) => fileValue(deployed[key] ?? "{}", key);
  const secrets = secretsOf(file, secretKeys.map(valueOf));
  const toEncrypt = keys.flatMap((key) => {
    const text = deployed[key];
    const done = sealed(key, text === undefined ? undefined : valueOf(key), secrets);
    setIn(file, key, done.value);
    return done.toEncrypt;
  });
  return { keys, toEncrypt };
}
