import { isRecord } from "../../../contract/config/field.ts";
import { variablesIn } from "../../../contract/config/secret-keys.ts";

/** A value that Pulumi has to encrypt into a file. */
export interface ToEncrypt {
  /** Of the project, bare; with what follows, a path in Pulumi's words: `green.overrides.environment.API_KEY`. */
  readonly key: string;
  readonly text: string;
}

/** What of a stack's configuration is secret, and how it stands encrypted in the checkout's file. */
export interface KnownSecrets {
  /** `{secure: …}` by its text: a ciphertext belongs to its stack, not to its place. */
  readonly ciphertexts: ReadonlyMap<string, unknown>;
  /** Variables that stand in clear in the checkout's file. */
  readonly open: ReadonlySet<string>;
  /** Variables of what is deployed, in keys of which Pulumi says that they have a secret. */
  readonly hidden: ReadonlySet<string>;
}

export const isSecure = (value: unknown): value is { readonly secure: string } =>
  isRecord(value) && typeof value["secure"] === "string" && Object.keys(value).length === 1;

export function containsSecure(value: unknown): boolean {
  if (isSecure(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(containsSecure);
}

/** Paths of all that is encrypted in a value; `path`: its own. */
export function securePaths(value: unknown, path: string): readonly string[] {
  if (isSecure(value)) return [path];
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => securePaths(member, `${path}.${name}`));
}

/**
 * @param pairs of the checkout's file: each value as it stands there, and in clear.
 * @param deployed each value that has a secret in it, in clear.
 */
export function knownSecrets(
  pairs: readonly (readonly [raw: unknown, plain: unknown])[],
  deployed: readonly unknown[],
): KnownSecrets {
  const ciphertexts = new Map<string, unknown>();
  const open = new Set<string>();
  for (const [raw, plain] of pairs) {
    collect(raw, plain, ciphertexts);
    for (const { text } of variablesIn(raw)) open.add(text);
  }
  const hidden = new Set(deployed.flatMap((value) => variablesIn(value).map(({ text }) => text)));
  return { ciphertexts, open, hidden };
}

function collect(raw: unknown, plain: unknown, into: Map<string, unknown>): void {
  if (isSecure(raw)) {
    if (typeof plain !== "object") into.set(String(plain), raw);
    return;
  }
  if (!isRecord(raw) || !isRecord(plain)) return;
  for (const [name, member] of Object.entries(raw)) collect(member, plain[name], into);
}

/**
 * An object for a stack file in which no secret stands in clear: each variable with a known ciphertext has that, and
 * one that is secret without having one is left out, to be encrypted into the file afterwards.
 */
export function sealed(
  key: string,
  value: unknown,
  { ciphertexts, open, hidden }: KnownSecrets,
): { readonly value: unknown; readonly toEncrypt: readonly ToEncrypt[]; readonly isSealed: boolean } {
  const toEncrypt: ToEncrypt[] = [];
  let isSealed = false;
  const places = new Map(variablesIn(value).map(({ path, text }) => [path.join("."), text]));
  const walk = (member: unknown, path: string): unknown => {
    const text = places.get(path);
    if (text === undefined) {
      if (!isRecord(member)) return member;
      const entries = Object.entries(member).map(([name, child]) => [
        name,
        walk(child, path === "" ? name : `${path}.${name}`),
      ]);
      return Object.fromEntries(entries.filter(([, child]) => child !== undefined));
    }
    const ciphertext = ciphertexts.get(text);
    if (ciphertext === undefined && (open.has(text) || !hidden.has(text))) return member;
    isSealed = true;
    if (ciphertext === undefined) toEncrypt.push({ key: `${key}.${path}`, text });
    return ciphertext;
  };
  return { value: walk(value, ""), toEncrypt, isSealed };
}
