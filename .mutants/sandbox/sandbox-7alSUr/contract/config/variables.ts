import { createHash } from "node:crypto";
import { isRecord } from "./field.ts";
import type { Slot } from "../slot.ts";
import type { StackConfig } from "./stack-config.ts";

/**
 * What a slot's container has in its environment: a digest of each value by the configuration key that says it
 * (`green.overrides.environment.API_KEY`). Of a secret the digest is one, too: a short one can be guessed from it.
 */
export type Variables = Readonly<Record<string, string>>;

export function variablesOf(
  { service, slots }: Pick<StackConfig, "service" | "slots">,
  slot: Slot,
): Variables {
  const { overrides, service: copy } = slots[slot];
  const homeOf = (kind: "environment" | "secrets") =>
    copy[kind] === undefined ? `service.${kind}` : `${slot}.service.${kind}`;
  // Later ones win, as in the container.
  const homes = [
    { home: homeOf("environment"), values: copy.environment ?? service.environment },
    { home: `${slot}.overrides.environment`, values: overrides.environment },
  ];
  const byName = new Map<string, readonly [key: string, digest: string]>();
  for (const { home, values } of homes) {
    for (const [name, value] of Object.entries(values)) byName.set(name, [`${home}.${name}`, digest(value)]);
  }
  const secrets = Object.entries(copy.secrets ?? service.secrets).map(
    ([name, arn]) => [`${homeOf("secrets")}.${name}`, digest(arn)] as const,
  );
  return Object.fromEntries([...byName.values(), ...secrets]);
}

/** Variables as an output gives them back; undefined: a version deployed that did not remember. */
export function readVariables(raw: unknown): Variables | undefined {
  if (!isRecord(raw)) return undefined;
  return Object.fromEntries(Object.entries(raw).map(([key, text]) => [key, String(text)]));
}

/** Keys of the variables of a kind whose value is another one, that are new, or that are gone. */
export function changedVariables(
  before: Variables,
  after: Variables,
  kind: "environment" | "secrets",
): readonly string[] {
  const [old, now] = [byNameOf(before, kind), byNameOf(after, kind)];
  const names = [...new Set([...old.keys(), ...now.keys()])].toSorted();
  return names.flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    return was?.digest === is?.digest ? [] : (is?.key ?? was?.key ?? []);
  });
}

/** Whether the container has variables of the same names, whatever their values. */
export function sameNames(before: Variables, after: Variables): boolean {
  return (["environment", "secrets"] as const).every((kind) => {
    const [old, now] = [byNameOf(before, kind), byNameOf(after, kind)];
    return old.size === now.size && [...old.keys()].every((name) => now.has(name));
  });
}

function byNameOf(variables: Variables, kind: string) {
  return new Map(
    Object.entries(variables).flatMap(([key, text]) => {
      const parts = key.split(".");
      const name = parts.at(-1) ?? "";
      return parts.at(-2) === kind ? [[name, { key, digest: text }] as const] : [];
    }),
  );
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
