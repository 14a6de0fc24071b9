import { UserError } from "../errors.ts";
import { hasConfigType, typeName, type Project } from "./project.ts";
import type { Secrets } from "../state/secrets.ts";
import { isRecord, mapChildren } from "../values/values.ts";

/** Values by qualified key, as they stand in the stack file: a secret, at any depth, is `{secure: "v1:…"}`. */
export type RawConfig = Record<string, unknown>;

export interface ConfigValue {
  /** As the program gets it: the text itself, or the JSON of a list or mapping. */
  text: string;
  /** Only for a list or mapping. */
  object?: unknown;
  /** The value, or something inside it, is encrypted. */
  secret: boolean;
}

export function isSecure(raw: unknown): raw is { secure: string } {
  return isRecord(raw) && Object.keys(raw).length === 1 && typeof raw["secure"] === "string";
}

/** Decrypts one value. */
export function resolveValue(raw: unknown, secrets: Secrets): ConfigValue {
  const secret = containsSecure(raw);
  const plain = decrypted(raw, secrets);
  if (typeof plain === "object" && plain !== null)
    return { text: JSON.stringify(plain), object: plain, secret };
  return { text: String(plain), secret };
}

/**
 * The configuration of an update: the stack's own values over the project's defaults, in Pulumi's words when a
 * mandatory key is missing or a declared type is not kept. Throws UserError.
 */
export function completeConfig(project: Project, stack: string, own: RawConfig, secrets: Secrets): RawConfig {
  const config = withDefaults(project, own);
  const missing = project.config.filter(
    ({ key }) => config[key] === undefined && key.startsWith(`${project.name}:`),
  );
  if (missing.length > 0) throw missingError(stack, missing.map(({ name }) => name).sort());
  for (const declaration of project.config)
    checkDeclared(stack, declaration, config[declaration.key], secrets);
  return config;
}

/** The stack's own values over the project's defaults, unchecked. */
export function withDefaults(project: Project, own: RawConfig): RawConfig {
  const defaults = project.config.filter((declaration) => declaration.default !== undefined);
  return {
    ...Object.fromEntries(defaults.map((declaration) => [declaration.key, declaration.default])),
    ...own,
  };
}

function missingError(stack: string, names: string[]): UserError {
  const quoted = names.map((name) => `'${name}'`);
  const last = quoted.pop();
  const list = quoted.length === 0 ? last : `${quoted.join(", ")} and ${last}`;
  const values = names.length === 1 ? "value" : "values";
  const fix = names.map((name) => `\n  pulumi config set ${name} <value> --stack ${stack}`).join("");
  return new UserError(`Stack '${stack}' is missing configuration ${values} ${list}${fix}`);
}

function checkDeclared(
  stack: string,
  { name, type, secret }: Project["config"][number],
  raw: unknown,
  secrets: Secrets,
): void {
  if (raw === undefined) return;
  const where = `validating stack config: Stack '${stack}' with configuration key '${name}'`;
  if (secret && !containsSecure(raw)) throw new UserError(`${where} must be encrypted as it's secret`);
  if (type === undefined) return;
  const { text, object } = resolveValue(raw, secrets);
  if (!hasConfigType(object ?? text, type))
    throw new UserError(`${where} must be of type '${typeName(type)}'`);
}

function containsSecure(raw: unknown): boolean {
  if (isSecure(raw)) return true;
  if (Array.isArray(raw)) return raw.some(containsSecure);
  return isRecord(raw) && Object.values(raw).some(containsSecure);
}

function decrypted(raw: unknown, secrets: Secrets): unknown {
  return isSecure(raw) ? secrets.decrypt(raw.secure) : mapChildren(raw, (child) => decrypted(child, secrets));
}
