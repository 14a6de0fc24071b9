import { chmod, readFile, rename, stat, writeFile } from "node:fs/promises";
import { Document, isMap, isScalar, parse, parseDocument, Scalar, stringify, visit, type Node } from "yaml";
import { CONFIG_KEYS, PROJECT, RELEASE_KEYS } from "../../contract/config.ts";
import { isRecord } from "../../contract/field.ts";
import type { ReleaseKey } from "../core/changes.ts";
import { UserError } from "../errors.ts";

/** A stack file (`Pulumi.<stack>.yaml`) as a YAML document, so that comments survive an edit. */
export type StackFile = Document;

/** undefined: there is no such file. Throws when it is no YAML mapping. */
export async function readStackFile(path: string): Promise<StackFile | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) throw new UserError("BG106", `${path}: ${firstLine(problem.message)}`);
  if (document.contents === null) return new Document({ config: {} });
  if (!isMap(document.contents)) throw new UserError("BG106", `${path}.`);
  return document;
}

/** Without the picture of the place that follows. */
const firstLine = (message: string) => message.split("\n")[0]?.replace(/:$/, ".") ?? "";

/**
 * Replaces the file in one step, so that a reader sees the old one or the new one. Whoever may read the old one may
 * read the new one; a file that was not there is the person's alone.
 */
export async function writeStackFile(path: string, file: StackFile): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  const before = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  await writeFile(unfinished, file.toString({ lineWidth: 0 }), { mode: 0o600 });
  // Not with `writeFile`, whose mode the shell's umask narrows.
  if (before !== undefined) await chmod(unfinished, before.mode & 0o777);
  await rename(unfinished, path);
}

/** Pulumi reads a key without a namespace as one of the project's own. */
const spellings = (qualifiedKey: string) =>
  qualifiedKey.startsWith(`${PROJECT}:`)
    ? [qualifiedKey, qualifiedKey.slice(PROJECT.length + 1)]
    : [qualifiedKey];

const spelled = (file: StackFile, qualifiedKey: string) =>
  spellings(qualifiedKey).find((name) => file.hasIn(["config", name]));

/** The raw value of a key: text, an object, or `{secure: …}`; undefined: not in the file. */
export function valueIn(file: StackFile, qualifiedKey: string): unknown {
  const name = spelled(file, qualifiedKey);
  if (name === undefined) return undefined;
  const config: unknown = file.toJS();
  return isRecord(config) && isRecord(config["config"]) ? config["config"][name] : undefined;
}

/**
 * Every value of the file as text, under its qualified key; what is encrypted is left out. Pulumi reads a key without
 * a namespace as one of the project's own.
 */
export function valuesOf(file: StackFile): Readonly<Record<string, string>> {
  const content: unknown = file.toJS();
  const config = isRecord(content) && isRecord(content["config"]) ? content["config"] : {};
  const readable = Object.entries(config).filter(([, value]) => !isRecord(value) || !("secure" in value));
  return Object.fromEntries(
    readable.map(([key, value]) => [
      key.includes(":") ? key : `${PROJECT}:${key}`,
      typeof value === "object" ? JSON.stringify(value) : String(value),
    ]),
  );
}

/** Sets a key, in the spelling that the file has; undefined removes it. */
export function setIn(file: StackFile, qualifiedKey: string, value: unknown): void {
  const name = spelled(file, qualifiedKey) ?? qualifiedKey;
  if (value === undefined) file.deleteIn(["config", name]);
  else file.setIn(["config", name], unambiguous(file.createNode(value)));
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
  const known = Object.entries(CONFIG_KEYS).find(([name]) => `${PROJECT}:${name}` === key);
  if (known?.[1].pulumiType !== "object") return text;
  const parsed: unknown = JSON.parse(text);
  return parsed;
}

/** Release keys whose value in the file means something else than the deployed one. */
export function outOfStep(
  file: StackFile,
  deployed: Readonly<Record<string, string>>,
): readonly ReleaseKey[] {
  return RELEASE_KEYS.filter((key) => {
    const qualified = `${PROJECT}:${key}`;
    const text = deployed[qualified];
    const wanted = text === undefined ? undefined : fileValue(text, qualified);
    return meaning(key, valueIn(file, qualified)) !== meaning(key, wanted);
  });
}

/** Two values mean the same when this text is the same: 25 is "25", and order of names is nothing. */
function meaning(key: ReleaseKey, value: unknown): string {
  const declared = CONFIG_KEYS[key];
  const fallback = "default" in declared ? declared.default : {};
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
  const key = `${PROJECT}:generation`;
  const generationOf = (value: unknown) => Number(value ?? CONFIG_KEYS.generation.default);
  const own = generationOf(valueIn(file, key));
  if (!(own < generationOf(updates[0]?.[key]))) return false;
  const origin = updates.find((raw) => generationOf(raw[key]) === own);
  return origin !== undefined && outOfStep(file, origin).length === 0;
}

/** Makes the release keys of the file what is deployed; answers with those that it changed. */
export function bringInStep(
  file: StackFile,
  deployed: Readonly<Record<string, string>>,
): readonly ReleaseKey[] {
  const keys = outOfStep(file, deployed);
  for (const key of keys) {
    const qualified = `${PROJECT}:${key}`;
    const text = deployed[qualified];
    setIn(file, qualified, text === undefined ? undefined : fileValue(text, qualified));
  }
  return keys;
}
